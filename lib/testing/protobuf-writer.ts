import type { Json, JsonObject } from '#lib/model/json.ts';

/**
 * Writes lists as the API server does in protobuf, as far as fields are read from them, with fields in
 * between that nobody reads.
 */

type Write = (value: Json) => Buffer;
/** By the name of the field: its number in the .proto file, and how its value is written. */
type Shape = Readonly<Record<string, readonly [number, Write]>>;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

const tagged = (field: number, wire: number) => varint(field * 8 + wire);
const delimited = (bytes: Buffer) => Buffer.concat([varint(bytes.length), bytes]);
const text: Write = (value) => Buffer.from(String(value));
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** A field, or one for each item of a list. */
function field(number: number, value: Json, write: Write): Buffer {
  if (isList(value)) return Buffer.concat(value.map((item) => field(number, item, write)));
  return typeof value === 'number' || typeof value === 'boolean'
    ? Buffer.concat([tagged(number, 0), varint(Number(value))])
    : Buffer.concat([tagged(number, 2), delimited(write(value))]);
}

/** Of every type of the wire one, under numbers that are not in use. */
const NOISE = Buffer.concat([
  tagged(900, 0),
  varint(300),
  tagged(901, 1),
  Buffer.alloc(8, 0xff),
  tagged(902, 2),
  delimited(Buffer.from([0x0a, 0xff, 0xff])),
  tagged(903, 5),
  Buffer.alloc(4, 0xff),
]);

function message(shape: Shape): Write {
  return (value) => {
    const parts = Object.entries(value as JsonObject).flatMap(([name, each]) => {
      const known = Object.hasOwn(shape, name) ? shape[name] : undefined;
      return known === undefined || each === undefined || each === null
        ? []
        : [NOISE, field(known[0], each, known[1])];
    });
    return Buffer.concat([...parts, NOISE]);
  };
}

const ENTRY = message({ key: [1, text], value: [2, text] });
/** A map is written as a list of its entries. */
const map = (value: Json): readonly Json[] =>
  Object.entries((value ?? {}) as JsonObject).map(([key, each]) => ({ key, value: each ?? '' }));

const METADATA = message({
  name: [1, text],
  generateName: [2, text],
  namespace: [3, text],
  uid: [5, text],
  resourceVersion: [6, text],
  labels: [11, ENTRY],
  annotations: [12, ENTRY],
  ownerReferences: [
    13,
    message({ kind: [1, text], name: [3, text], uid: [4, text], controller: [6, text] }),
  ],
});
const CONTAINER = message({
  name: [1, text],
  image: [2, text],
  ports: [
    6,
    message({
      name: [1, text],
      hostPort: [2, text],
      containerPort: [3, text],
      protocol: [4, text],
    }),
  ],
  restartPolicy: [24, text],
});
const ITEM = message({
  metadata: [1, METADATA],
  spec: [
    2,
    message({
      containers: [2, CONTAINER],
      serviceAccountName: [8, text],
      nodeName: [10, text],
      hostNetwork: [11, text],
      initContainers: [20, CONTAINER],
      automountServiceAccountToken: [21, text],
    }),
  ],
  status: [
    3,
    message({
      phase: [1, text],
      hostIP: [5, text],
      podIP: [6, text],
      podIPs: [12, message({ ip: [1, text] })],
    }),
  ],
});
const LIST = message({
  metadata: [
    1,
    message({ resourceVersion: [2, text], continue: [3, text], remainingItemCount: [4, text] }),
  ],
  items: [2, ITEM],
});
const ENVELOPE = message({
  typeMeta: [1, message({ apiVersion: [1, text], kind: [2, text] })],
  raw: [2, (value) => Buffer.from(String(value), 'latin1')],
});

const STATUS = message({
  status: [2, text],
  message: [3, text],
  reason: [4, text],
  details: [5, message({ name: [1, text], retryAfterSeconds: [5, text] })],
  code: [6, text],
});

/** A refusal. */
export function writeStatus(status: JsonObject): Buffer {
  return enveloped({ apiVersion: 'v1', kind: 'Status' }, STATUS(status));
}

function enveloped(typeMeta: JsonObject, raw: Buffer): Buffer {
  const content = ENVELOPE({ typeMeta, raw: raw.toString('latin1') });
  return Buffer.concat([Buffer.from('k8s\0'), content]);
}

/** Of objects with other parts of a spec than a pod's, the metadata alone. */
export function writeListPage(page: JsonObject): Buffer {
  const { apiVersion = '', kind = '', metadata = {}, items } = page;
  const written = ((items ?? []) as readonly JsonObject[]).map((item) => ({
    ...(kind === 'PodList' ? item : {}),
    metadata: withEntries((item.metadata ?? {}) as JsonObject),
  }));
  return enveloped({ apiVersion, kind }, LIST({ metadata, items: written }));
}

function withEntries({ labels = null, annotations = null, ...metadata }: JsonObject): JsonObject {
  return { ...metadata, labels: map(labels), annotations: map(annotations) };
}
