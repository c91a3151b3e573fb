import type { Direction } from '#lib/engine/compiled-policy.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import type { CiliumRule, Entry } from './schema.ts';

/** The entries of a rule's four lists, in one row. */

export interface PlacedEntry {
  readonly entry: Entry;
  readonly path: FieldPath;
  readonly direction: Direction;
  readonly action: 'allow' | 'deny';
}

/** What the fields of peers begin with. */
export const PEER_PREFIX = { ingress: 'from', egress: 'to' } as const;

const LISTS = [
  ['ingressDeny', 'ingress', 'deny'],
  ['ingress', 'ingress', 'allow'],
  ['egressDeny', 'egress', 'deny'],
  ['egress', 'egress', 'allow'],
] as const;

/** Those of the rule at `path`; of each direction those that deny come first. */
export function placedEntries(rule: CiliumRule, path: FieldPath): readonly PlacedEntry[] {
  return LISTS.flatMap(([field, direction, action]) =>
    (rule[field] ?? []).map((entry, i) => ({
      entry,
      path: [...path, field, i],
      direction,
      action,
    })),
  );
}
