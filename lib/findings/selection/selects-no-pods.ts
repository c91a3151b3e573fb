import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { nearestLabel } from '#lib/findings/nearest.ts';
import { workloadsOf } from '#lib/findings/objects.ts';
import { podsSelectedBy, scopeOf } from '#lib/findings/pods-by-labels.ts';
import { labelledSubject, subjectPath } from '#lib/findings/policy-facts.ts';
import { counted, listed } from '#lib/findings/words.ts';
import { isYoung } from '#lib/findings/young.ts';
import { formatSelector } from '#lib/model/selector.ts';

/** Policies whose subject is nobody, or nobody whom a policy can hold. */

export const selectsNoPods: Check = {
  id: 'PIT-SEL-1',
  title: 'Policy selects no pods',
  severity: 'warning',
  group: 'selection',
  rules: ['NP-1', 'NP-37', 'SEL-10'],
  needs: ['pods', 'namespaces'],
  scenario:
    'The label in podSelector is misspelt, or the workload was relabelled. The policy is there, and the protection it is believed to give is not.',
  evidence:
    'No pod in scope matches the subject’s selector: neither running nor finished nor of the host’s network. Workloads in files count as the pods they would make. Not reported for policies younger than five minutes, for namespaces without any pod, nor for an empty selector. In files only a note, unless a label there comes near: an operator may make the pods.',
  fix: 'Correct the selector, or delete the policy if its pods are gone for good.',
  *find(context) {
    for (const facts of context.policies) {
      const subject = labelledSubject(facts.policy);
      if (subject === null || subject.pods.length === 0 || isYoung(facts, context)) continue;
      const scope = scopeOf(subject.namespaces, context);
      if (scope === null || scope.length === 0) continue;
      if (podsSelectedBy(subject.pods, scope).length > 0) continue;
      const near = nearestLabel(
        subject.pods,
        scope.map(({ labels }) => labels),
      );
      const hint =
        near === null
          ? ''
          : ` ${counted(near.objects, 'pod')} there ${near.objects === 1 ? 'has' : 'have'} ${near.near}, where it asks for ${near.written}.`;
      yield {
        object: facts.policy.ref,
        path: subjectPath(facts),
        // Files do not show the pods that an operator makes, or that come from somewhere else.
        ...(near === null && facts.fromFile ? { severity: 'info' as const } : {}),
        message: `Of ${counted(scope.length, 'pod')} in scope none matches ${formatSelector(subject.pods)}.${hint}`,
      };
    }
  },
};

export const selectsOnlyUnheldPods: Check = {
  id: 'PIT-SEL-2',
  title: 'Policy selects only finished or hostNetwork pods',
  severity: 'warning',
  group: 'selection',
  rules: ['GEN-13', 'GEN-18'],
  needs: ['pods', 'namespaces'],
  scenario:
    'The selected pods share their node’s network, or have run to their end. Policies do not hold such pods: it has no effect.',
  evidence:
    'The subject’s selector matches pods, and every one of them has hostNetwork or is Succeeded or Failed. Finished pods of Jobs alone are not reported: the next run makes new ones.',
  fix: 'Run the pods without hostNetwork, or protect the node: a host policy of the network plugin, or the node’s firewall.',
  *find(context: LintContext) {
    for (const facts of context.policies) {
      const subject = labelledSubject(facts.policy);
      const scope = subject === null ? null : scopeOf(subject.namespaces, context);
      if (subject === null || scope === null || subject.pods.length === 0) continue;
      const selected = podsSelectedBy(subject.pods, scope);
      const onHost = selected.filter(({ hostNetwork }) => hostNetwork);
      const unheld = selected.filter(({ hostNetwork, finished }) => hostNetwork || finished);
      const jobs = selected.every(({ workload }) => /Job$/.test(workload.kind));
      if (selected.length === 0 || unheld.length < selected.length || jobs) continue;
      const finished = selected.length - onHost.length;
      const parts = [
        ...(onHost.length > 0 ? [`${onHost.length} on their node’s network`] : []),
        ...(finished > 0 ? [`${finished} finished`] : []),
      ];
      yield {
        object: facts.policy.ref,
        path: subjectPath(facts),
        message: `It selects ${counted(selected.length, 'pod')} (${listed(selected.map(({ name }) => name))}), and policies hold none: ${parts.join(', ')}.`,
        related: workloadsOf(selected),
      };
    }
  },
};
