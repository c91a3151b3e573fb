import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '#lib/model/json.ts';
import { JOBS, NODES, PODS, REPLICA_SETS } from '#lib/model/resource.ts';
import { prune } from '#lib/sources/kubernetes-api/prune.ts';
import { writeListPage } from '#lib/testing/protobuf-writer.ts';
import { readListPage } from './list-page.ts';
import { WireError } from './wire-reader.ts';

/** The real bytes are those of test/cluster/protobuf.test.ts; these are every shape, and no shape at all. */

const text = fc.oneof(
  fc.constantFrom('web', 'a.b/c', 'constructor', 'x'.repeat(200), 'ü', '漢字 🚀'),
  fc.string({ unit: 'grapheme', minLength: 1 }),
);
/** JSON leaves out what is empty. */
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const some = <T>(item: fc.Arbitrary<T>) => optional(fc.array(item, { minLength: 1, maxLength: 3 }));
const texts = fc.dictionary(
  fc.oneof(text, fc.constantFrom('__proto__', 'sightline.dev/x', 'prometheus.io/scrape', '')),
  fc.oneof(text, fc.constant('')),
);
const number = fc.integer({ min: 1, max: 65_535 });
const container = {
  name: text,
  image: optional(text),
  ports: some(
    fc.record({
      name: optional(text),
      hostPort: optional(number),
      containerPort: number,
      protocol: optional(text),
    }),
  ),
  restartPolicy: optional(text),
};
const metadata = fc.record({
  name: text,
  generateName: optional(text),
  namespace: optional(text),
  uid: text,
  resourceVersion: text,
  labels: texts,
  annotations: texts,
  ownerReferences: some(
    fc.record({ kind: text, name: text, uid: text, controller: optional(fc.boolean()) }),
  ),
});
const pod = fc.record({
  metadata,
  spec: fc.record({
    nodeName: optional(text),
    hostNetwork: optional(fc.constant(true)),
    serviceAccountName: optional(text),
    automountServiceAccountToken: optional(fc.boolean()),
    containers: fc.array(fc.record(container), { maxLength: 3 }),
    initContainers: some(fc.record(container)),
  }),
  status: fc.record({
    phase: optional(text),
    hostIP: optional(text),
    podIP: optional(text),
    podIPs: some(fc.record({ ip: text })),
  }),
});
const listMetadata = fc.record({
  resourceVersion: text,
  continue: optional(text),
  remainingItemCount: optional(fc.nat({ max: 10_000_000 })),
});

/** JSON has no undefined, and a map without entries is left out as well. */
function plain(value: unknown): Json {
  return JSON.parse(
    JSON.stringify(value, (key, each: unknown) =>
      (key === 'labels' || key === 'annotations') && Object.keys(each ?? {}).length === 0
        ? undefined
        : each,
    ),
  );
}

function expected(resource: typeof PODS, item: unknown): Json {
  const { group, version, kind } = resource;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return plain(prune(resource, { apiVersion, kind, ...(plain(item) as JsonObject) }));
}

test('a page of pods says in protobuf what it says in JSON', () => {
  fc.assert(
    fc.property(fc.array(pod, { maxLength: 4 }), listMetadata, (items, meta) => {
      const page = plain({ apiVersion: 'v1', kind: 'PodList', metadata: meta, items });
      const read = readListPage(PODS, writeListPage(page as JsonObject));
      expect(plain(read)).toEqual({
        ...(page as JsonObject),
        items: items.map((item) => expected(PODS, item)),
      });
    }),
    { numRuns: 300 },
  );
});

test.each([REPLICA_SETS, JOBS])('of $kind the metadata are read', (resource) => {
  fc.assert(
    fc.property(fc.array(metadata, { maxLength: 3 }), (all) => {
      const items = all.map((each) => ({ metadata: each }));
      const apiVersion = `${resource.group}/${resource.version}`;
      const page = { apiVersion, kind: `${resource.kind}List`, metadata: {}, items };
      const read = readListPage(resource, writeListPage(plain(page) as JsonObject));
      expect(plain(read.items)).toEqual(items.map((item) => expected(resource, item)));
    }),
  );
});

/** What reading gives: JSON, or the one error it may throw. */
function attempt(bytes: Buffer): 'read' | 'refused' {
  try {
    JSON.stringify(readListPage(PODS, bytes));
    return 'read';
  } catch (error) {
    if (error instanceof WireError) return 'refused';
    throw error;
  }
}

const PAGE: Buffer = writeListPage({
  apiVersion: 'v1',
  kind: 'PodList',
  metadata: { resourceVersion: '7', continue: 'next', remainingItemCount: 3 },
  items: [
    {
      metadata: {
        name: 'a',
        namespace: 'shop',
        uid: 'u',
        resourceVersion: '1',
        labels: { a: 'b' },
      },
      spec: { containers: [{ name: 'c', ports: [{ containerPort: 80 }] }] },
      status: { phase: 'Running', podIPs: [{ ip: '10.0.0.1' }] },
    },
  ],
});

test('bytes of any kind are read or refused, and never take long', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.concat([Buffer.from('k8s\0'), each])),
    fc.uint8Array({ maxLength: 50 }).map((each) => Buffer.from(each)),
    fc
      .array(fc.tuple(fc.nat({ max: PAGE.length - 1 }), fc.nat({ max: 255 })), { maxLength: 6 })
      .map((edits) => {
        const changed = Buffer.from(PAGE);
        for (const [at, byte] of edits) changed[at] = byte;
        return changed;
      }),
    fc.constantFrom(
      Buffer.concat([Buffer.from('k8s\0'), Buffer.alloc(10_000, 0x80)]),
      Buffer.concat([Buffer.from('k8s\0'), Buffer.alloc(10_000, 0xff)]),
      Buffer.concat([Buffer.from('k8s\0\x12'), Buffer.alloc(12, 0x80), Buffer.alloc(10)]),
    ),
  );
  fc.assert(
    fc.property(bytes, (each) => {
      attempt(each);
    }),
    { numRuns: 20_000, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
  );
});

function pick(page: Json): object {
  const { metadata: own, items } = page as JsonObject;
  return { metadata: own, items };
}

test('a page that was cut short anywhere is refused, not taken for a shorter one', () => {
  const whole = plain(readListPage(PODS, PAGE));
  for (let length = 0; length < PAGE.length; length++) {
    const cut = PAGE.subarray(0, length);
    if (attempt(cut) === 'refused') continue;
    // before the list there is one of no version, which no source takes; behind it all is there
    const { metadata: read = {}, items = [] } = readListPage(PODS, cut);
    if (JSON.stringify(read) === '{}') expect(items).toEqual([]);
    else expect(plain({ metadata: read, items })).toMatchObject(pick(whole));
  }
  expect(attempt(PAGE)).toBe('read');
});

test.each([
  ['another kind of list', { apiVersion: 'v1', kind: 'SecretList' }, PODS],
  ['a kind that is read as JSON', { apiVersion: 'v1', kind: 'NodeList' }, NODES],
])('%s is refused', (_, page, resource) => {
  expect(() => readListPage(resource, writeListPage(page))).toThrow(WireError);
});

test('another version is told, for whoever asked to refuse it', () => {
  const page = writeListPage({ apiVersion: 'v2', kind: 'PodList', items: [] });
  expect(readListPage(PODS, page)).toEqual({ apiVersion: 'v2', kind: 'PodList' });
});
