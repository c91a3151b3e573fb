import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedCluster } from '#bench/clusters/generated-cluster.ts';
import { rawClusterOf } from '#bench/gate/raw-cluster.ts';
import { networkPolicy } from '#lib/policies/network-policy/network-policy.ts';

/** The same cluster in the files that cyclonus and policy-assistant read: pods by pods, for one port. */
export interface ProbeFiles {
  readonly policies: string;
  readonly model: string;
}

const PORT = 8080;

export function writeProbeFiles(cluster: GeneratedCluster, folder: string): ProbeFiles {
  const { namespaces, pods } = rawClusterOf(cluster);
  const files = { policies: join(folder, 'policies.yaml'), model: join(folder, 'model.json') };
  const list = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicyList',
    items: [...cluster.objects(networkPolicy.resource)],
  };
  const model = {
    Probes: [{ Protocol: 'TCP', Port: PORT }],
    Resources: {
      Namespaces: Object.fromEntries(namespaces.map(({ name, labels }) => [name, labels])),
      Pods: pods.map(({ namespace, name, labels, ip }) => ({
        Namespace: namespace,
        Name: name,
        Labels: labels,
        IP: ip,
        Containers: [{ Name: 'main', Port: PORT, Protocol: 'TCP', PortName: 'http' }],
      })),
    },
  };
  writeFileSync(files.policies, JSON.stringify(list));
  writeFileSync(files.model, JSON.stringify(model));
  return files;
}
