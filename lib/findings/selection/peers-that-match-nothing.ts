import type { PeerMatch } from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { nearestLabel } from '#lib/findings/nearest.ts';
import { workloadsOf } from '#lib/findings/objects.ts';
import { namespacesOf, podsSelectedBy, scopeOf } from '#lib/findings/pods-by-labels.ts';
import {
  type LabelledPods,
  labelledPods,
  type PeerPlace,
  peersIn,
} from '#lib/findings/policy-facts.ts';
import { counted, listed } from '#lib/findings/words.ts';
import { isYoung } from '#lib/findings/young.ts';
import type { Pod } from '#lib/model/cluster.ts';
import { formatSelector } from '#lib/model/selector.ts';

/** Peers that let nobody in, where somebody is surely meant. */

interface Selected extends PeerPlace {
  readonly labels: LabelledPods;
}

function* selectorPeers(context: LintContext): Generator<Selected> {
  for (const place of peersIn(context.policies)) {
    const labels = labelledPods(place.peer.match);
    if (labels !== null && !isYoung(place.facts, context)) yield { ...place, labels };
  }
}

/** A template of a file counts: it makes pods once it runs. */
function isPeer({ hostNetwork }: Pod): boolean {
  return !hostNetwork;
}

/** Whether only the policy's own namespace is searched. */
function isOwnNamespace({ facts, labels }: Selected): boolean {
  const { namespaces } = labels;
  return namespaces.kind === 'named' && namespaces.name === facts.policy.ref.namespace;
}

function elsewhere({ facts, labels }: Selected, { snapshot }: LintContext): readonly Pod[] {
  const { namespace } = facts.policy.ref;
  return podsSelectedBy(labels.pods, snapshot.pods).filter(
    (pod) => pod.namespace !== namespace && isPeer(pod) && !pod.finished,
  );
}

/** Running pods are found through the index; most peers have some, and need no search. */
function isSomebody(peer: PeerMatch, { connectivity }: LintContext): boolean {
  return connectivity.peers.pods(peer).some(({ hostNetwork }) => !hostNetwork);
}

/** What keeps a peer from matching anybody; null where it matches, or nothing can be said. */
function emptiness(
  place: Selected,
  context: LintContext,
): { readonly scope: readonly Pod[] } | null {
  const { labels, peer } = place;
  if (labels.pods.length === 0 || isSomebody(peer.match, context)) return null;
  const scope = scopeOf(labels.namespaces, context);
  if (scope === null) return null;
  return podsSelectedBy(labels.pods, scope).some(isPeer) ? null : { scope };
}

export const peerMatchesNothing: Check = {
  id: 'PIT-SEL-4',
  title: 'Peer selector matches no pods',
  severity: 'warning',
  group: 'selection',
  rules: ['NP-36', 'GEN-13', 'SEL-10'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A rule is meant to let somebody in, and the label it names is on no pod there: a typing error, or a label that was changed. The rule permits nobody.',
  evidence:
    'The namespaces that a peer means exist and hold pods, and none of these pods has the labels asked for; or those that have them share their node’s network, where selectors never match. Not reported for policies younger than five minutes, nor where the namespace holds no pods at all. In files only a note, unless a label there comes near: an operator may make the pods.',
  fix: 'Correct the selector of the peer, or remove it from the rule.',
  *find(context) {
    for (const place of selectorPeers(context)) {
      const found = emptiness(place, context);
      if (found === null || found.scope.length === 0) continue;
      if (isOwnNamespace(place) && elsewhere(place, context).length > 0) continue;
      const { labels, facts, peer } = place;
      const onHost = podsSelectedBy(labels.pods, found.scope);
      const near = nearestLabel(
        labels.pods,
        found.scope.map((pod) => pod.labels),
      );
      const hint =
        near === null
          ? ''
          : ` ${counted(near.objects, 'pod')} there: ${near.near}, not ${near.written}.`;
      yield {
        object: facts.policy.ref,
        path: peer.path,
        message:
          onHost.length > 0
            ? `${formatSelector(labels.pods)} is only on pods that share their node’s network (${listed(onHost.map(({ name }) => name))}): as peers they are addresses of nodes, and no selector matches them.`
            : `Of ${counted(found.scope.length, 'pod')} it looks at none has ${formatSelector(labels.pods)}: it permits nobody.${hint}`,
        related: workloadsOf(onHost),
        // Files do not show the pods that an operator makes, or that come from somewhere else.
        ...(near === null && onHost.length === 0 && facts.fromFile
          ? { severity: 'info' as const }
          : {}),
      };
    }
  },
};

export const peerNamespaceMissing: Check = {
  id: 'PIT-SEL-5',
  title: 'Peer namespace does not exist',
  severity: 'warning',
  group: 'selection',
  rules: ['NP-23', 'NP-36', 'SEL-12'],
  needs: ['namespaces'],
  scenario:
    'The rule names a namespace by a label that no namespace has: the namespace is not there yet, or is spelt otherwise. The rule permits nobody.',
  evidence:
    'The peer’s namespaceSelector is not empty and matches none of the namespaces. In files, which seldom describe a whole cluster, only where a namespace there comes within two letters of it.',
  fix: 'Create the namespace, or select it by kubernetes.io/metadata.name, which every namespace carries.',
  *find(context) {
    for (const { labels, facts, peer } of selectorPeers(context)) {
      const { namespaces } = labels;
      if (namespaces.kind !== 'labelled' || namespacesOf(namespaces, context)?.length !== 0)
        continue;
      const all = [...context.snapshot.namespaces.values()];
      const near = nearestLabel(
        namespaces.selector,
        all.map((namespace) => namespace.labels),
      );
      if (near === null && facts.fromFile) continue;
      const hint = near === null ? '' : ` The nearest is ${near.near}.`;
      yield {
        object: facts.policy.ref,
        path: [...peer.path, 'namespaceSelector'],
        message: `Of ${counted(all.length, 'namespace')} none has ${formatSelector(namespaces.selector)}: it permits nobody.${hint}`,
      };
    }
  },
};

export const peerInAnotherNamespace: Check = {
  id: 'PIT-SEL-7',
  title: 'Peer’s pods are in another namespace',
  severity: 'warning',
  group: 'selection',
  rules: ['NP-22', 'NP-24', 'NP-36'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A peer has a podSelector alone, which looks in the policy’s own namespace. The pods that it names run in another one, so that the rule permits nobody.',
  evidence:
    'The peer has no namespaceSelector, matches no pod of the policy’s own namespace, and would match pods of others.',
  fix: 'Add a namespaceSelector to the same item of the list, beside the podSelector.',
  *find(context) {
    for (const place of selectorPeers(context)) {
      if (!isOwnNamespace(place) || emptiness(place, context) === null) continue;
      const others = elsewhere(place, context);
      if (others.length === 0) continue;
      const { labels, facts, peer } = place;
      const namespaces = [...new Set(others.map(({ namespace }) => namespace))];
      const [only] = namespaces;
      yield {
        object: facts.policy.ref,
        path: peer.path,
        message: `No pod of ${facts.policy.ref.namespace} has ${formatSelector(labels.pods)}; ${counted(others.length, 'pod')} in ${listed(namespaces)} ${others.length === 1 ? 'has' : 'have'} it.`,
        related: workloadsOf(others),
        ...(namespaces.length === 1
          ? {
              patch: `namespaceSelector:\n  matchLabels:\n    kubernetes.io/metadata.name: ${only}`,
            }
          : {}),
      };
    }
  },
};
