import { type IpAddress, parseIp } from '#lib/model/ip-address.ts';
import { isJsonObject } from '#lib/model/json.ts';
import { LabelSets, type Labels, NO_LABELS } from '#lib/model/labels.ts';
import { MAX_PORT, MIN_PORT, type Protocol } from '#lib/model/port-set.ts';

/**
 * Reads the pods that are as they should be, which nearly all are: the schema takes ten times as long,
 * and a cluster has many. What it reads is what the schema reads; where there is anything unusual it
 * gives up, and the schema says what it is.
 */

export interface PodFields {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly labels: Labels;
    readonly annotations: Labels;
    readonly ownerReferences?: readonly OwnerFields[] | undefined;
  };
  readonly spec?: SpecFields | undefined;
  readonly status?: StatusFields | undefined;
}

export interface OwnerFields {
  readonly kind: string;
  readonly name: string;
  readonly controller?: boolean | undefined;
}

export interface SpecFields {
  readonly nodeName?: string | undefined;
  readonly hostNetwork?: boolean | undefined;
  readonly serviceAccountName?: string | undefined;
  readonly automountServiceAccountToken?: boolean | undefined;
  readonly containers?: readonly ContainerFields[] | undefined;
  readonly initContainers?: readonly ContainerFields[] | undefined;
}

export interface ContainerFields {
  readonly restartPolicy?: string | undefined;
  readonly ports?: readonly PortFields[] | undefined;
}

export interface PortFields {
  readonly name?: string | undefined;
  readonly containerPort: number;
  readonly protocol: Protocol;
  readonly hostPort?: number | undefined;
}

export interface StatusFields {
  readonly phase?: string | undefined;
  readonly podIP?: string | undefined;
  readonly podIPs?: readonly { readonly ip: IpAddress }[] | undefined;
}

type Fields = { readonly [field: string]: unknown };

/** Thrown inside, and caught: the object is not a plain one. */
const UNUSUAL = new Error('the schema is to read this');

/** Null when the schema is needed. */
export function plainPod(body: unknown): PodFields | null {
  try {
    const { metadata, spec, status } = fields(body);
    return {
      metadata: metadataOf(fields(metadata)),
      spec: isAbsent(spec) ? undefined : specOf(fields(spec)),
      status: isAbsent(status) ? undefined : statusOf(fields(status)),
    };
  } catch (error) {
    if (error === UNUSUAL) return null;
    throw error;
  }
}

const labelSets = new LabelSets();

function metadataOf({ namespace, name, labels, annotations, ownerReferences }: Fields) {
  if (typeof name !== 'string' || name === '' || namespace === '') throw UNUSUAL;
  return {
    namespace: textOr(namespace) ?? 'default',
    name,
    labels: labelsOf(labels),
    annotations: annotationsOf(annotations),
    ownerReferences: each(ownerReferences, ownerOf),
  };
}

/** The last ones that were frozen: siblings that share what was read share what is made of it. */
let frozen: { readonly written: unknown; readonly labels: Labels } = {
  written: null,
  labels: NO_LABELS,
};

function labelsOf(value: unknown): Labels {
  if (isAbsent(value)) return NO_LABELS;
  if (value === frozen.written) return frozen.labels;
  const labels = labelSets.of(textsOf(value));
  if (Object.isFrozen(value)) frozen = { written: value, labels };
  return labels;
}

function annotationsOf(value: unknown): Labels {
  const texts = textsOf(value);
  return texts.length === 0 ? NO_LABELS : new Map(texts);
}

function textsOf(value: unknown): [string, string][] {
  if (isAbsent(value)) return [];
  const entries = Object.entries(fields(value));
  for (const [, text] of entries) if (typeof text !== 'string') throw UNUSUAL;
  return entries as [string, string][];
}

function ownerOf({ kind, name, controller }: Fields): OwnerFields {
  if (typeof kind !== 'string' || typeof name !== 'string') throw UNUSUAL;
  return { kind, name, controller: flagOr(controller) };
}

function specOf(spec: Fields): SpecFields {
  const mounts = spec.automountServiceAccountToken;
  return {
    nodeName: textOr(spec.nodeName),
    hostNetwork: flagOr(spec.hostNetwork),
    serviceAccountName: textOr(spec.serviceAccountName),
    automountServiceAccountToken: typeof mounts === 'boolean' ? mounts : undefined,
    containers: each(spec.containers, containerOf),
    initContainers: each(spec.initContainers, containerOf),
  };
}

function containerOf({ restartPolicy, ports }: Fields): ContainerFields {
  return { restartPolicy: textOr(restartPolicy), ports: each(ports, portOf) };
}

function portOf({ name, containerPort, protocol, hostPort }: Fields): PortFields {
  if (typeof containerPort !== 'number' || !Number.isInteger(containerPort)) throw UNUSUAL;
  if (containerPort < MIN_PORT || containerPort > MAX_PORT) throw UNUSUAL;
  return {
    name: textOr(name),
    containerPort,
    protocol: protocolOf(protocol),
    hostPort: typeof hostPort === 'number' && Number.isFinite(hostPort) ? hostPort : undefined,
  };
}

function protocolOf(value: unknown): Protocol {
  switch (value) {
    case 'TCP':
    case 'UDP':
    case 'SCTP':
      return value;
    case undefined:
    case null:
      return 'TCP';
    default:
      throw UNUSUAL;
  }
}

function statusOf({ phase, podIP, podIPs }: Fields): StatusFields {
  return { phase: textOr(phase), podIP: textOr(podIP), podIPs: each(podIPs, addressOf) };
}

function addressOf({ ip: text }: Fields): { readonly ip: IpAddress } {
  const ip = typeof text === 'string' ? parseIp(text) : null;
  if (ip === null) throw UNUSUAL;
  return { ip };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function fields(value: unknown): Fields {
  if (!isJsonObject(value)) throw UNUSUAL;
  return value;
}

function each<T>(value: unknown, read: (item: Fields) => T): readonly T[] | undefined {
  if (isAbsent(value)) return undefined;
  if (!Array.isArray(value)) throw UNUSUAL;
  return value.map((item) => read(fields(item)));
}

function textOr(value: unknown): string | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value !== 'string') throw UNUSUAL;
  return value;
}

function flagOr(value: unknown): boolean | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value !== 'boolean') throw UNUSUAL;
  return value;
}
