import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '#lib/model/json.ts';
import { PODS } from '#lib/model/resource.ts';
import { ApiTestbed } from '#lib/testing/api-testbed.ts';
import type { Fault } from '#lib/testing/fake-answers.ts';
import type { FakeWatch } from '#lib/testing/fake-watch.ts';

/** Whatever may happen between a test and its cluster. */
type Step =
  | { readonly do: 'set' | 'delete' | 'recreate'; readonly name: string }
  | { readonly do: 'compact' | 'restart' }
  | { readonly do: 'fail'; readonly fault: Fault; readonly watch: boolean }
  | { readonly do: 'break'; readonly how: (watch: FakeWatch) => void }
  | { readonly do: 'pass'; readonly seconds: number };

const name = fc.constantFrom('a', 'b', 'c', 'd');
const fault = fc.constantFrom<Fault>(
  { kind: 'reset' },
  { kind: 'status', code: 410, reason: 'Expired' },
  { kind: 'status', code: 429, headers: { 'retry-after': '2' } },
  { kind: 'status', code: 500 },
  { kind: 'status', code: 503 },
  { kind: 'status', code: 401 },
  { kind: 'raw', body: '{"half":' },
  { kind: 'raw', code: 502, body: '<html>' },
);
const breakage = fc.constantFrom<(watch: FakeWatch) => void>(
  (watch) => watch.end(),
  (watch) => watch.reset(),
  (watch) => watch.cut('{"type":"ADDED","obj'),
  (watch) => watch.write('garbage\n'),
  (watch) => watch.write('{"type":"ADDED","object":{}}\n'),
  (watch) => watch.error(410, 'Expired', 'too old'),
  (watch) => watch.error(500, 'InternalError', 'etcd'),
  (watch) => watch.freeze(),
  (watch) => watch.bookmark(),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('set', 'delete', 'recreate'), name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('compact', 'restart') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail'), fault, watch: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('break'), how: breakage }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass'), seconds: fc.nat(40) }) },
);

const exists = (bed: ApiTestbed, wanted: string) =>
  bed.server.store.list(PODS, null, 0, null)?.items.some((item) => nameOf(item) === wanted);
const nameOf = (object: JsonObject) => (object.metadata as { name: string }).name;

async function take(bed: ApiTestbed, action: Step, round: number): Promise<void> {
  const { server, clock } = bed;
  switch (action.do) {
    case 'set':
    case 'recreate':
    case 'delete': {
      if (action.do !== 'set' && exists(bed, action.name)) {
        server.store.delete(PODS, 'shop', action.name);
      }
      const labels = { round: String(round) };
      const metadata = { name: action.name, namespace: 'shop', labels };
      if (action.do !== 'delete') server.store.set(PODS, { metadata });
      return;
    }
    case 'compact':
      server.store.compact();
      return;
    case 'restart':
      await server.close();
      await server.open();
      return;
    case 'fail':
      server.failOnce(({ watch }) => watch === action.watch, action.fault);
      return;
    case 'break':
      for (const watch of [...server.watches]) action.how(watch);
      return;
    case 'pass':
      clock.advance(action.seconds * 1000);
      // the network, unlike the clock, is real
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  }
}

/** Names, identities, versions: what a store has to agree on. */
function fingerprint(objects: readonly JsonObject[]): string {
  const lines = objects.map(({ metadata }) => {
    const { name, uid, resourceVersion, labels } = metadata as JsonObject;
    return JSON.stringify([name, uid, resourceVersion, labels]);
  });
  return lines.sort().join('\n');
}

test('R8 R12 after any faults in any order, what is shown is what a fresh list gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      await using bed = await ApiTestbed.start();
      const { server, sink, clock } = bed;
      server.store.set(PODS, { metadata: { name: 'a', namespace: 'shop', labels: {} } });
      bed.start(PODS);
      for (const [round, action] of steps.entries()) await take(bed, action, round);
      // a frozen watch is only noticed by its silence
      for (const watch of [...server.watches]) watch.end();
      const wanted = () => fingerprint(server.store.list(PODS, null, 0, null)?.items ?? []);
      const arrived = () => fingerprint(sink.objects(PODS)) === wanted();
      for (let turn = 0; turn < 5000; turn += 1) {
        if (arrived() && sink.status(PODS) === 'live') break;
        if (turn % 50 === 49) clock.advance(1000);
        await new Promise(setImmediate);
      }
      expect(fingerprint(sink.objects(PODS))).toBe(wanted());
      expect(sink.status(PODS)).toBe('live');
    }),
    { numRuns: 200 },
  );
}, 120_000);
