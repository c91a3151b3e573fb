import { isJsonObject } from '#lib/model/json.ts';
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
import { clusterNetworkPolicySpec, subject, tierField } from './schema.ts';

const RESOURCE: Resource = {
  group: 'policy.networking.k8s.io',
  version: 'v1alpha2',
  plural: 'clusternetworkpolicies',
  kind: 'ClusterNetworkPolicy',
  namespaced: false,
};

const WORDS: AdminWords = {
  enforcedIf: 'enforcesClusterNetworkPolicy',
  portField: 'protocols',
};

function compile(body: unknown): Compilation {
  const { metadata, spec } = adminObject.parse(body);
  const { group, kind } = RESOURCE;
  const ref: PolicyRef = { group, kind, namespace: null, name: metadata.name };
  const parsed = clusterNetworkPolicySpec.safeParse(spec ?? {});
  if (parsed.success) return compileAdmin(ref, parsed.data, WORDS);
  // A tier that cannot be read may be the one that overrides everything.
  const layer = tierField.safeParse(isJsonObject(spec) ? spec.tier : undefined);
  const issues = issuesUnder('spec', parsed);
  return compileInvalidAdmin(ref, layer.data ?? 'admin', WORDS, subject, spec, issues);
}

/** ClusterNetworkPolicy of policy.networking.k8s.io/v1alpha2 (semantics CNP). */
export const clusterNetworkPolicy: PolicyKind = { resource: RESOURCE, compile };
