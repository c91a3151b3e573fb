import type { PolicySpecs } from './fixture-cluster.ts';
import { type Scenario, type ScenarioOptions, scenario } from './scenario.ts';

/** The fixture cluster under Cilium. */

/**
 * Manifests of Cilium's policies, each a spec in YAML: by `namespace/name` of one namespace, by a name
 * alone cluster-wide.
 */
function ciliumManifests(policies: PolicySpecs): string {
  return Object.entries(policies)
    .map(([key, spec]) => {
      const [first = '', name] = key.split('/');
      const kind = name === undefined ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy';
      const metadata = name === undefined ? { name: first } : { namespace: first, name };
      const text = spec.trimEnd().replace(/^/gm, '  ');
      return `apiVersion: cilium.io/v2\nkind: ${kind}\nmetadata: ${JSON.stringify(metadata)}\nspec:\n${text}\n`;
    })
    .join('---\n');
}

export interface CiliumOptions extends Omit<ScenarioOptions, 'cni'> {
  /** By `namespace/name`, beside those of Cilium. */
  readonly networkPolicies?: PolicySpecs;
}

/** Cilium's policies in the fixture cluster, as `ciliumManifests` takes them. */
export function ciliumScenario(policies: PolicySpecs, options: CiliumOptions = {}): Scenario {
  const { networkPolicies = {}, objects = '', ...rest } = options;
  const all = [ciliumManifests(policies), objects].filter((text) => text.trim() !== '');
  return scenario(networkPolicies, { ...rest, cni: 'cilium', objects: all.join('\n---\n') });
}
