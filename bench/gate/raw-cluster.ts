import type { GeneratedCluster } from '#bench/clusters/generated-cluster.ts';
import type { JsonObject } from '#lib/model/json.ts';
import { NAMESPACES, PODS } from '#lib/model/resource.ts';
import {
  adminNetworkPolicy,
  baselineAdminNetworkPolicy,
} from '#lib/policies/admin-network-policy/admin-network-policy.ts';
import { clusterNetworkPolicy } from '#lib/policies/cluster-network-policy/cluster-network-policy.ts';
import { networkPolicy } from '#lib/policies/network-policy/network-policy.ts';
import type {
  Protocol,
  RawAdminPolicy,
  RawAdminRule,
  RawCluster,
  RawPod,
  RawPolicy,
  RawSelector,
} from '#lib/testing/reference-evaluator.ts';

/** A generated cluster as the reference evaluator reads it: straight from the JSON. */

interface PodBody {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly nodeName: string;
    readonly hostNetwork?: boolean;
    readonly containers: readonly {
      readonly ports: readonly {
        readonly name: string;
        readonly containerPort: number;
        readonly protocol: Protocol;
      }[];
    }[];
  };
  readonly status: { readonly phase: string; readonly podIPs: readonly { readonly ip: string }[] };
}

type Selected =
  | { readonly namespaces: RawSelector }
  | {
      readonly pods: { readonly namespaceSelector: RawSelector; readonly podSelector: RawSelector };
    };

interface AdminBody {
  readonly kind: RawAdminPolicy['kind'];
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly tier?: RawAdminPolicy['tier'];
    readonly priority?: number;
    readonly subject: Selected;
    readonly ingress?: readonly {
      readonly action: string;
      readonly from: readonly Selected[];
      readonly ports?: readonly {
        readonly portNumber: { readonly protocol: Protocol; readonly port: number };
      }[];
      readonly protocols?: readonly {
        readonly tcp: { readonly destinationPort: { readonly number: number } };
      }[];
    }[];
  };
}

function podOf(body: PodBody): RawPod {
  const { metadata, spec, status } = body;
  return {
    ...metadata,
    ip: status.podIPs[0]?.ip ?? '',
    node: spec.nodeName,
    hostNetwork: spec.hostNetwork ?? false,
    phase: status.phase,
    ports: spec.containers.flatMap(({ ports }) =>
      ports.map(({ name, protocol, containerPort }) => ({ name, protocol, port: containerPort })),
    ),
  };
}

function selected(by: Selected): RawAdminPolicy['subject'] {
  return 'pods' in by ? by.pods : { namespaceSelector: by.namespaces, podSelector: {} };
}

const ACTIONS: Readonly<Record<string, RawAdminRule['action']>> = {
  Allow: 'Accept',
  Accept: 'Accept',
  Deny: 'Deny',
  Pass: 'Pass',
};

function adminOf({ kind, metadata, spec }: AdminBody): RawAdminPolicy {
  return {
    kind,
    name: metadata.name,
    tier: kind === 'BaselineAdminNetworkPolicy' ? 'Baseline' : (spec.tier ?? 'Admin'),
    priority: spec.priority ?? 0,
    subject: selected(spec.subject),
    egress: [],
    ingress: (spec.ingress ?? []).map(({ action, from, ports, protocols }): RawAdminRule => {
      const written = [
        ...(ports ?? []).map(({ portNumber: { protocol, port } }) => ({ protocol, port })),
        ...(protocols ?? []).map(({ tcp }) => ({
          protocol: 'TCP' as const,
          port: tcp.destinationPort.number,
        })),
      ].map(({ protocol, port }) => ({ protocol, start: port, end: port }));
      return {
        action: ACTIONS[action] ?? 'Pass',
        peers: from.map((peer) => ({ pods: selected(peer) })),
        ...(written.length > 0 ? { ports: written } : {}),
      };
    }),
  };
}

/** Bodies are JSON that was generated in the shapes named here. */
function bodies<Body>(objects: Iterable<JsonObject>): readonly Body[] {
  return [...objects] as unknown as readonly Body[];
}

export function rawClusterOf(cluster: GeneratedCluster): RawCluster {
  const namespaces = bodies<Pick<PodBody, 'metadata'>>(cluster.objects(NAMESPACES));
  const admin = [adminNetworkPolicy, baselineAdminNetworkPolicy, clusterNetworkPolicy];
  return {
    namespaces: namespaces.map(({ metadata }) => metadata),
    pods: bodies<PodBody>(cluster.objects(PODS)).map(podOf),
    policies: bodies<RawPolicy>(cluster.objects(networkPolicy.resource)),
    admin: admin.flatMap(({ resource }) =>
      bodies<AdminBody>(cluster.objects(resource)).map(adminOf),
    ),
  };
}
