import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { subjectGroups } from '#lib/findings/policy-facts.ts';
import { counted, listed } from '#lib/findings/words.ts';
import type { Service } from '#lib/model/cluster.ts';
import { namespacedName } from '#lib/model/cluster.ts';
import { formatRangeShort } from '#lib/model/ip-address.ts';
import { selects } from '#lib/model/selector.ts';
import { type BlockPlace, blockPlaces, heldBy, isWholeFamily } from './blocks.ts';

/**
 * Which Services let the outside in and hide its addresses from the pods of a group. They are looked
 * through once, and then those of the group's namespace alone.
 */
export function clientHidingServices({
  snapshot,
}: LintContext): (group: PodGroup) => readonly Service[] {
  const hiding = snapshot.services.filter(
    ({ type, externalTrafficPolicy }) =>
      (type === 'NodePort' || type === 'LoadBalancer') && externalTrafficPolicy === 'Cluster',
  );
  const byNamespace = Map.groupBy(hiding, ({ namespace }) => namespace);
  return ({ namespace, labels }) =>
    (byNamespace.get(namespace.name) ?? []).filter(
      ({ selector }) => selector !== null && selects(selector, labels),
    );
}

/** A block of clients: nobody of the cluster is in it, and not everybody is. */
function meansClients({ match }: BlockPlace, context: LintContext): boolean {
  if (isWholeFamily(match.block)) return false;
  const { groups, nodes } = heldBy(match, context);
  return groups.length === 0 && nodes.length === 0;
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
    const servicesOf = clientHidingServices(context);
    for (const place of blockPlaces(context)) {
      const { facts, direction, match, path } = place;
      if (direction !== 'ingress' || !meansClients(place, context)) continue;
      const groups = subjectGroups(context.connectivity, facts.policy) ?? [];
      const services = new Set(groups.flatMap((group) => [...servicesOf(group)]));
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
