import type { PolicyRef } from '#lib/model/object-ref.ts';
import type { Resource } from '#lib/model/resource.ts';
import {
  type AdminWords,
  adminObject,
  compileAdmin,
  compileInvalidAdmin,
} from '#lib/policies/admin-rules.ts';
import { issuesUnder } from '#lib/policies/issues.ts';
import type { Compilation, PolicyKind } from '#lib/policies/policy-kind.ts';
import { adminNetworkPolicySpec, baselineAdminNetworkPolicySpec, subject } from './schema.ts';

function resource(kind: string, plural: string): Resource {
  return {
    group: 'policy.networking.k8s.io',
    version: 'v1alpha1',
    plural,
    kind,
    namespaced: false,
  };
}

const ADMIN = resource('AdminNetworkPolicy', 'adminnetworkpolicies');
const BASELINE = resource('BaselineAdminNetworkPolicy', 'baselineadminnetworkpolicies');

function refOf({ group, kind }: Resource, name: string): PolicyRef {
  return { group, kind, namespace: null, name };
}

const WORDS: AdminWords = { enforcedIf: 'enforcesAdminNetworkPolicy', portField: 'ports' };

function compileAnp(body: unknown): Compilation {
  const { metadata, spec } = adminObject.parse(body);
  const ref = refOf(ADMIN, metadata.name);
  const parsed = adminNetworkPolicySpec.safeParse(spec ?? {});
  return parsed.success
    ? compileAdmin(ref, parsed.data, WORDS)
    : compileInvalidAdmin(ref, 'admin', WORDS, subject, spec, issuesUnder('spec', parsed));
}

/** ANP-1: there is one of them, and this is its name. */
const BASELINE_NAME = 'default';

function compileBanp(body: unknown): Compilation {
  const { metadata, spec } = adminObject.parse(body);
  const ref = refOf(BASELINE, metadata.name);
  const parsed = baselineAdminNetworkPolicySpec.safeParse(spec ?? {});
  if (parsed.success && metadata.name === BASELINE_NAME)
    return compileAdmin(ref, parsed.data, WORDS);
  const misnamed = {
    path: ['metadata', 'name'],
    message: `the only BaselineAdminNetworkPolicy is named ${BASELINE_NAME}`,
  };
  const issues = [
    ...(metadata.name === BASELINE_NAME ? [] : [misnamed]),
    ...issuesUnder('spec', parsed),
  ];
  return compileInvalidAdmin(ref, 'baseline', WORDS, subject, spec, issues);
}

/** AdminNetworkPolicy of policy.networking.k8s.io/v1alpha1 (semantics ANP). */
export const adminNetworkPolicy: PolicyKind = { resource: ADMIN, compile: compileAnp };

/** Its singleton for the tier below NetworkPolicy. */
export const baselineAdminNetworkPolicy: PolicyKind = { resource: BASELINE, compile: compileBanp };
