import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import { podSpecPath } from '#lib/findings/objects.ts';
import { isolatingPolicies, isSurelyIsolated } from '#lib/findings/traffic.ts';
import { listed } from '#lib/findings/words.ts';
import type { Pod } from '#lib/model/cluster.ts';
import { refKey } from '#lib/model/object-ref.ts';

/** Pods that are under policies, and are reached or kept otherwise than these say. */

function hostPortsOf({ ports }: Pod): readonly number[] {
  return ports.flatMap((port) => port.hostPort ?? []);
}

export const hostPort: Check = {
  id: 'PIT-HYG-6',
  title: 'A hostPort on pods that are isolated',
  severity: 'info',
  group: 'hygiene',
  rules: ['GEN-10', 'GEN-14'],
  needs: ['pods'],
  scenario:
    'A pod is closed by policies, and its hostPort opens it on the address of its node. What comes that way may be seen as the node’s, which is let through.',
  evidence: 'A container has a hostPort, and policies isolate its running pods for ingress.',
  fix: 'Reach the pods through a Service, and drop the hostPort.',
  *find({ connectivity }) {
    const pods = connectivity.groups
      .filter((group) => !group.hostNetwork && isSurelyIsolated(group, 'ingress'))
      .flatMap((group) => group.pods.filter((pod) => hostPortsOf(pod).length > 0));
    for (const [, [first, ...others]] of Map.groupBy(pods, ({ workload }) => refKey(workload))) {
      if (first === undefined) continue;
      const ports = new Set([first, ...others].flatMap(hostPortsOf));
      yield {
        object: first.workload,
        path: [...podSpecPath(first.workload), 'containers'],
        message: `Port ${listed([...ports].sort((a, b) => a - b).map(String))} is open on the addresses of the nodes as well.`,
      };
    }
  },
};

function policiesAround({ sides }: PodGroup) {
  return [sides.ingress, sides.egress].flatMap(isolatingPolicies);
}

export const barePodOnAws: Check = {
  id: 'PIT-HYG-7',
  title: 'A pod without a controller, which AWS leaves open',
  severity: 'warning',
  group: 'hygiene',
  rules: ['AWS-3'],
  needs: ['pods'],
  scenario:
    'A pod was started by hand in a namespace with policies. The plugin of AWS enforces them only for pods that a controller owns.',
  evidence:
    'The network plugin is that of AWS, and a running pod that policies isolate has no controller among its owners.',
  fix: 'Run it by a Deployment or a Job.',
  *find(context) {
    const { connectivity, snapshot } = context;
    if (snapshot.profile.name !== 'aws') return;
    for (const group of connectivity.groups) {
      const policies = group.hostNetwork ? [] : [...new Set(policiesAround(group))];
      if (policies.length === 0) continue;
      for (const { workload } of group.pods)
        if (workload.kind === 'Pod')
          yield {
            object: workload,
            path: ['metadata', 'ownerReferences'],
            message: `${listed(policies.map(({ ref }) => ref.name))} ${policies.length === 1 ? 'selects' : 'select'} it, and it has no controller.`,
            related: policies.map(({ ref }) => ref),
          };
    }
  },
};
