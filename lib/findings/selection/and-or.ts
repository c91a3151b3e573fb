import type { CompiledPeer } from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import { podCount, workloadsOf } from '#lib/findings/objects.ts';
import { podsSelectedBy, scopeOf } from '#lib/findings/pods-by-labels.ts';
import {
  isNetworkPolicy,
  type LabelledPods,
  labelledPods,
  type PolicyFacts,
  rulesIn,
  valueAt,
} from '#lib/findings/policy-facts.ts';
import { counted, listed } from '#lib/findings/words.ts';
import type { Pod } from '#lib/model/cluster.ts';
import { formatSelector } from '#lib/model/selector.ts';

interface Item {
  readonly peer: CompiledPeer;
  readonly labels: LabelledPods;
}

/** An item that says one of the two only; null for others. */
function itemWith(
  field: 'namespaceSelector' | 'podSelector',
  peer: CompiledPeer,
  { body }: PolicyFacts,
): Item | null {
  const other = field === 'podSelector' ? 'namespaceSelector' : 'podSelector';
  const labels = labelledPods(peer.match);
  const has = (name: string) => (valueAt(body, [...peer.path, name]) ?? null) !== null;
  return labels !== null && has(field) && !has(other) ? { peer, labels } : null;
}

/** Neighbours of a list, in whatever order they are written. */
function* neighbours(peers: readonly CompiledPeer[], facts: PolicyFacts) {
  for (const [i, peer] of peers.entries()) {
    const next = peers[i + 1];
    if (next === undefined) continue;
    for (const [a, b] of [
      [peer, next],
      [next, peer],
    ] as const) {
      const namespaces = itemWith('namespaceSelector', a, facts);
      const pods = itemWith('podSelector', b, facts);
      if (namespaces !== null && pods !== null) yield { namespaces, pods };
    }
  }
}

export const andOrConfusion: Check = {
  id: 'PIT-SEL-6',
  title: 'Two peers where one with both selectors was perhaps meant',
  severity: 'warning',
  group: 'selection',
  rules: ['NP-24', 'NP-25'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A hyphen too many: namespaceSelector and podSelector stand in two items of the list, which permits the whole namespace and, beside it, pods of the policy’s own. In one item they would permit those pods of that namespace.',
  evidence:
    'Of two neighbours in a from or to list one has a namespaceSelector only and the other a podSelector only, with labels; pods with these labels run in the namespaces meant, and so do others, which are permitted as well.',
  fix: 'If only those pods are meant, write both selectors in one item: remove the second hyphen. If both peers are meant, separate the items into two rules, or accept the finding with an annotation.',
  *find(context) {
    const policies = context.policies.filter(({ policy }) => isNetworkPolicy(policy));
    for (const { facts, rule } of rulesIn(policies))
      for (const { namespaces, pods } of neighbours(rule.peers, facts)) {
        const scope = scopeOf(namespaces.labels.namespaces, context)?.filter(isPeer) ?? [];
        const labels = formatSelector(pods.labels.pods);
        const both = podsSelectedBy(pods.labels.pods, scope);
        const rest = scope.filter((pod) => !both.includes(pod));
        if (pods.labels.pods.length === 0 || both.length === 0 || rest.length === 0) continue;
        const within = listed([...new Set(rest.map(({ namespace }) => namespace))]);
        const names = listed(workloadsOf(rest).map(({ name }) => name));
        yield {
          object: facts.policy.ref,
          path: pods.peer.path,
          message: `The two items permit ${counted(podCount(rest), 'pod')} of ${within} without ${labels} as well (${names}); in one item they would permit only the ${counted(podCount(both), 'pod')} there with it.`,
          related: workloadsOf(rest),
        };
      }
  },
};

function isPeer({ hostNetwork, finished }: Pod): boolean {
  return !hostNetwork && !finished;
}
