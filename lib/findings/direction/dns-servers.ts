import type { CompiledRule, PortMatch } from '#lib/engine/compiled-policy.ts';
import { connectionBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Match } from '#lib/engine/explanation.ts';
import { isSystemNamespace, type LintContext } from '#lib/findings/context.ts';
import { labelledPods } from '#lib/findings/policy-facts.ts';
import { allowingRules } from '#lib/findings/traffic.ts';
import type { Pod } from '#lib/model/cluster.ts';
import { hasPort, type Protocol } from '#lib/model/port-set.ts';

/** Who answers for names, and whether pods reach it (GEN-12). */

const DNS_LABELS: readonly (readonly [key: string, value: string])[] = [
  ['k8s-app', 'kube-dns'],
  ['k8s-app', 'coredns'],
  ['app.kubernetes.io/name', 'coredns'],
  ['dns.operator.openshift.io/daemonset-dns', 'default'],
];

/** OpenShift's servers listen on 5353. */
const DNS_PORTS = [53, 5353];

function answersNames({ labels, namespace }: Pod): boolean {
  return (
    isSystemNamespace({ name: namespace }) &&
    DNS_LABELS.some(([key, value]) => labels.get(key) === value)
  );
}

export function dnsServers({ connectivity }: LintContext): readonly PodGroup[] {
  return connectivity.groups.filter(({ pods }) => answersNames(pods[0]));
}

/** Those of DNS_PORTS that the pod declares, else 53. */
export function dnsPortOf(server: PodGroup): number {
  const declared = server.pods[0].ports.map(({ port }) => port);
  return DNS_PORTS.find((port) => declared.includes(port)) ?? 53;
}

/** Whether pods reach a server of names; without any that is known, as far as their rules tell. */
export function reachesDns(
  group: PodGroup,
  protocol: Protocol,
  servers: readonly PodGroup[],
  context: LintContext,
): Match {
  if (servers.length === 0) return permitsDns(group, protocol);
  let result: Match = 'no';
  for (const server of servers) {
    const { sure, atMost } = connectionBounds(context.connectivity, group, server);
    if (hasPort(sure, protocol, dnsPortOf(server))) return 'yes';
    if (hasPort(atMost, protocol, dnsPortOf(server))) result = 'unknown';
  }
  return result;
}

/** Whether some rule could mean the server, wherever it is: `yes` where it can mean little else. */
function permitsDns(group: PodGroup, protocol: Protocol): Match {
  const rules = allowingRules(group.sides.egress).filter(mayMeanServer);
  const matches = rules.map(({ ports }) =>
    ports === 'all'
      ? 'unknown'
      : portsMean(
          ports.map(({ match }) => match),
          protocol,
        ),
  );
  return matches.includes('yes') ? 'yes' : matches.includes('unknown') ? 'unknown' : 'no';
}

/** A peer in a namespace of an application is no server of names. */
function mayMeanServer({ peers }: CompiledRule): boolean {
  return peers.some(({ match }) => {
    const namespaces = labelledPods(match)?.namespaces;
    return namespaces?.kind !== 'named' || isSystemNamespace(namespaces);
  });
}

function portsMean(ports: readonly PortMatch[], protocol: Protocol): Match {
  const matches = ports.map((port): Match => {
    switch (port.kind) {
      case 'range':
        return port.protocol === protocol &&
          DNS_PORTS.some((each) => port.first <= each && each <= port.last)
          ? 'yes'
          : 'no';
      case 'all-of-protocol':
        return port.protocol === protocol ? 'unknown' : 'no';
      default:
        return 'unknown';
    }
  });
  return matches.includes('yes') ? 'yes' : matches.includes('unknown') ? 'unknown' : 'no';
}
