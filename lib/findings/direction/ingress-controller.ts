import type { Direction } from '#lib/engine/compiled-policy.ts';
import { sideBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext, NeededEntry } from '#lib/findings/context.ts';
import { named, workloadsOf } from '#lib/findings/objects.ts';
import { isolatingPolicies, policyToMend } from '#lib/findings/traffic.ts';
import { listed } from '#lib/findings/words.ts';
import { hasPort } from '#lib/model/port-set.ts';

/** A connection that is needed, and the end whose policies block it. */
interface Stopped {
  readonly needed: NeededEntry;
  readonly controller: PodGroup;
  readonly direction: Direction;
  readonly own: PodGroup;
}

function stoppedAt(
  needed: NeededEntry,
  controller: PodGroup,
  { connectivity }: LintContext,
): Stopped | null {
  const { destination, port } = needed;
  const passes = (direction: Direction, own: PodGroup, other: PodGroup) =>
    hasPort(sideBounds(connectivity, direction, own, other).atMost, port.protocol, port.port);
  if (!passes('ingress', destination, controller))
    return { needed, controller, direction: 'ingress', own: destination };
  if (!passes('egress', controller, destination))
    return { needed, controller, direction: 'egress', own: controller };
  return null;
}

export const ingressControllerBlocked: Check = {
  id: 'PIT-DIR-18',
  title: 'The ingress controller is blocked',
  severity: 'error',
  group: 'direction',
  rules: ['GEN-11', 'GEN-2'],
  needs: ['pods', 'namespaces', 'services', 'ingresses'],
  scenario:
    'A namespace is closed, and an Ingress leads into it. The controller’s pods are in another namespace, which no rule names: visitors get 502 or 504.',
  evidence:
    'An Ingress, a route of the Gateway API or an OpenShift Route leads to pods on a port, the pods of its controller are known, and the policies of one of both ends block every connection between them on it.',
  fix: 'Permit the controller’s pods on the target port; where they are on their nodes’ network, the addresses of the nodes.',
  *find(context) {
    const stopped = context.entries.flatMap((needed) =>
      needed.controllers.flatMap((controller) => stoppedAt(needed, controller, context) ?? []),
    );
    const seen = new Set<string>();
    for (const { needed, controller, direction, own } of stopped) {
      const side = own.sides[direction];
      const policies = side === null ? [] : isolatingPolicies(side);
      const policy = side === null ? null : policyToMend(side);
      if (policy === null) continue;
      const { entry, destination, port } = needed;
      const isolation = policy.isolation[direction];
      const workloads = workloadsOf([...destination.pods, ...controller.pods]);
      const message = `${entry.kind} ${named(entry)} leads from ${listed(workloadsOf(controller.pods).map(named))} to ${listed(workloadsOf(destination.pods).map(named))} on ${port.protocol} ${port.port}, and the ${direction} of ${listed(workloadsOf(own.pods).map(named))} blocks it.`;
      if (seen.has(message)) continue;
      seen.add(message);
      yield {
        object: policy.ref,
        path: isolation.isolates === 'yes' ? isolation.path : ['spec'],
        message,
        related: [
          entry,
          ...workloads,
          ...policies.filter((each) => each !== policy).map(({ ref }) => ref),
        ],
      };
    }
  },
};
