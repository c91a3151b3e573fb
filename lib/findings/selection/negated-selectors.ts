import type { Check } from '#lib/findings/check.ts';
import { namespacesOf, podsSelectedBy, scopeOf } from '#lib/findings/pods-by-labels.ts';
import { labelledPods, peersIn } from '#lib/findings/policy-facts.ts';
import { listed } from '#lib/findings/words.ts';
import type { Labels } from '#lib/model/labels.ts';
import { formatSelector, type Selector } from '#lib/model/selector.ts';

interface Labelled {
  readonly name: string;
  readonly labels: Labels;
}

function negations(selector: Selector): Selector {
  return selector.filter(({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist');
}

/** The negations among requirements, and what matches them for want of the label. */
function unlabelled(selector: Selector, matched: readonly Labelled[]) {
  return negations(selector)
    .map((requirement) => ({
      requirement,
      names: matched.flatMap(({ name, labels }) => (labels.has(requirement.key) ? [] : [name])),
    }))
    .filter(({ names }) => names.length > 0);
}

export const negationAdmitsUnlabelled: Check = {
  id: 'PIT-SEL-8',
  title: 'A negated selector admits what has no such label',
  severity: 'info',
  group: 'selection',
  rules: ['SEL-3', 'SEL-5', 'CAL-17'],
  needs: ['pods', 'namespaces'],
  scenario:
    '“Everybody but production” is written as env NotIn [prod]. A namespace that nobody gave an env label is not production either, and is let in.',
  evidence:
    'A peer’s selector has NotIn or DoesNotExist, and at least one namespace or pod matches it because it lacks the key.',
  fix: 'Add a requirement that the label exists, or name the values that are meant.',
  *find(context) {
    for (const { facts, peer } of peersIn(context.policies)) {
      const labels = labelledPods(peer.match);
      if (labels === null) continue;
      const ofNamespace = labels.namespaces.kind === 'labelled' ? labels.namespaces.selector : [];
      if (negations([...labels.pods, ...ofNamespace]).length === 0) continue;
      const namespaces = namespacesOf(labels.namespaces, context);
      const scope = scopeOf(labels.namespaces, context);
      if (namespaces === null || scope === null) continue;
      const ofNamespaces =
        labels.namespaces.kind === 'labelled'
          ? unlabelled(labels.namespaces.selector, namespaces).map((each) => ({
              ...each,
              what: 'namespaces',
            }))
          : [];
      const ofPods = unlabelled(labels.pods, podsSelectedBy(labels.pods, scope)).map((each) => ({
        ...each,
        what: 'pods',
      }));
      for (const { requirement, names, what } of [...ofNamespaces, ...ofPods])
        yield {
          object: facts.policy.ref,
          path: peer.path,
          message: `${formatSelector([requirement])} also matches ${what} without the label ${requirement.key}: ${listed(names)}.`,
        };
    }
  },
};
