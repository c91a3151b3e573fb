import type { Compile, PolicyKind, ReferenceKind } from '#lib/policies/policy-kind.ts';
import { served, stored } from './groups.ts';
import { compileCalico, type TypesDefault } from './policy.ts';
import { globalNetworkSets, networkSets, tiers } from './references.ts';
import type { CalicoKind } from './schema.ts';

/** Calico's own kinds of policies (semantics CAL). */

const REFERS_TO: readonly ReferenceKind[] = [tiers, networkSets, globalNetworkSets];

function policyKind(kind: CalicoKind, plural: string, namespaced: boolean): PolicyKind {
  const compile =
    (byDefault: TypesDefault): Compile =>
    (body) =>
      compileCalico(kind, body, byDefault);
  return {
    resource: served(plural, kind, namespaced),
    compile: compile('by-rules'),
    // CAL-10: what went past the API was not filled in by it.
    alsoServedAs: [{ resource: stored(plural, kind, namespaced), compile: compile('both') }],
    refersTo: REFERS_TO,
  };
}

export const calicoNetworkPolicy = policyKind('NetworkPolicy', 'networkpolicies', true);
export const calicoGlobalNetworkPolicy = policyKind(
  'GlobalNetworkPolicy',
  'globalnetworkpolicies',
  false,
);
export const calicoStagedNetworkPolicy = policyKind(
  'StagedNetworkPolicy',
  'stagednetworkpolicies',
  true,
);
export const calicoStagedGlobalNetworkPolicy = policyKind(
  'StagedGlobalNetworkPolicy',
  'stagedglobalnetworkpolicies',
  false,
);
