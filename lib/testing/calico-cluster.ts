import { type Scenario, type ScenarioOptions, scenario } from './scenario.ts';

/** Calico's objects in the fixture cluster, each a spec in YAML's flow style. */

function written(apiVersion: string, kind: string, key: string, spec: string, labels = ''): string {
  const [name = '', namespace] = key.split('/').toReversed();
  const where = namespace === undefined ? '' : `, namespace: ${namespace}`;
  return `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: ${name}${where}, labels: {${labels}}}, spec: {${spec}}}`;
}

/** As Calico's API serves it; `key` is `namespace/name`, or a name. */
export function calicoObject(kind: string, key: string, spec: string, labels?: string): string {
  return written('projectcalico.org/v3', kind, key, spec, labels);
}

/** As it is stored. */
export function storedObject(kind: string, key: string, spec: string, labels?: string): string {
  return written('crd.projectcalico.org/v1', kind, key, spec, labels);
}

export const gnp = (name: string, spec: string) => calicoObject('GlobalNetworkPolicy', name, spec);
export const cnp = (key: string, spec: string) => calicoObject('NetworkPolicy', key, spec);

/** The fixture cluster under Calico, with these objects, and NetworkPolicies by `namespace/name`. */
export function calicoCluster(
  objects: readonly string[],
  networkPolicies: Readonly<Record<string, string>> = {},
  options: Omit<ScenarioOptions, 'objects' | 'cni'> = {},
): Scenario {
  return scenario(networkPolicies, { ...options, cni: 'calico', objects: objects.join('\n---\n') });
}
