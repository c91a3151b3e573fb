import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { PortQuery } from '#lib/engine/explanation.ts';
import type { Service, ServiceBackend, ServicePort } from '#lib/model/cluster.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { selects } from '#lib/model/selector.ts';
import { addressEnds, type NamedEndpoint, podEnds } from './endpoint-ends.ts';

/** What a Service leads to: its backends, each with the port that it is reached on (GEN-7 … GEN-9). */

/** A destination with the port that reaches it; null for any. */
export interface Target {
  readonly end: NamedEndpoint;
  readonly port: PortQuery | null;
  /** Where the policies of the source see it, when that is before a Service is translated (AWS-2). */
  readonly dialled?: {
    /** Null is the destination itself: the plugin knows which pods a Service stands for. */
    readonly end: NamedEndpoint | null;
    readonly port: PortQuery;
  };
}

function endKey({ view }: NamedEndpoint): string {
  return view.kind === 'pod' ? refKey(view.ref) : JSON.stringify(view);
}

/** The backends that a Service's own selector finds, where no slice tells. */
function selectedEnds(
  connectivity: Connectivity,
  { namespace, selector }: Service,
): readonly NamedEndpoint[] {
  if (selector === null) return [];
  // Whole groups are ruled out first: many Services are looked up in many pods.
  const groups = connectivity.groups.filter((group) => group.namespace.name === namespace);
  return podEnds({ groups }, (pod) => selects(selector, pod.labels));
}

function endsAt(
  connectivity: Connectivity,
  { at }: ServiceBackend,
  asSource = false,
): readonly NamedEndpoint[] {
  return typeof at === 'string' ? [] : addressEnds(connectivity, asSource, at);
}

/** All backends: those of its EndpointSlices where they were read, else those it selects (GEN-8). */
export function backendEnds(
  connectivity: Connectivity,
  service: Service,
  asSource: boolean,
): readonly NamedEndpoint[] {
  if (service.backends === null) return selectedEnds(connectivity, service);
  const ends = service.backends.flatMap((backend) => endsAt(connectivity, backend, asSource));
  // A pod of both families has an endpoint of each.
  return [...new Map(ends.map((end) => [endKey(end), end])).values()];
}

/** Names of hosts among the backends: whom they stand for, only a name server says. */
export function backendNames({ backends, externalName }: Service): readonly string[] {
  if (externalName !== null) return [externalName];
  return (backends ?? []).flatMap(({ at }) => (typeof at === 'string' ? [at] : []));
}

/** The ports of a pod by that name. */
export function portsNamed({ endpoint }: NamedEndpoint, name: string): readonly PortQuery[] {
  if (endpoint.kind !== 'pods') return [];
  return endpoint.pods[0].ports
    .filter((port) => port.name === name)
    .map(({ protocol, port }) => ({ protocol, port }));
}

/** The target port as the Service itself says it; a name is looked up in each backend (GEN-8). */
function ownTarget({ protocol, targetPort }: ServicePort, end: NamedEndpoint) {
  return typeof targetPort === 'number'
    ? [{ protocol, port: targetPort }]
    : portsNamed(end, targetPort).filter((port) => port.protocol === protocol);
}

/** The target port as the backend's slice says it; its ports have the names of the Service's. */
function sliceTarget(wanted: ServicePort, { ports }: ServiceBackend, end: NamedEndpoint) {
  // A slice that lists no ports says nothing of them.
  if (ports.length === 0) return ownTarget(wanted, end);
  return ports
    .filter(({ name, protocol }) => name === wanted.name && protocol === wanted.protocol)
    .map(({ protocol, port }) => ({ protocol, port: port ?? wanted.port }));
}

function targetKey({ end, port }: Target): string {
  return `${endKey(end)} ${port?.protocol} ${port?.port}`;
}

/** Where a connection to a port of a Service with an address of its own ends. */
export function serviceTargets(
  connectivity: Connectivity,
  service: Service,
  wanted: ServicePort,
): readonly Target[] {
  const targets = translatedTargets(connectivity, service, wanted);
  return connectivity.snapshot.profile.name === 'aws'
    ? targets.flatMap((target) => seenBefore(connectivity, service, wanted, target))
    : targets;
}

/**
 * The plugin of EKS checks egress before translation: it permits the addresses of Services that select
 * the pods of a rule, on the rule's port, and knows no pods behind a Service without a selector (AWS-2).
 */
function seenBefore(
  connectivity: Connectivity,
  { selector, clusterAddresses }: Service,
  { protocol, port }: ServicePort,
  target: Target,
): readonly Target[] {
  const dialled = { protocol, port };
  const [address] = clusterAddresses;
  if (selector !== null || address === undefined)
    return [{ ...target, dialled: { end: null, port: dialled } }];
  return addressEnds(connectivity, false, address).map((end) => ({
    ...target,
    dialled: { end, port: dialled },
  }));
}

function translatedTargets(
  connectivity: Connectivity,
  service: Service,
  wanted: ServicePort,
): readonly Target[] {
  const { backends } = service;
  const at = (end: NamedEndpoint, ports: readonly PortQuery[]) =>
    ports.map((port): Target => ({ end, port }));
  if (backends === null)
    return selectedEnds(connectivity, service).flatMap((end) => at(end, ownTarget(wanted, end)));
  const found = backends.flatMap((backend) =>
    endsAt(connectivity, backend).flatMap((end) => at(end, sliceTarget(wanted, backend, end))),
  );
  return [...new Map(found.map((target) => [targetKey(target), target])).values()];
}
