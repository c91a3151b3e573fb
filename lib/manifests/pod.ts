import { z } from 'zod';
import type { ContainerPort, Pod } from '#lib/model/cluster.ts';
import { type IpAddress, parseIp } from '#lib/model/ip-address.ts';
import type { ObjectOrigin } from '#lib/model/problem.ts';
import { ipAddress } from './addresses.ts';
import {
  controllerOf,
  namespacedMetadata,
  orAbsent,
  ownAnnotations,
  type Parsed,
  parseObject,
  scrapeIn,
} from './metadata.ts';
import { type ContainerFields, type PodFields, plainPod } from './plain-pod.ts';
import { portNumber, protocol } from './ports.ts';

/** On a pod made from a workload's template in a file: how many the workload asks for. */
export const REPLICAS_ANNOTATION = 'sightline.dev/replicas';

const container = z.looseObject({
  restartPolicy: orAbsent(z.string()),
  ports: orAbsent(
    z.array(
      z.looseObject({
        name: orAbsent(z.string()),
        containerPort: portNumber,
        protocol,
        // Nothing but a finding asks for it: no reason to refuse a pod.
        hostPort: z.number().optional().catch(undefined),
      }),
    ),
  ),
});

const podObject = z.looseObject({
  metadata: namespacedMetadata,
  spec: orAbsent(
    z.looseObject({
      nodeName: orAbsent(z.string()),
      hostNetwork: orAbsent(z.boolean()),
      serviceAccountName: orAbsent(z.string()),
      // Nothing but a finding asks for it: no reason to refuse a pod.
      automountServiceAccountToken: z.boolean().optional().catch(undefined),
      containers: orAbsent(z.array(container)),
      initContainers: orAbsent(z.array(container)),
    }),
  ),
  status: orAbsent(
    z.looseObject({
      phase: orAbsent(z.string()),
      podIP: orAbsent(z.string()),
      podIPs: orAbsent(z.array(z.looseObject({ ip: ipAddress }))),
    }),
  ),
});

/** A pod by the schema, of which the plain ones are a part. */
export function podBySchema(body: unknown, origin: ObjectOrigin | null): Parsed<PodFields> {
  return parseObject(podObject, 'Pod', body, origin);
}

/** Reads a Pod, from an API or from a file, where it usually has no status. */
export function parsePod(body: unknown, origin: ObjectOrigin | null): Parsed<Pod> {
  const plain = plainPod(body);
  if (plain !== null) return { ok: true, value: podOf(plain, origin) };
  const parsed = podBySchema(body, origin);
  return parsed.ok ? { ok: true, value: podOf(parsed.value, origin) } : parsed;
}

function podOf({ metadata, spec, status }: PodFields, origin: ObjectOrigin | null): Pod {
  const { namespace, name, labels, annotations } = metadata;
  const phase = status?.phase ?? 'Unknown';
  const mounts = spec?.automountServiceAccountToken;
  const pod: Pod = {
    namespace,
    name,
    labels,
    annotations: ownAnnotations(annotations),
    addresses: addressesOf(status),
    node: spec?.nodeName || null,
    hostNetwork: spec?.hostNetwork ?? false,
    serviceAccount: spec?.serviceAccountName || 'default',
    phase,
    finished: phase === 'Succeeded' || phase === 'Failed', // GEN-18
    ports: portsOf(spec),
    workload: controllerOf(metadata) ?? { kind: 'Pod', namespace, name },
    // Only a file speaks for several pods: one that an API lists is one, whatever it carries.
    replicas: origin === null ? 1 : replicasOf(annotations.get(REPLICAS_ANNOTATION)),
    origin,
  };
  // Few have these, and a pod without them is smaller.
  const scrape = annotations.size === 0 ? undefined : scrapeIn(annotations).scrape;
  if (mounts === undefined && scrape === undefined) return pod;
  return {
    ...pod,
    ...(mounts === undefined ? {} : { mountsToken: mounts }),
    ...(scrape === undefined ? {} : { scrape }),
  };
}

/** All families (GEN-20); pods of old API servers have `podIP` alone. */
function addressesOf(status: PodFields['status']): readonly IpAddress[] {
  const several = status?.podIPs ?? [];
  if (several.length > 0) return several.map(({ ip }) => ip);
  const single = parseIp(status?.podIP ?? '');
  return single === null ? NOTHING : [single];
}

/** One array for all that have none. */
const NOTHING: readonly never[] = [];

/** Those of the last pod: siblings have the same, and share them. */
let lastPorts: readonly ContainerPort[] = NOTHING;

function portsOf(spec: PodFields['spec']): readonly ContainerPort[] {
  const ports: ContainerPort[] = [];
  for (const each of spec?.containers ?? []) addPorts(ports, each, 'regular');
  for (const each of spec?.initContainers ?? [])
    addPorts(ports, each, each.restartPolicy === 'Always' ? 'sidecar' : 'init');
  if (ports.length === 0) return NOTHING;
  if (!areSamePorts(ports, lastPorts)) lastPorts = ports;
  return lastPorts;
}

function areSamePorts(a: readonly ContainerPort[], b: readonly ContainerPort[]): boolean {
  return a.length === b.length && a.every((port, i) => isSamePort(port, b[i]));
}

function isSamePort(a: ContainerPort, b: ContainerPort | undefined): boolean {
  return (
    a.port === b?.port &&
    a.name === b.name &&
    a.protocol === b.protocol &&
    a.container === b.container &&
    a.hostPort === b.hostPort
  );
}

function addPorts(
  to: ContainerPort[],
  { ports = [] }: ContainerFields,
  container: ContainerPort['container'],
): void {
  for (const { name = null, protocol: spoken, containerPort, hostPort } of ports) {
    const port = { name, protocol: spoken, port: containerPort, container };
    to.push(hostPort ? { ...port, hostPort } : port);
  }
}

/** A workload scaled to zero still counts as one pod: what it may reach is asked before it runs. */
function replicasOf(written: string | undefined): number {
  const count = Number(written ?? 1);
  return Number.isSafeInteger(count) && count > 0 ? count : 1;
}
