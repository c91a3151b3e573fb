import { NOT_EVALUATED } from '#lib/model/not-evaluated.ts';

/**
 * Kinds that open or close connections and are not evaluated. An answer that passes over one of
 * them in silence would be confidently wrong.
 */

/** By `group/kind`; what to do about it, or null. */
const HINTS: ReadonlyMap<string, string | null> = new Map([
  ...NOT_EVALUATED.map(({ group, kind }): [string, null] => [`${group}/${kind}`, null]),
  ['extensions/NetworkPolicy', 'API servers serve it no more: write networking.k8s.io/v1.'],
  // GEN-21: it is about interfaces that no other policy reaches.
  ['k8s.cni.cncf.io/MultiNetworkPolicy', null],
]);

/** The hint for a kind that matters and is not evaluated; undefined for every other kind. */
export function notEvaluatedHint(group: string, kind: string): string | null | undefined {
  return HINTS.get(`${group}/${kind}`);
}
