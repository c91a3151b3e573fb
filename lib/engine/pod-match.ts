import type { Namespace } from '#lib/model/cluster.ts';
import { type Labels, NAMESPACE_NAME_LABEL } from '#lib/model/labels.ts';
import { selects } from '#lib/model/selector.ts';
import type { LabelledMatch, NamespaceMatch, PodMatch } from './compiled-policy.ts';
import type { PodGroup } from './endpoint.ts';
import { type Doubtful, everyMatch, notMatch, someMatch } from './three-values.ts';

/** Whether labels, a namespace and a service account are among those that are meant. */

/** What a selector looks at: a pod, or a set of addresses with labels. */
export interface Labelled {
  /** Null for what is in none. */
  readonly namespace: Namespace | null;
  readonly labels: Labels;
  /** Null for what has none. */
  readonly serviceAccount: string | null;
}

type Result = Doubtful<'namespace-labels'>;

const YES: Result = { match: 'yes', cause: null };
const NO: Result = { match: 'no', cause: null };

/** Whether a namespace is among those meant; unknown where only labels that may not be read could tell. */
export function matchNamespace(match: NamespaceMatch, namespace: Namespace | null): Result {
  if (match.kind === 'anywhere') return YES;
  if (namespace === null) return match.kind === 'nowhere' ? YES : NO;
  if (match.kind === 'nowhere') return NO;
  if (match.kind === 'named') return match.name === namespace.name ? YES : NO;
  if (namespace.labelsKnown) return selects(match.selector, namespace.labels) ? YES : NO;
  // Only the name label is sure; a requirement on it can still refuse.
  const byName = match.selector.filter(({ key }) => key === NAMESPACE_NAME_LABEL);
  if (!selects(byName, namespace.labels)) return NO;
  return byName.length === match.selector.length
    ? YES
    : { match: 'unknown', cause: 'namespace-labels' };
}

function matchLabelled(match: LabelledMatch, labelled: Labelled): Result {
  const { serviceAccounts } = match;
  if (!selects(match.pods, labelled.labels)) return NO;
  if (serviceAccounts !== undefined && !serviceAccounts.includes(labelled.serviceAccount ?? ''))
    return NO;
  return matchNamespace(match.namespaces, labelled.namespace);
}

export function matchPods(match: PodMatch, labelled: Labelled): Result {
  switch (match.kind) {
    case 'labelled':
      return matchLabelled(match, labelled);
    case 'all-of':
      return everyMatch(match.of, (each) => matchPods(each, labelled));
    case 'any-of':
      return someMatch(match.of, (each) => matchPods(each, labelled));
    case 'not':
      return notMatch(matchPods(match.of, labelled));
  }
}

export function labelledGroup({ namespace, labels, pods }: PodGroup): Labelled {
  return { namespace, labels, serviceAccount: pods[0].serviceAccount };
}

/** The one namespace in which all it matches must be; null when it may be anywhere. */
export function onlyNamespace(match: PodMatch): string | null {
  switch (match.kind) {
    case 'labelled':
      return match.namespaces.kind === 'named' ? match.namespaces.name : null;
    case 'all-of':
      return match.of.map(onlyNamespace).find((name) => name !== null) ?? null;
    case 'any-of':
    case 'not':
      return null;
  }
}
