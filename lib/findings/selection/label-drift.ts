import type { Check } from '#lib/findings/check.ts';
import { podCount } from '#lib/findings/objects.ts';
import { podsSelectedBy, scopeOf } from '#lib/findings/pods-by-labels.ts';
import { labelledSubject, subjectPath } from '#lib/findings/policy-facts.ts';
import type { Pod } from '#lib/model/cluster.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { formatSelector, type Selector } from '#lib/model/selector.ts';

/** Labels by which the pods of one workload differ on purpose. */
const OF_ONE_POD =
  /^(statefulset\.kubernetes\.io\/|apps\.kubernetes\.io\/pod-index$|batch\.kubernetes\.io\/|controller-revision-hash$|pod-template-hash$)/;

function tellsPodsApart(selector: Selector): boolean {
  return selector.some(({ key }) => OF_ONE_POD.test(key));
}

function isRunning({ finished, hostNetwork }: Pod): boolean {
  return !finished && !hostNetwork;
}

export const labelDrift: Check = {
  id: 'PIT-SEL-10',
  title: 'Policy selects some pods of a workload and not others',
  severity: 'warning',
  group: 'selection',
  rules: ['NP-37'],
  needs: ['pods', 'namespaces'],
  scenario:
    'The labels in a workload’s template were changed, or a label was set on running pods by hand. Old and new pods are under different policies, and the next rollout changes who may connect.',
  evidence:
    'Of the running pods of one workload the policy’s selector matches at least one and not all. Selectors on labels that differ from pod to pod on purpose, such as a StatefulSet’s pod name, are left out. The templates of a live cluster’s workloads are not read, so a drift that no running pod shows yet is not seen.',
  fix: 'Give the workload’s template the labels that the policy selects by, and let it roll out.',
  *find(context) {
    for (const facts of context.policies) {
      const subject = labelledSubject(facts.policy);
      if (subject === null || subject.pods.length === 0 || tellsPodsApart(subject.pods)) continue;
      const scope = scopeOf(subject.namespaces, context)?.filter(isRunning);
      if (scope === undefined) continue;
      const selected = new Set(podsSelectedBy(subject.pods, scope));
      for (const pods of Map.groupBy(scope, ({ workload }) => refKey(workload)).values()) {
        const [first] = pods;
        const missing = pods.filter((pod) => !selected.has(pod));
        if (first === undefined || missing.length === 0 || missing.length === pods.length) continue;
        yield {
          object: facts.policy.ref,
          path: subjectPath(facts),
          message: `It selects ${podCount(pods) - podCount(missing)} of the ${podCount(pods)} pods of ${first.workload.kind} ${first.workload.name}; ${missing
            .map(({ name }) => name)
            .slice(0, 3)
            .join(
              ', ',
            )} ${missing.length === 1 ? 'does' : 'do'} not match ${formatSelector(subject.pods)}.`,
          related: [first.workload],
        };
      }
    }
  },
};
