import { sideBounds } from '#lib/engine/connectivity.ts';
import type { Endpoint, PodGroup } from '#lib/engine/endpoint.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { type ApiServerAddress, apiServerAddresses } from '#lib/findings/api-server.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { named } from '#lib/findings/objects.ts';
import { destinationAt, isolatingPolicies, isSurelyIsolated } from '#lib/findings/traffic.ts';
import { listed } from '#lib/findings/words.ts';
import { formatIp, type IpAddress } from '#lib/model/ip-address.ts';
import { hasPort } from '#lib/model/port-set.ts';

/** As the programs call themselves that watch the API server. */
const CONTROLLER = /(^|-)(controller|operator|controller-manager|provisioner|autoscaler)(-|$)/;

/**
 * Its pods mount a token of an account made for them, and say so or are called a controller. Without
 * either the account decides, and most of those that leave it at that never use the token.
 */
function callsApiServer({ ref, pods }: Workload): boolean {
  return pods.some(
    ({ serviceAccount, mountsToken }) =>
      serviceAccount !== 'default' &&
      mountsToken !== false &&
      (mountsToken === true || CONTROLLER.test(ref.name) || CONTROLLER.test(serviceAccount)),
  );
}

/** A place where it answers, as the engine is asked of it. */
interface Answering extends ApiServerAddress {
  readonly end: Endpoint | null;
}

/** A node, or what is outside the cluster; null for a pod, which rules may mean in other words. */
function endpointAt(address: IpAddress, { connectivity, snapshot }: LintContext): Endpoint | null {
  const isIt = ({ family, value }: IpAddress) =>
    family === address.family && value === address.value;
  for (const { name, addresses } of snapshot.nodes.values())
    if (addresses.some(isIt)) return { kind: 'node', node: name, address };
  const isPod = snapshot.pods.some((pod) => !pod.hostNetwork && pod.addresses.some(isIt));
  return isPod ? null : destinationAt(connectivity, address);
}

/** Surely none of the places is permitted. */
function isCutOff(
  group: PodGroup,
  places: readonly Answering[],
  { connectivity }: LintContext,
): boolean {
  return (
    isSurelyIsolated(group, 'egress') &&
    places.every(
      ({ end, port }) =>
        end !== null &&
        !hasPort(sideBounds(connectivity, 'egress', group, end).atMost, 'TCP', port),
    )
  );
}

function ruleFor(servers: readonly ApiServerAddress[]): string {
  const rules = [...Map.groupBy(servers, ({ port }) => port)].map(([port, all]) => {
    const peers = all.map(
      ({ address }) =>
        `  - ipBlock:\n      cidr: ${formatIp(address)}/${address.family === 4 ? 32 : 128}`,
    );
    return `- to:\n${peers.join('\n')}\n  ports:\n  - {protocol: TCP, port: ${port}}`;
  });
  return `egress:\n${rules.join('\n')}`;
}

export const apiServerUnreachable: Check = {
  id: 'PIT-DIR-17',
  title: 'Egress to the API server is missing',
  severity: 'warning',
  group: 'direction',
  rules: ['GEN-23'],
  needs: ['pods', 'namespaces', 'nodes', 'services', 'api-server'],
  scenario:
    'A controller’s egress is closed but for its database. It watches the API server for what it has to do, and never hears of it again.',
  evidence:
    'Pods with a service account of their own say that they mount its token, or leave that open and are called controller, operator, provisioner or autoscaler; they are isolated for egress, and their policies permit no endpoint of default/kubernetes on its port. The address of the Service does not count: policies see the endpoint behind it.',
  fix: 'Permit the addresses and the port of the API server’s endpoints.',
  *find(context) {
    const { connectivity, snapshot } = context;
    const servers = apiServerAddresses(snapshot).map((server) => ({
      ...server,
      end: endpointAt(server.address, context),
    }));
    const cut = [...connectivity.workloads.values()].filter(callsApiServer).flatMap((workload) => {
      const group = workload.groups.find((each) => isCutOff(each, servers, context));
      const side = group === undefined ? null : group.sides.egress;
      const policies = side === null ? [] : isolatingPolicies(side);
      const policy = policies.find(({ rules }) => rules.egress.length > 0) ?? policies[0];
      return policy === undefined ? [] : [{ policy, ref: workload.ref }];
    });
    const places = listed(
      servers.map(({ address, port }) => `${formatIp(address)} on TCP ${port}`),
    );
    for (const [policy, all] of Map.groupBy(cut, (each) => each.policy)) {
      const isolation = policy.isolation.egress;
      const workloads = all.map(({ ref }) => ref);
      yield {
        object: policy.ref,
        path: isolation.isolates === 'yes' ? isolation.path : ['spec'],
        message: `No rule lets ${listed(workloads.map(named))} reach the API server, ${places}, and ${workloads.length === 1 ? 'it is a controller by its name or its token' : 'they are controllers by their names or tokens'}.`,
        related: workloads,
        patch: ruleFor(servers),
      };
    }
  },
};
