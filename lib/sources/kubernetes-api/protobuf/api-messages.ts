import type { JsonObject } from '#lib/model/json.ts';
import { Repeated } from './repeated.ts';
import type { WireReader } from './wire-reader.ts';

/**
 * Messages of the Kubernetes API, as the JSON that the API serves for them, as far as it is used. The
 * numbers are those of the fields in the .proto files of k8s.io/api, which never change their meaning.
 * A field that JSON leaves out when it is empty is undefined then.
 */

/** Annotations that are kept. */
export type KeepsAnnotation = (key: string) => boolean;

type Texts = Record<string, string>;

/** Adds an entry of a map; also one whose key means something to JavaScript. */
function addEntry(reader: WireReader, to: Texts | undefined, keeps?: KeepsAnnotation) {
  let key = '';
  let value = '';
  const outer = reader.enter();
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field === 1) key = reader.text();
    else if (field === 2 && (key === '' || keeps?.(key) !== false)) value = reader.text();
    else reader.skip();
  }
  reader.leave(outer);
  if (keeps?.(key) === false) return to;
  const texts = to ?? {};
  if (key === '__proto__') Object.defineProperty(texts, key, { value, ...ORDINARY });
  else texts[key] = value;
  return texts;
}

/** The fields of a message made of nothing but one field, read one by one. */
function readEach<T>(reader: WireReader, readOne: (reader: WireReader) => T): T[] {
  const all: T[] = [];
  while (reader.field() !== 0) all.push(readOne(reader));
  return all;
}

function readLabels(reader: WireReader): Texts {
  const labels: Texts = {};
  while (reader.field() !== 0) addEntry(reader, labels);
  return labels;
}

const ORDINARY = { configurable: true, enumerable: true, writable: true };

function readOwner(reader: WireReader): JsonObject {
  let kind = '';
  let name = '';
  let controller: boolean | undefined;
  const outer = reader.enter();
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    switch (field) {
      case 1:
        kind = reader.text();
        break;
      case 3:
        name = reader.text();
        break;
      case 6:
        controller = reader.flag();
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return { kind, name, controller };
}

const labelsField = new Repeated(readLabels);
const ownersField = new Repeated((reader) => readEach(reader, readOwner));

/** ObjectMeta. */
function readMetadata(reader: WireReader, keeps: KeepsAnnotation): JsonObject {
  let name = '';
  let namespace: string | undefined;
  let uid: string | undefined;
  let resourceVersion: string | undefined;
  let labels: Texts | undefined;
  let annotations: Texts | undefined;
  let ownerReferences: readonly JsonObject[] | undefined;
  const outer = reader.enter();
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    switch (field) {
      case 1:
        name = reader.ownText();
        break;
      case 3:
        namespace = reader.text() || undefined;
        break;
      case 5:
        uid = reader.ownText() || undefined;
        break;
      case 6:
        resourceVersion = reader.ownText() || undefined;
        break;
      case 11:
        labels = labelsField.read(reader);
        break;
      case 12:
        annotations = addEntry(reader, annotations, keeps);
        break;
      case 13:
        ownerReferences = ownersField.read(reader);
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return { name, namespace, uid, resourceVersion, labels, annotations, ownerReferences };
}

function readPort(reader: WireReader): JsonObject {
  let name: string | undefined;
  let hostPort: number | undefined;
  let containerPort = 0;
  let protocol: string | undefined;
  const outer = reader.enter();
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    switch (field) {
      case 1:
        name = reader.text() || undefined;
        break;
      case 2:
        hostPort = reader.number() || undefined;
        break;
      case 3:
        containerPort = reader.number();
        break;
      case 4:
        protocol = reader.text() || undefined;
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return { name, hostPort, containerPort, protocol };
}

/** One for each of the first containers of a pod: the ports of the second are not those of the first. */
const portsFields = Array.from(
  { length: 4 },
  () => new Repeated((reader) => readEach(reader, readPort)),
);

function readContainer(reader: WireReader, position: number): JsonObject {
  const portsField = portsFields[position % portsFields.length];
  let name = '';
  let ports: readonly JsonObject[] | undefined;
  let restartPolicy: string | undefined;
  const outer = reader.enter();
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    switch (field) {
      case 1:
        name = reader.text();
        break;
      case 6:
        ports = portsField?.read(reader);
        break;
      case 24:
        restartPolicy = reader.text() || undefined;
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return { name, ports, restartPolicy };
}

function readPodSpec(reader: WireReader): JsonObject {
  const containers: JsonObject[] = [];
  let initContainers: JsonObject[] | undefined;
  let serviceAccountName: string | undefined;
  let nodeName: string | undefined;
  let hostNetwork: boolean | undefined;
  let automountServiceAccountToken: boolean | undefined;
  const outer = reader.enter();
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    switch (field) {
      case 2:
        containers.push(readContainer(reader, containers.length));
        break;
      case 8:
        serviceAccountName = reader.text() || undefined;
        break;
      case 10:
        nodeName = reader.text() || undefined;
        break;
      case 11:
        hostNetwork = reader.flag() || undefined;
        break;
      case 20:
        initContainers ??= [];
        initContainers.push(readContainer(reader, initContainers.length + 2));
        break;
      case 21:
        automountServiceAccountToken = reader.flag();
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return {
    nodeName,
    hostNetwork,
    serviceAccountName,
    automountServiceAccountToken,
    containers,
    initContainers,
  };
}

function readPodIp(reader: WireReader): JsonObject {
  let ip = '';
  const outer = reader.enter();
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field === 1) ip = reader.text();
    else reader.skip();
  }
  reader.leave(outer);
  return { ip };
}

function readPodStatus(reader: WireReader): JsonObject {
  let phase: string | undefined;
  let podIP: string | undefined;
  let podIPs: JsonObject[] | undefined;
  const outer = reader.enter();
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    switch (field) {
      case 1:
        phase = reader.text() || undefined;
        break;
      case 6:
        // it is the first of podIPs as well, which then is at hand
        podIP = reader.text() || undefined;
        break;
      case 12:
        podIPs ??= [];
        podIPs.push(readPodIp(reader));
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return { phase, podIP, podIPs };
}

/** Pod. */
export function readPod(reader: WireReader, keeps: KeepsAnnotation): JsonObject {
  let metadata: JsonObject = {};
  let spec: JsonObject | undefined;
  let status: JsonObject | undefined;
  const outer = reader.enter();
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    switch (field) {
      case 1:
        metadata = readMetadata(reader, keeps);
        break;
      case 2:
        spec = readPodSpec(reader);
        break;
      case 3:
        status = readPodStatus(reader);
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec, status };
}

/** An object of any kind, of which the metadata alone are used. */
export function readOnlyMetadata(apiVersion: string, kind: string) {
  return (reader: WireReader, keeps: KeepsAnnotation): JsonObject => {
    let metadata: JsonObject = {};
    const outer = reader.enter();
    for (let field = reader.field(); field !== 0; field = reader.field()) {
      if (field === 1) metadata = readMetadata(reader, keeps);
      else reader.skip();
    }
    reader.leave(outer);
    return { apiVersion, kind, metadata };
  };
}

/** ListMeta. */
export function readListMetadata(reader: WireReader): JsonObject {
  let resourceVersion: string | undefined;
  let next: string | undefined;
  let remainingItemCount: number | undefined;
  const outer = reader.enter();
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    switch (field) {
      case 2:
        resourceVersion = reader.ownText();
        break;
      case 3:
        next = reader.ownText() || undefined;
        break;
      case 4:
        remainingItemCount = reader.number();
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return { resourceVersion, continue: next, remainingItemCount };
}

/** StatusDetails. */
function readStatusDetails(reader: WireReader): JsonObject {
  let retryAfterSeconds: number | undefined;
  const outer = reader.enter();
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field === 5) retryAfterSeconds = reader.number() || undefined;
    else reader.skip();
  }
  reader.leave(outer);
  return { retryAfterSeconds };
}

/** Status, which stands for a refusal. */
export function readStatus(reader: WireReader): JsonObject {
  let message: string | undefined;
  let reason: string | undefined;
  let details: JsonObject | undefined;
  let code: number | undefined;
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    switch (field) {
      case 3:
        message = reader.ownText() || undefined;
        break;
      case 4:
        reason = reader.text() || undefined;
        break;
      case 5:
        details = readStatusDetails(reader);
        break;
      case 6:
        code = reader.number() || undefined;
        break;
      default:
        reader.skip();
    }
  }
  return { kind: 'Status', message, reason, details, code };
}
