import type { Direction } from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { podCount, workloadsOf } from '#lib/findings/objects.ts';
import {
  isNetworkPolicy,
  type PolicyFacts,
  subjectGroups,
  valueAt,
} from '#lib/findings/policy-facts.ts';
import { isolatingPolicies } from '#lib/findings/traffic.ts';
import { counted, listed } from '#lib/findings/words.ts';
import type { Pod } from '#lib/model/cluster.ts';
import type { Json } from '#lib/model/json.ts';
import { selects } from '#lib/model/selector.ts';

/** What policyTypes says, and what its absence means. */

const WRITTEN_BY =
  'What was written is known from the file, or from the copy that kubectl apply leaves in an annotation.';

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** The spec as written, of NetworkPolicies that leave policyTypes to the API server. */
function* withoutTypes({ policies }: LintContext) {
  for (const facts of policies) {
    if (!isNetworkPolicy(facts.policy) || facts.written === null) continue;
    const written = (field: string) => valueAt(facts.written ?? {}, ['spec', field]);
    if (isEmpty(written('policyTypes'))) yield { facts, written };
  }
}

/** A pod that somebody is meant to reach: it declares a port, or a Service leads to it. */
function isServer({ snapshot }: LintContext, pod: Pod): boolean {
  return (
    pod.ports.length > 0 ||
    snapshot.services.some(
      ({ namespace, selector }) =>
        namespace === pod.namespace && selector !== null && selects(selector, pod.labels),
    )
  );
}

/** The servers that this policy alone isolates for ingress. */
function closedByItAlone({ policy }: PolicyFacts, context: LintContext): readonly Pod[] {
  const { connectivity } = context;
  const groups = subjectGroups(connectivity, policy) ?? [];
  return groups
    .filter((group) => {
      const side = group.sides.ingress;
      return side !== null && isolatingPolicies(side).every((each) => each === policy);
    })
    .flatMap(({ pods }) => [...pods])
    .filter((pod) => isServer(context, pod));
}

export const egressPolicyClosesIngress: Check = {
  id: 'PIT-DIR-3',
  title: 'A policy for egress also isolates ingress',
  severity: 'error',
  group: 'direction',
  rules: ['NP-3', 'NP-4'],
  needs: ['pods'],
  scenario:
    'A policy with egress rules only is meant for what leaves the pods. Without policyTypes it is a policy for ingress too, and with no ingress rule it lets nobody in.',
  evidence: `policyTypes was not written, egress has rules, ingress was not written; the policy selects pods that declare ports or stand behind a Service, and no other policy isolates them for ingress. ${WRITTEN_BY}`,
  fix: 'Write policyTypes: [Egress]; if ingress is to be closed as well, write both.',
  *find(context) {
    for (const { facts, written } of withoutTypes(context)) {
      if (isEmpty(written('egress')) || (written('ingress') ?? null) !== null) continue;
      const pods = closedByItAlone(facts, context);
      if (pods.length === 0) continue;
      yield {
        object: facts.policy.ref,
        path: ['spec'],
        message: `Without policyTypes it isolates ${counted(podCount(pods), 'pod')} for ingress too, and permits nobody to connect: ${listed(workloadsOf(pods).map(({ name }) => name))}.`,
        related: workloadsOf(pods),
        patch: 'spec:\n  policyTypes: [Egress]',
      };
    }
  },
};

export const emptyEgressDoesNotIsolate: Check = {
  id: 'PIT-DIR-4',
  title: 'egress: [] without policyTypes does not isolate',
  severity: 'error',
  group: 'direction',
  rules: ['NP-3', 'NP-8'],
  needs: [],
  scenario:
    'egress: [] is written to close egress. Without policyTypes an empty list says nothing: the policy is one for ingress, and everything may leave.',
  evidence: `egress was written as an empty list, and policyTypes was not. ${WRITTEN_BY}`,
  fix: 'Write policyTypes: [Egress], or [Ingress, Egress] to close both.',
  *find(context) {
    for (const { facts, written } of withoutTypes(context)) {
      const egress = written('egress');
      if (!Array.isArray(egress) || egress.length > 0) continue;
      yield {
        object: facts.policy.ref,
        path: ['spec', 'egress'],
        message:
          'It isolates its pods for ingress and not for egress: without policyTypes an empty egress list has no effect.',
        patch: 'spec:\n  policyTypes: [Ingress, Egress]',
      };
    }
  },
};

const OTHER: Readonly<Record<Direction, string>> = { ingress: 'Egress', egress: 'Ingress' };

export const rulesOfUnlistedDirection: Check = {
  id: 'PIT-DIR-5',
  title: 'Rules of a direction that policyTypes does not list',
  severity: 'error',
  group: 'direction',
  rules: ['NP-9'],
  needs: [],
  scenario:
    'Somebody adds egress rules to a policy whose policyTypes says Ingress. The rules are accepted and have no effect: egress is not isolated.',
  evidence: 'ingress or egress has rules, and policyTypes is written without that direction.',
  fix: 'Add the direction to policyTypes, which also isolates the pods in it; or remove the rules.',
  *find({ policies }) {
    for (const { policy, body } of policies)
      for (const note of policy.notes) {
        if (note.kind !== 'rules-ignored') continue;
        const rules = valueAt(body, note.path);
        const count = Array.isArray(rules) ? rules.length : 0;
        yield {
          object: policy.ref,
          path: note.path,
          message: `policyTypes lists only ${OTHER[note.direction]}: the ${counted(count, `${note.direction} rule`)} ${count === 1 ? 'has' : 'have'} no effect, and its pods are not isolated for ${note.direction}.`,
          patch: 'spec:\n  policyTypes: [Ingress, Egress]',
        };
      }
  },
};
