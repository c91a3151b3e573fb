import type { JsonObject } from '#lib/model/json.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import { isKeptAnnotation } from '#lib/sources/kubernetes-api/prune.ts';
import { apiVersion } from '#lib/sources/kubernetes-api/resource-path.ts';
import {
  type KeepsAnnotation,
  readListMetadata,
  readOnlyMetadata,
  readPod,
  readStatus,
} from './api-messages.ts';
import { WireError, WireReader } from './wire-reader.ts';

/** What the API calls its protobuf. */
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

type ReadItem = (reader: WireReader, keeps: KeepsAnnotation) => JsonObject;

/** The kinds with the most bytes of which the fewest are used; all others are read as JSON. */
const ITEMS: ReadonlyMap<string, ReadItem> = new Map<string, ReadItem>([
  ['pods', readPod],
  ['replicasets.apps', readOnlyMetadata('apps/v1', 'ReplicaSet')],
  ['jobs.batch', readOnlyMetadata('batch/v1', 'Job')],
]);

/** Whether lists of it can be read as protobuf. */
export function hasProtobuf(resource: Resource): boolean {
  return ITEMS.has(resourceName(resource)) && resource.version === 'v1';
}

/** `k8s` and a zero, in front of every message. */
const MAGIC = Buffer.from('k8s\0');

/**
 * A page of a list as the JSON that the API would have served, pruned. Throws a WireError when the bytes
 * are anything else.
 */
export function readListPage(resource: Resource, bytes: Buffer): JsonObject {
  const readItem = ITEMS.get(resourceName(resource));
  if (readItem === undefined) throw new WireError('lists of this kind are read as JSON');
  const { version, kind, raw } = readEnvelope(bytes);
  if (kind !== `${resource.kind}List`) throw new WireError('it is a message of another kind');
  const page = { apiVersion: version, kind };
  if (version !== apiVersion(resource)) return page;
  return { ...page, ...readList(new WireReader(raw), readItem) };
}

/** A refusal as the JSON that the API would have served. Throws a WireError when the bytes are anything else. */
export function readStatusMessage(bytes: Buffer): JsonObject {
  const { kind, raw } = readEnvelope(bytes);
  if (kind !== 'Status') throw new WireError('it is a message of another kind');
  return readStatus(new WireReader(raw));
}

/** A message, and what it says it is (runtime.Unknown). */
function readEnvelope(bytes: Buffer) {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new WireError('it is no message');
  const reader = new WireReader(bytes, MAGIC.length);
  let version = '';
  let kind = '';
  let raw: Buffer = Buffer.alloc(0);
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    switch (field) {
      case 1: {
        const outer = reader.enter();
        for (let inner = reader.field(); inner !== 0; inner = reader.field()) {
          if (inner === 1) version = reader.text();
          else if (inner === 2) kind = reader.text();
          else reader.skip();
        }
        reader.leave(outer);
        break;
      }
      case 2:
        raw = reader.bytes();
        break;
      case 3:
        if (reader.text() !== '') throw new WireError('it is encoded in an unknown way');
        break;
      default:
        reader.skip();
    }
  }
  return { version, kind, raw };
}

function readList(reader: WireReader, readItem: ReadItem): JsonObject {
  let metadata: JsonObject = {};
  const items: JsonObject[] = [];
  for (let field = reader.field(); field !== 0; field = reader.field()) {
    if (field === 1) metadata = readListMetadata(reader);
    else if (field === 2) items.push(readItem(reader, isKeptAnnotation));
    else reader.skip();
  }
  return { metadata, items };
}
