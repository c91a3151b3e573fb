import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import type { Resource } from '#lib/model/resource.ts';
import type { Compilation, PolicyKind } from '#lib/policies/policy-kind.ts';
import { networkPolicy } from './network-policy.ts';

/** Calico's previews of NetworkPolicies: their spec, and what would be done with it (CAL-15). */

function resourceIn(group: string, version: string): Resource {
  return {
    group,
    version,
    plural: 'stagedkubernetesnetworkpolicies',
    kind: 'StagedKubernetesNetworkPolicy',
    namespaced: true,
  };
}

const RESOURCE = resourceIn('projectcalico.org', 'v3');

/** What it would do; null for what is no action. */
function actionOf(written: unknown): 'Set' | 'Delete' | 'Learn' | 'Ignore' | null {
  const actions = ['Set', 'Delete', 'Learn', 'Ignore'] as const;
  return written === undefined || written === null
    ? 'Set'
    : (actions.find((each) => each === written) ?? null);
}

/** Of the policy that it would set; any other action sets none. */
const ACTIONS = { Set: 'set', Delete: 'delete', Learn: 'none', Ignore: 'none' } as const;

function staged(policy: CompiledPolicy, action: keyof typeof ACTIONS | null): CompiledPolicy {
  const { group, kind } = RESOURCE;
  const preview: CompiledPolicy = {
    ...policy,
    ref: { ...policy.ref, group, kind },
    enforcedIf: 'enforcesCalico',
    staged: { action: ACTIONS[action ?? 'Ignore'], replaces: policy.ref },
  };
  const remark = (message: string) =>
    ({ kind: 'remark', path: ['spec', 'stagedAction'], message }) as const;
  return action === 'Set'
    ? { ...preview, notes: [remark('not enforced: a preview of a policy'), ...policy.notes] }
    : {
        ...preview,
        isolation: { ingress: { isolates: 'no' }, egress: { isolates: 'no' } },
        rules: { ingress: [], egress: [] },
        notes: [remark(`not enforced, and sets no policy: ${action ?? 'its action is not known'}`)],
      };
}

function withSpec(body: unknown, spec: JsonObject): unknown {
  return isJsonObject(body) ? { ...body, spec } : body;
}

function compile(body: unknown): Compilation {
  const fields = isJsonObject(body) && isJsonObject(body.spec) ? body.spec : {};
  const { stagedAction, ...spec } = fields;
  const action = actionOf(stagedAction);
  const { policies, problems } = networkPolicy.compile(withSpec(body, spec));
  const unknownAction = {
    code: 'policy-invalid',
    severity: 'error',
    message: 'stagedAction is one of Set, Delete, Learn and Ignore',
    hint: 'An API server refuses this policy. It is not enforced, whatever it says.',
    path: ['spec', 'stagedAction'],
  } as const;
  return {
    policies: policies.map((policy) => staged(policy, action)),
    problems: action === null ? [...problems, unknownAction] : problems,
  };
}

/** StagedKubernetesNetworkPolicy of projectcalico.org/v3, and as it is stored (CAL-1, CAL-15). */
export const stagedKubernetesNetworkPolicy: PolicyKind = {
  resource: RESOURCE,
  compile,
  alsoServedAs: [{ resource: resourceIn('crd.projectcalico.org', 'v1'), compile }],
};
