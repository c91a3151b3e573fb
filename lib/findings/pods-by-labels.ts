import type { NamespaceMatch } from '#lib/engine/compiled-policy.ts';
import { matchNamespace } from '#lib/engine/pod-match.ts';
import type { Namespace, Pod } from '#lib/model/cluster.ts';
import { type Selector, selects } from '#lib/model/selector.ts';
import type { LintContext } from './context.ts';

/** Pods whatever their state: groups leave out the finished ones, which a selector still names. */

/** The namespaces that are surely meant; null where that is not known of one. */
export function namespacesOf(
  match: NamespaceMatch,
  { snapshot }: LintContext,
): readonly Namespace[] | null {
  if (match.kind === 'named') {
    const namespace = snapshot.namespaces.get(match.name);
    return namespace === undefined ? [] : [namespace];
  }
  const found: Namespace[] = [];
  for (const namespace of snapshot.namespaces.values()) {
    const result = matchNamespace(match, namespace).match;
    if (result === 'unknown') return null;
    if (result === 'yes') found.push(namespace);
  }
  return found;
}

/** Every pod of the namespaces meant; null where it is not known of a namespace whether it is. */
export function scopeOf(match: NamespaceMatch, context: LintContext): readonly Pod[] | null {
  const namespaces = namespacesOf(match, context);
  return namespaces?.flatMap(({ name }) => context.podsIn.get(name) ?? []) ?? null;
}

export function podsSelectedBy(selector: Selector, pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(({ labels }) => selects(selector, labels));
}
