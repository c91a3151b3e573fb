import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { subjectGroups } from '#lib/findings/policy-facts.ts';
import { servicesOf } from '#lib/findings/ports/port-places.ts';
import { counted, listed } from '#lib/findings/words.ts';
import type { Service } from '#lib/model/cluster.ts';
import { namespacedName } from '#lib/model/cluster.ts';
import { formatRangeShort } from '#lib/model/ip-address.ts';
import { type BlockPlace, blockPlaces, isWholeFamily, nodesIn, podGroupsIn } from './blocks.ts';

/** Services that let the outside in and hide its addresses from the pods behind. */
export function clientHidingServices(group: PodGroup, context: LintContext): readonly Service[] {
  return servicesOf(group, context).filter(
    ({ type, externalTrafficPolicy }) =>
      (type === 'NodePort' || type === 'LoadBalancer') && externalTrafficPolicy === 'Cluster',
  );
}

/** A block of clients: nobody of the cluster is in it, and not everybody is. */
function meansClients({ match }: BlockPlace, context: LintContext): boolean {
  return (
    !isWholeFamily(match.block) &&
    podGroupsIn(match, context).length === 0 &&
    nodesIn(match, context).length === 0
  );
}

export const clientsBehindNodes: Check = {
  id: 'PIT-IP-8',
  title: 'Clients named by addresses that the pods never see',
  severity: 'warning',
  group: 'breadth',
  rules: ['GEN-10'],
  needs: ['pods', 'services', 'nodes'],
  scenario:
    'A policy permits the addresses of the office, and the pods are behind a load balancer with externalTrafficPolicy: Cluster. Connections then come from the address of a node: the office is refused, or everybody is let in by a rule for nodes.',
  evidence:
    'A block for ingress holds no pod and no node, and the pods that the policy selects are behind a Service of type NodePort or LoadBalancer with externalTrafficPolicy Cluster. Load balancers that connect to pods directly keep the address; whether one does is not read.',
  fix: 'Set externalTrafficPolicy: Local, or have the load balancer keep the clients’ addresses.',
  *find(context) {
    for (const place of blockPlaces(context)) {
      const { facts, direction, match, path } = place;
      if (direction !== 'ingress' || !meansClients(place, context)) continue;
      const groups = subjectGroups(context.connectivity, facts.policy) ?? [];
      const services = new Set(
        groups.flatMap((group) => [...clientHidingServices(group, context)]),
      );
      if (services.size === 0) continue;
      const names = [...services].map(({ namespace, name }) => namespacedName(namespace, name));
      yield {
        object: facts.policy.ref,
        path,
        message: `The pods are behind ${counted(services.size, 'Service')} with externalTrafficPolicy Cluster (${listed(names)}): what connects from ${formatRangeShort(match.block)} is then seen with the address of a node.`,
        related: [...services].map(({ namespace, name }) => ({ kind: 'Service', namespace, name })),
        patch: 'externalTrafficPolicy: Local',
      };
    }
  },
};
