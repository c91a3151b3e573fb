import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import { sideBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { dnsPortOf, dnsServers } from '#lib/findings/direction/dns-servers.ts';
import { named, podCount, workloadsOf } from '#lib/findings/objects.ts';
import { isolatingPolicies, isSurelyIsolated } from '#lib/findings/traffic.ts';
import { counted, listed } from '#lib/findings/words.ts';
import { hasPort } from '#lib/model/port-set.ts';

/** Pods that the server's own policies keep from asking it. A question for each group. */
function refused(server: PodGroup, { connectivity }: LintContext): readonly PodGroup[] {
  return connectivity.groups.filter(
    (client) =>
      client !== server &&
      !client.hostNetwork &&
      !hasPort(
        sideBounds(connectivity, 'ingress', server, client).atMost,
        'UDP',
        dnsPortOf(server),
      ),
  );
}

export const systemNamespaceClosed: Check = {
  id: 'PIT-HYG-5',
  title: 'The cluster’s DNS is closed',
  severity: 'error',
  group: 'hygiene',
  rules: ['GEN-12', 'NP-5'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A default deny was rolled out to every namespace, kube-system included. The DNS servers are closed for ingress, and no pod of the cluster resolves a name.',
  evidence:
    'The DNS servers’ pods are isolated for ingress, and their policies block UDP 53 from running pods. Webhooks and metrics in such namespaces are not judged: who calls them is not read.',
  fix: 'Permit ingress on UDP and TCP 53 from every namespace before closing the namespace.',
  *find(context) {
    const closing = new Map<CompiledPolicy, PodGroup[]>();
    for (const server of dnsServers(context)) {
      if (!isSurelyIsolated(server, 'ingress')) continue;
      const [policy] = isolatingPolicies(server.sides.ingress);
      if (policy !== undefined) closing.set(policy, [...(closing.get(policy) ?? []), server]);
    }
    for (const [policy, servers] of closing) {
      const clients = [...new Set(servers.flatMap((server) => [...refused(server, context)]))];
      if (clients.length === 0) continue;
      const pods = clients.flatMap((group) => [...group.pods]);
      const isolation = policy.isolation.ingress;
      yield {
        object: policy.ref,
        path: isolation.isolates === 'yes' ? isolation.path : ['spec'],
        message: `It isolates ${listed(workloadsOf(servers.flatMap((server) => [...server.pods])).map(named))}, and ${counted(podCount(pods), 'pod')} may not ask there for names: ${listed(workloadsOf(pods).map(named))}.`,
        patch:
          'ingress:\n- from:\n  - namespaceSelector: {}\n  ports:\n  - {protocol: UDP, port: 53}\n  - {protocol: TCP, port: 53}',
      };
    }
  },
};
