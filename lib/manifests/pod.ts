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

type PodObject = z.output<typeof podObject>;
type Container = z.output<typeof container>;

/** Reads a Pod, from an API or from a file, where it usually has no status. */
export function parsePod(body: unknown, origin: ObjectOrigin | null): Parsed<Pod> {
  const parsed = parseObject(podObject, 'Pod', body, origin);
  if (!parsed.ok) return parsed;
  const { metadata, spec, status } = parsed.value;
  const { namespace, name, labels, annotations } = metadata;
  const phase = status?.phase ?? 'Unknown';
  return {
    ok: true,
    value: {
      namespace,
      name,
      labels,
      annotations: ownAnnotations(annotations),
      ...scrapeIn(annotations),
      addresses: addressesOf(status),
      node: spec?.nodeName || null,
      hostNetwork: spec?.hostNetwork ?? false,
      serviceAccount: spec?.serviceAccountName || 'default',
      ...(spec?.automountServiceAccountToken === undefined
        ? {}
        : { mountsToken: spec.automountServiceAccountToken }),
      phase,
      finished: phase === 'Succeeded' || phase === 'Failed', // GEN-18
      ports: [
        ...(spec?.containers ?? []).flatMap((each) => portsOf(each, 'regular')),
        ...(spec?.initContainers ?? []).flatMap((each) =>
          portsOf(each, each.restartPolicy === 'Always' ? 'sidecar' : 'init'),
        ),
      ],
      workload: controllerOf(metadata) ?? { kind: 'Pod', namespace, name },
      // Only a file speaks for several pods: one that an API lists is one, whatever it carries.
      replicas: origin === null ? 1 : replicasOf(annotations.get(REPLICAS_ANNOTATION)),
      origin,
    },
  };
}

/** All families (GEN-20); pods of old API servers have `podIP` alone. */
function addressesOf(status: PodObject['status']): readonly IpAddress[] {
  const several = status?.podIPs ?? [];
  if (several.length > 0) return several.map(({ ip }) => ip);
  const single = parseIp(status?.podIP ?? '');
  return single === null ? [] : [single];
}

function portsOf(
  { ports = [] }: Container,
  kind: ContainerPort['container'],
): readonly ContainerPort[] {
  return ports.map(({ name, protocol: spoken, containerPort, hostPort }) => ({
    name: name ?? null,
    protocol: spoken,
    port: containerPort,
    container: kind,
    ...(hostPort ? { hostPort } : {}),
  }));
}

/** A workload scaled to zero still counts as one pod: what it may reach is asked before it runs. */
function replicasOf(written: string | undefined): number {
  const count = Number(written ?? 1);
  return Number.isSafeInteger(count) && count > 0 ? count : 1;
}
