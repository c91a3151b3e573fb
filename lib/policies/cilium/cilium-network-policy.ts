import { type CompiledPolicy, DIRECTIONS, type Direction } from '#lib/engine/compiled-policy.ts';
import { NAMESPACE_KEY } from '#lib/model/cilium-label-keys.ts';
import { isJsonObject } from '#lib/model/json.ts';
import type { Resource } from '#lib/model/resource.ts';
import type { Compilation, PolicyKind } from '#lib/policies/policy-kind.ts';
import { ciliumCidrGroup } from './cidr-group.ts';
import { placedEntries } from './entries.ts';
import { loadingOf, type WrittenRule, writtenRules } from './loading.ts';
import {
  type PolicyContext,
  policyInDoubt,
  policyInForce,
  policyWithoutEffect,
  subjectOf,
} from './rule-policy.ts';
import { compileEntries } from './rules.ts';
import { ciliumObject } from './schema.ts';

function resource(kind: string, plural: string, namespaced: boolean): Resource {
  return { group: 'cilium.io', version: 'v2', plural, kind, namespaced };
}

const NAMESPACED = resource('CiliumNetworkPolicy', 'ciliumnetworkpolicies', true);
const CLUSTERWIDE = resource(
  'CiliumClusterwideNetworkPolicy',
  'ciliumclusterwidenetworkpolicies',
  false,
);

type Problem = Compilation['problems'][number];

const OWN_NAMESPACE = `k8s:${NAMESPACE_KEY}`;

/** CIL-4: the namespace of the policy is put in place of one that its selector names. */
function overwriteNamespace(value: unknown): {
  readonly value: unknown;
  readonly overwritten: unknown;
} {
  const selector = isJsonObject(value) ? value.endpointSelector : undefined;
  const labels = isJsonObject(selector) ? selector.matchLabels : undefined;
  if (!isJsonObject(value) || !isJsonObject(selector) || !isJsonObject(labels))
    return { value, overwritten: undefined };
  const { [OWN_NAMESPACE]: overwritten, ...matchLabels } = labels;
  return { value: { ...value, endpointSelector: { ...selector, matchLabels } }, overwritten };
}

function overwrittenProblems(
  rules: readonly WrittenRule[],
  { namespace }: PolicyContext,
): readonly Problem[] {
  return rules.flatMap(({ path, value }) => {
    const { overwritten } = overwriteNamespace(value);
    if (overwritten === undefined || overwritten === namespace) return [];
    return [
      {
        code: 'policy-namespace-overwritten',
        severity: 'warning' as const,
        message: `the namespace ${JSON.stringify(overwritten)} is passed over: the policy applies in its own, ${namespace}`,
        hint: 'Move the policy there, or write a CiliumClusterwideNetworkPolicy.',
        path: [...path, 'endpointSelector', 'matchLabels', OWN_NAMESPACE],
      },
    ];
  });
}

function compileLoaded(rules: readonly WrittenRule[], context: PolicyContext): Compilation {
  const policies: CompiledPolicy[] = [];
  const problems: Problem[] = [];
  const before = { ingress: 0, egress: 0 };
  for (const written of rules) {
    const { rule, path } = written;
    if (rule === null) continue;
    const rulesOf = (direction: Direction) =>
      compileEntries(rule, path, before[direction], { direction, namespace: context.namespace });
    const compiled = { ingress: rulesOf('ingress'), egress: rulesOf('egress') };
    for (const direction of DIRECTIONS) before[direction] += compiled[direction].length;
    const { subject, doubt } = subjectOf(rule, context);
    if (doubt === null) policies.push(policyInForce(rule, written, compiled, context));
    else {
      policies.push(policyInDoubt(written, doubt, context));
      problems.push({
        code: 'policy-subject-unclear',
        severity: 'error',
        message: doubt,
        hint: 'Whom the policy applies to is unknown, and so is what it decides.',
        path: [...path, subject.kind === 'pods' ? 'endpointSelector' : 'nodeSelector'],
      });
    }
    for (const placed of placedEntries(rule, path))
      for (const field of placed.entry.unknown)
        problems.push({
          code: 'policy-field-unknown',
          severity: 'error',
          message: `unknown field "${field}"`,
          hint: 'Whom this entry matches is unknown. Check the spelling, or the version of the API.',
          path: placed.path,
        });
  }
  return { policies, problems };
}

const HINTS = {
  no: 'Cilium does not load it: it isolates nobody and permits nothing until it is mended.',
  unknown: 'Verdicts that it touches are unknown until it is mended.',
};

function compileRules(
  rules: readonly WrittenRule[],
  { loaded, issues }: ReturnType<typeof loadingOf>,
  context: PolicyContext,
): Compilation {
  if (loaded === 'yes') return compileLoaded(rules, context);
  const problems = issues.map(({ path, message }) => ({
    code: loaded === 'no' ? 'policy-not-loaded' : 'policy-invalid',
    severity: 'error' as const,
    message,
    hint: HINTS[loaded],
    path,
  }));
  const message = issues[0]?.message ?? 'invalid';
  const policies = rules.map((written) =>
    loaded === 'no'
      ? policyWithoutEffect(written, context)
      : policyInDoubt(written, message, context),
  );
  return { policies, problems };
}

function compilerOf({ group, kind, namespaced }: Resource): PolicyKind['compile'] {
  return (body) => {
    const object = ciliumObject.parse(body);
    const { name } = object.metadata;
    const namespace = namespaced ? object.metadata.namespace : null;
    const context = { ref: { group, kind, namespace, name }, namespace };
    const { rules, malformed } = writtenRules(object, (value) =>
      namespaced ? overwriteNamespace(value).value : value,
    );
    const loading = loadingOf(rules, malformed, object.status, !namespaced);
    const { policies, problems } = compileRules(rules, loading, context);
    const warnings = namespaced ? overwrittenProblems(rules, context) : [];
    return { policies, problems: [...problems, ...warnings] };
  };
}

/** CiliumNetworkPolicy of cilium.io/v2 (semantics CIL). */
export const ciliumNetworkPolicy: PolicyKind = {
  resource: NAMESPACED,
  compile: compilerOf(NAMESPACED),
  refersTo: [ciliumCidrGroup],
};

/** CiliumClusterwideNetworkPolicy: for pods of all namespaces, or for nodes. */
export const ciliumClusterwideNetworkPolicy: PolicyKind = {
  resource: CLUSTERWIDE,
  compile: compilerOf(CLUSTERWIDE),
  refersTo: [ciliumCidrGroup],
};
