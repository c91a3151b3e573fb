import type {
  LabelledMatch,
  PeerMatch,
  PodMatch,
  SubjectMatch,
} from '#lib/engine/compiled-policy.ts';
import {
  ACCOUNT_KEY,
  CLUSTER_KEY,
  isIdentityLabel,
  type LabelKey,
  NAMESPACE_KEY,
  NAMESPACE_LABELS_PREFIX,
  parseLabelKey,
} from '#lib/model/cilium-label-keys.ts';
import { NAMESPACE_NAME_LABEL } from '#lib/model/labels.ts';
import { compareText } from '#lib/model/object-ref.ts';
import { EVERYTHING, type Requirement, type Selector, selects } from '#lib/model/selector.ts';
import { doubted, type EntityView, reservedPeer } from './entities.ts';

/**
 * Endpoint selectors (CIL-4, CIL-21 … CIL-26): selectors over every label of an identity, which are a
 * pod's own, those of its namespace, its service account, and those of what is no pod.
 */

type Test = LabelKey & Pick<Requirement, 'operator' | 'values'>;

/** Pods, and why it may be others than these. */
export interface PodSelection {
  readonly match: PodMatch;
  readonly doubt: string | null;
}

const NO_POD: PodMatch = { kind: 'any-of', of: [] };
const ANY_POD: LabelledMatch = {
  kind: 'labelled',
  namespaces: { kind: 'labelled', selector: EVERYTHING },
  pods: EVERYTHING,
};

function testsOf(selector: Selector): readonly Test[] {
  return selector.map(({ key, operator, values }) => ({ ...parseLabelKey(key), operator, values }));
}

/** Holds only of what has the label. */
function isPositive({ operator }: Test): boolean {
  return operator === 'In' || operator === 'Exists';
}

function isOfPods({ source }: Test): boolean {
  return source === 'any' || source === 'k8s';
}

function names(test: Test, key: string): boolean {
  return isOfPods(test) && test.key === key;
}

function namesNamespaceLabel(test: Test): boolean {
  return isOfPods(test) && test.key.startsWith(NAMESPACE_LABELS_PREFIX);
}

/** Sorted, so that selectors which mean the same are equal. */
function selectorOf(tests: readonly Test[], keyOf: (key: string) => string): Selector {
  return tests
    .map(({ key, operator, values }): Requirement => ({ key: keyOf(key), operator, values }))
    .sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
}

function namespacesOf(tests: readonly Test[]) {
  const selector = selectorOf(tests, (key) =>
    key === NAMESPACE_KEY ? NAMESPACE_NAME_LABEL : key.slice(NAMESPACE_LABELS_PREFIX.length),
  );
  const [only, ...others] = selector;
  const [name, ...more] = only?.values ?? [];
  return only?.key === NAMESPACE_NAME_LABEL &&
    only.operator === 'In' &&
    name !== undefined &&
    others.length + more.length === 0
    ? ({ kind: 'named', name } as const)
    : ({ kind: 'labelled', selector } as const);
}

/** CIL-52: every pod has a service account, so that `Exists` asks for nothing. */
function withAccounts(tests: readonly Test[], pods: LabelledMatch): PodMatch {
  if (tests.some(({ operator }) => operator === 'DoesNotExist')) return NO_POD;
  const [listed, ...more] = tests.filter(({ operator }) => operator === 'In');
  const match: PodMatch =
    listed === undefined
      ? pods
      : {
          ...pods,
          serviceAccounts: listed.values.filter((name) =>
            more.every(({ values }) => values.includes(name)),
          ),
        };
  const without = tests
    .filter(({ operator }) => operator === 'NotIn')
    .map(({ values }): PodMatch => ({ kind: 'not', of: { ...ANY_POD, serviceAccounts: values } }));
  return without.length === 0 ? match : { kind: 'all-of', of: [match, ...without] };
}

/** CIL-26: what this cluster is called is not known here; that it is called something is. */
function clusterDoubt(test: Test): string | null {
  return test.operator === 'In' || test.operator === 'NotIn'
    ? `whether this cluster is ${test.values.join(' or ')} is not known`
    : null;
}

function doubtOf(tests: readonly Test[]): string | null {
  for (const test of tests.filter(isOfPods)) {
    const doubt =
      test.key === CLUSTER_KEY
        ? clusterDoubt(test)
        : test.key === ACCOUNT_KEY || test.key === NAMESPACE_KEY || isIdentityLabel(test.key)
          ? null
          : `Cilium leaves the label ${test.key} out of identities unless it is told otherwise`;
    if (doubt !== null) return doubt;
  }
  return null;
}

function selectPods(tests: readonly Test[]): PodSelection {
  // Pods have labels of no other source.
  const foreign = tests.filter((test) => !isOfPods(test));
  const absent = tests.filter(({ operator }) => operator === 'DoesNotExist');
  if (
    foreign.some(isPositive) ||
    absent.some((test) => names(test, NAMESPACE_KEY) || names(test, CLUSTER_KEY))
  )
    return { match: NO_POD, doubt: null };
  const own = tests.filter(isOfPods);
  const isNamespace = (test: Test) =>
    namesNamespaceLabel(test) || (names(test, NAMESPACE_KEY) && test.operator !== 'Exists');
  const special = new Set([ACCOUNT_KEY, CLUSTER_KEY, NAMESPACE_KEY]);
  const labels = own.filter(
    (test) => !special.has(test.key) && !namesNamespaceLabel(test) && isIdentityLabel(test.key),
  );
  return {
    match: withAccounts(
      own.filter(({ key }) => key === ACCOUNT_KEY),
      {
        kind: 'labelled',
        namespaces: namespacesOf(own.filter(isNamespace).filter(({ key }) => isIdentityLabel(key))),
        pods: selectorOf(labels, (key) => key),
      },
    ),
    doubt: doubtOf(own),
  };
}

function inNamespace(name: string): Test {
  return { source: 'k8s', key: NAMESPACE_KEY, operator: 'In', values: [name] };
}

/** A test of what is no pod as well, as whom it leaves. */
function testPeer(test: Test, view: EntityView): PeerMatch {
  const positive: Test = isPositive(test)
    ? test
    : { ...test, operator: test.operator === 'NotIn' ? 'In' : 'Exists' };
  const matched: PeerMatch =
    test.source === 'reserved'
      ? // Reserved labels have no value.
        positive.operator === 'Exists' || positive.values.includes('')
        ? reservedPeer(test.key, view)
        : { kind: 'any-of', of: [] }
      : podsPeer(selectPods([positive]));
  return isPositive(test) ? matched : { kind: 'not', of: matched };
}

function podsPeer({ match, doubt }: PodSelection): PeerMatch {
  return doubted({ kind: 'pods', match }, doubt);
}

/**
 * Whom an entry of fromEndpoints or toEndpoints means. `namespace` is the policy's own, which is meant
 * where the entry names none (CIL-21); null for a cluster-wide policy, which then means every pod (CIL-22).
 */
export function endpointPeer(
  selector: Selector,
  namespace: string | null,
  view: EntityView,
): PeerMatch {
  const tests = testsOf(selector);
  if (tests.some(({ source }) => source === 'reserved')) {
    const all = tests.map((test) => testPeer(test, view));
    const [only, ...more] = all;
    return only !== undefined && more.length === 0 ? only : { kind: 'all-of', of: all };
  }
  const isNamed = tests.some((test) => names(test, NAMESPACE_KEY));
  const isPinned = !isNamed && namespace !== null && !tests.some(namesNamespaceLabel);
  const pods = podsPeer(selectPods(isPinned ? [...tests, inNamespace(namespace)] : tests));
  const isOfPodsOnly = isPinned || (!isNamed && namespace === null) || tests.some(isPositive);
  if (isOfPodsOnly) return pods;
  const others: PeerMatch = { kind: 'not', of: { kind: 'pods', match: ANY_POD } };
  return {
    kind: 'any-of',
    of: [
      pods,
      doubted(
        others,
        'what has no labels at all, nodes and the outside, is selected too before Cilium 1.19',
      ),
    ],
  };
}

/**
 * The pods that a policy applies to. `namespace`, of a policy that has one, is theirs (CIL-4); a
 * cluster-wide policy is for those of all namespaces (CIL-5).
 */
export function endpointSubject(selector: Selector, namespace: string | null): PodSelection {
  const tests = testsOf(selector);
  if (namespace === null) return selectPods(tests);
  const own = new Map([[NAMESPACE_KEY, namespace]]);
  const others = tests.filter((test) => !names(test, NAMESPACE_KEY));
  const elsewhere = tests
    .filter((test) => names(test, NAMESPACE_KEY))
    .some((test) => !selects([test], own));
  const { match, doubt } = selectPods([...others, inNamespace(namespace)]);
  return {
    match,
    doubt: elsewhere ? `it selects pods outside of its namespace ${namespace}` : doubt,
  };
}

/** The nodes of a host policy (CIL-45). */
export function nodeSubject(selector: Selector): {
  readonly subject: SubjectMatch;
  readonly doubt: string | null;
} {
  const tests = testsOf(selector).filter(
    // Every node is the host to itself.
    (test) => !(test.source === 'reserved' && test.key === 'host' && isPositive(test)),
  );
  const plain = tests.filter((test) => isOfPods(test) && isIdentityLabel(test.key));
  const odd = tests.find((test) => !plain.includes(test));
  return {
    subject: { kind: 'nodes', selector: selectorOf(plain, (key) => key) },
    doubt:
      odd === undefined
        ? null
        : `whether nodes have the label ${odd.source}:${odd.key} is not known`,
  };
}

/** CIL-32: nodes other than the pod's own. */
export function nodePeer(selector: Selector): PeerMatch {
  const tests = testsOf(selector);
  const plain = tests.filter(({ source }) => source === 'any' || source === 'node');
  const odd = tests.find((test) => !plain.includes(test));
  return doubted(
    { kind: 'nodes', selector: selectorOf(plain, (key) => key), locality: 'remote' },
    odd === undefined ? null : `whether nodes have the label ${odd.source}:${odd.key} is not known`,
  );
}
