import type { IpAddress } from './ip-address.ts';
import type { Labels } from './labels.ts';
import type { ObjectRef } from './object-ref.ts';
import type { Protocol } from './port-set.ts';
import type { ObjectOrigin } from './problem.ts';
import type { Selector } from './selector.ts';

/** The objects around policies, read and validated. Everything here is trusted. */

export interface Namespace {
  readonly name: string;
  /** Always with `kubernetes.io/metadata.name` (SEL-12). */
  readonly labels: Labels;
  /** False when no Namespace object was read and it is only mentioned by others. */
  readonly declared: boolean;
  /** False when namespaces may not be read: then only the name label is sure, and selectors on others are unknown. */
  readonly labelsKnown: boolean;
  /** Those under `sightline.dev/`, with which its owner speaks to us. */
  readonly annotations: Labels;
}

export interface ContainerPort {
  readonly name: string | null;
  readonly protocol: Protocol;
  readonly port: number;
  /** Which containers count for named ports is the CNI's affair (NP-39). */
  readonly container: 'regular' | 'sidecar' | 'init';
  /** Open on the pod's node as well. */
  readonly hostPort?: number;
}

/** Its annotations tell Prometheus to read its metrics. */
export interface Scrape {
  /** Null where no port is named. */
  readonly port: number | null;
}

export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** Those under `sightline.dev/`, with which its owner speaks to us. */
  readonly annotations: Labels;
  readonly addresses: readonly IpAddress[];
  readonly node: string | null;
  /** Shares its node's network: never a subject, never matched by selectors (GEN-13). */
  readonly hostNetwork: boolean;
  /** `default` where the pod names none, as the API server fills in. */
  readonly serviceAccount: string;
  /** Whether it mounts a token of its account; absent where it leaves that to the account. */
  readonly mountsToken?: boolean;
  readonly scrape?: Scrape;
  readonly phase: string;
  /** Succeeded or Failed: owns no address and takes no part in traffic (GEN-18). */
  readonly finished: boolean;
  readonly ports: readonly ContainerPort[];
  /** The controller it belongs to, or the pod itself. */
  readonly workload: ObjectRef;
  /** How many pods this one stands for: 1, or a template's replicas when it was read from manifests. */
  readonly replicas: number;
  readonly origin: ObjectOrigin | null;
}

export interface ServicePort {
  readonly name: string | null;
  readonly protocol: Protocol;
  readonly port: number;
  /** Open on every node, for the types NodePort and LoadBalancer; null without one. */
  readonly nodePort: number | null;
  /** Number, or the name of a container port of each backend. */
  readonly targetPort: number | string;
}

/** One address behind a Service, with the ports that it answers on, as an EndpointSlice tells. */
export interface ServiceBackend {
  /** An address, or the name of a host in a slice of names. */
  readonly at: IpAddress | string;
  /** The ports of its slice; each has the name of the Service's port that leads there. */
  readonly ports: readonly {
    readonly name: string | null;
    readonly protocol: Protocol;
    /** Null leaves it to the client. */
    readonly port: number | null;
  }[];
}

export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  readonly clusterAddresses: readonly IpAddress[];
  readonly headless: boolean;
  readonly scrape?: Scrape;
  /** Null when its endpoints are managed by somebody else. */
  readonly selector: Selector | null;
  readonly ports: readonly ServicePort[];
  /** From EndpointSlices: addresses behind it; null when none were read, then the selector stands in. */
  readonly endpoints: readonly IpAddress[] | null;
  /** The same with their ports, and with those that are names; null as above. */
  readonly backends: readonly ServiceBackend[] | null;
  /** What an ExternalName stands for; null for the other types. */
  readonly externalName: string | null;
  /** Whether connections from outside keep the client's address, and use backends of the same node alone (GEN-10). */
  readonly externalTrafficPolicy: 'Cluster' | 'Local';
  /** Local: pods reach backends on their own node alone (AMB-15). */
  readonly internalTrafficPolicy: 'Cluster' | 'Local';
  /** Addresses under which it is reached from outside: of its load balancer, and its external ones. */
  readonly externalAddresses: readonly IpAddress[];
}

export interface Node {
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly IpAddress[];
  /** `v1.34.2`, `v1.33.5+k3s1`; null when it is not told. */
  readonly kubeletVersion: string | null;
  /** What k3s was started with on this node; null for nodes of other distributions. */
  readonly k3sArguments: readonly string[] | null;
}

/** `shop/web-7d4f` as `namespace/name`; the key of pods and services. */
export function namespacedName(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
