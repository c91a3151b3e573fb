import type { PodMatch } from '#lib/engine/compiled-policy.ts';
import { NAMESPACE_NAME_LABEL } from '#lib/model/labels.ts';
import { EVERYTHING, type Requirement, selects } from '#lib/model/selector.ts';
import { allOf, anyOf, EVERYBODY, inNamespaces, labelled, NOBODY, negate } from './pod-match.ts';
import type { SelectorExpression } from './selector-expression.ts';

/** What Calico's selectors mean for pods and for NetworkSets, whose labels differ (CAL-17 … CAL-19, CAL-25). */

/** The least and the most that a selector matches: the same, unless it asks for labels that are not known. */
export interface MatchBounds {
  readonly least: PodMatch;
  readonly most: PodMatch;
}

/** The match of one requirement; null when it is not known. */
type Meaning = (requirement: Requirement) => PodMatch | null;

export const certain = (match: PodMatch): MatchBounds => ({ least: match, most: match });
const UNKNOWN: MatchBounds = { least: NOBODY, most: EVERYBODY };

/** Put together: where all is certain, so is the whole. */
function joined(
  bounds: readonly MatchBounds[],
  join: (matches: readonly PodMatch[]) => PodMatch,
): MatchBounds {
  const most = join(bounds.map((each) => each.most));
  if (bounds.every((each) => each.least === each.most)) return certain(most);
  return { least: join(bounds.map((each) => each.least)), most };
}

export function bothOf(bounds: readonly MatchBounds[]): MatchBounds {
  return joined(bounds, allOf);
}

function boundsOf(
  expression: SelectorExpression,
  meaning: Meaning,
  all: PodMatch,
  global: PodMatch,
): MatchBounds {
  const inner = (each: SelectorExpression) => boundsOf(each, meaning, all, global);
  switch (expression.kind) {
    case 'all':
      return certain(all);
    case 'global':
      return certain(global);
    case 'label': {
      const match = meaning(expression.requirement);
      return match === null ? UNKNOWN : certain(match);
    }
    case 'and':
      return bothOf(expression.of.map(inner));
    case 'or':
      return joined(expression.of.map(inner), anyOf);
    case 'not': {
      const { least, most } = inner(expression.of);
      return least === most ? certain(negate(most)) : { least: negate(most), most: negate(least) };
    }
  }
}

const NAMESPACE = 'projectcalico.org/namespace';
const NAME = 'projectcalico.org/name';
const ORCHESTRATOR = 'projectcalico.org/orchestrator';
const SERVICE_ACCOUNT = 'projectcalico.org/serviceaccount';
/** Of the networks that a pod's interface is in; no object says which. */
const NETWORK_PREFIX = 'projectcalico.org/network';
const OF_NAMESPACE = 'pcns.';
const OF_SERVICE_ACCOUNT = 'pcsa.';

/** For somebody who has no other labels than these. */
function fixed(requirement: Requirement, labels: ReadonlyMap<string, string>): PodMatch {
  return selects([requirement], labels) ? EVERYBODY : NOBODY;
}
const ABSENT = new Map<string, string>();

/** A label whose absence `!=` and `not in` match too, even of what is in no namespace (CAL-17). */
function orAbsent(requirement: Requirement, present: (requirement: Requirement) => PodMatch) {
  return requirement.operator === 'NotIn'
    ? negate(present({ ...requirement, operator: 'In' }))
    : present(requirement);
}

/** By a label of its namespace, under the names that Calico copies it from. */
const namespaceLabel: Meaning = (requirement) => {
  const key = requirement.key === NAME ? NAMESPACE_NAME_LABEL : requirement.key;
  return orAbsent(requirement, (positive) =>
    inNamespaces({ kind: 'labelled', selector: [{ ...positive, key }] }),
  );
};

function namespaceName(requirement: Requirement): PodMatch {
  return orAbsent(requirement, (positive) => {
    const [name, ...others] = positive.values;
    if (positive.operator === 'Exists')
      return inNamespaces({ kind: 'labelled', selector: EVERYTHING });
    return positive.operator === 'In' && name !== undefined && others.length === 0
      ? inNamespaces({ kind: 'named', name })
      : inNamespaces({ kind: 'labelled', selector: [{ ...positive, key: NAMESPACE_NAME_LABEL }] });
  });
}

/** A pod always has an account; which names begin with something is not asked of pods here. */
function accountName(requirement: Requirement): PodMatch | null {
  const { operator, values } = requirement;
  if (operator === 'Exists') return EVERYBODY;
  if (operator !== 'In' && operator !== 'NotIn') return null;
  return orAbsent(requirement, () => ({
    kind: 'labelled',
    namespaces: { kind: 'anywhere' },
    pods: EVERYTHING,
    serviceAccounts: values,
  }));
}

/** By a label of its account; labels of ServiceAccounts are not read. */
const accountLabel: Meaning = (requirement) =>
  requirement.key === NAME ? accountName(requirement) : null;

const withoutPrefix = (requirement: Requirement, prefix: string): Requirement => ({
  ...requirement,
  key: requirement.key.slice(prefix.length),
});

const podLabel: Meaning = (requirement) => {
  const { key } = requirement;
  if (key === NAMESPACE) return namespaceName(requirement);
  if (key === ORCHESTRATOR) return fixed(requirement, new Map([[ORCHESTRATOR, 'k8s']]));
  if (key === SERVICE_ACCOUNT) return accountName(requirement);
  if (key.startsWith(NETWORK_PREFIX)) return null;
  if (key.startsWith(OF_NAMESPACE)) return namespaceLabel(withoutPrefix(requirement, OF_NAMESPACE));
  if (key.startsWith(OF_SERVICE_ACCOUNT))
    return accountLabel(withoutPrefix(requirement, OF_SERVICE_ACCOUNT));
  return labelled(requirement);
};

/** A NetworkSet has its own labels, and those of its namespace where it has one. */
const setLabel: Meaning = (requirement) => {
  const { key } = requirement;
  if (key === NAMESPACE) return namespaceName(requirement);
  if (key.startsWith(OF_NAMESPACE)) return namespaceLabel(withoutPrefix(requirement, OF_NAMESPACE));
  return key === ORCHESTRATOR || key === SERVICE_ACCOUNT || key.startsWith(OF_SERVICE_ACCOUNT)
    ? fixed(requirement, ABSENT)
    : labelled(requirement);
};

/** Whom selectors are asked of. */
export type Asked = 'pods' | 'address-sets';

/** A selector of endpoints; global() is refused in those. */
export function endpointBounds(expression: SelectorExpression, asked: Asked): MatchBounds {
  const meaning = asked === 'pods' ? podLabel : setLabel;
  return boundsOf(expression, meaning, EVERYBODY, EVERYBODY);
}

/** A selector of namespaces: all() is what is in one, global() what is in none (CAL-25). */
export function namespaceBounds(expression: SelectorExpression): MatchBounds {
  return boundsOf(
    expression,
    namespaceLabel,
    inNamespaces({ kind: 'labelled', selector: EVERYTHING }),
    inNamespaces({ kind: 'nowhere' }),
  );
}

/** A selector of service accounts, which pods have and NetworkSets do not (CAL-20, CAL-30). */
export function accountBounds(expression: SelectorExpression, asked: Asked): MatchBounds {
  return asked === 'pods'
    ? boundsOf(expression, accountLabel, EVERYBODY, EVERYBODY)
    : boundsOf(expression, (requirement) => fixed(requirement, ABSENT), EVERYBODY, EVERYBODY);
}

/** Those accounts of whatever namespace (CAL-30). */
export function accountsNamed(names: readonly string[]): SelectorExpression {
  return { kind: 'label', requirement: { key: NAME, operator: 'In', values: names } };
}
