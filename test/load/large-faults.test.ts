import { expect, test } from 'vitest';
import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import { NAMESPACES, PODS, type Resource } from '#lib/model/resource.ts';
import { type Random, seededRandom } from '#lib/sources/demo/random.ts';
import { ApiTestbed, NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import type { FakeWatch } from '#lib/testing/fake-watch.ts';
import { Churn } from './churn.ts';
import { fill } from './fill.ts';

/** The faults of a watch and of a list when twenty thousand objects are behind them: nothing is lost. */

const SEED = 8;
const CLUSTER = { seed: SEED, pods: 20_000, policies: 500, namespaces: 200 };
const WATCHED: readonly Resource[] = [PODS, NAMESPACES, NETWORK_POLICIES];

const CUTS: readonly ((watch: FakeWatch) => void)[] = [
  (watch) => watch.end(),
  (watch) => watch.reset(),
  (watch) => watch.cut('{"type":"MODIFIED","object":{"kind":"Pod","metadata":{"na'),
  (watch) => watch.error(500, 'InternalError', 'etcdserver: leader changed'),
];

/** A cluster that is read, and what changes it. */
async function startLarge() {
  const bed = await ApiTestbed.start();
  fill(bed.server.store, { cluster: CLUSTER, form: 'slim', faultyPolicies: 0 });
  // what was there at the start is no history
  bed.server.store.compact();
  return { bed, churn: new Churn(bed.server.store, SEED), random: seededRandom(SEED) };
}

const identity = ({ metadata }: JsonObject) => {
  const { namespace = '', name, uid, resourceVersion } = isJsonObject(metadata) ? metadata : {};
  return `${namespace}/${name} ${uid} ${resourceVersion}`;
};

/** What is stored and was not read, or was read and is not stored any more. */
function differences({ server, sink }: ApiTestbed, resource: Resource): string[] {
  const stored = new Set(server.store.list(resource, null, 0, null)?.items.map(identity));
  const read = new Set(sink.objects(resource).map(identity));
  const lost = [...stored].filter((each) => !read.has(each));
  return [...lost, ...[...read].filter((each) => !stored.has(each))];
}

/** The network, unlike the clock, is real. */
async function turns(count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** Lets the network deliver, and time pass where something waits for it, until what was read is what is stored. */
async function settle(bed: ApiTestbed): Promise<void> {
  const { sink, clock } = bed;
  const agrees = (each: Resource) =>
    sink.status(each) === 'live' && differences(bed, each).length === 0;
  for (let tries = 0; tries < 400 && !WATCHED.every(agrees); tries += 1) {
    await turns(200);
    clock.advance(500);
  }
  for (const each of WATCHED) {
    expect(differences(bed, each)).toEqual([]);
    expect(sink.status(each)).toBe('live');
  }
}

async function live(bed: ApiTestbed): Promise<void> {
  await bed.sink.until(() => WATCHED.every((each) => bed.sink.status(each) === 'live'));
}

/** Changes in small steps, with a little time between; `between` may break something. */
async function storm(churn: Churn, changes: number, between: () => void): Promise<void> {
  for (let made = 0; made < changes; ) {
    for (let step = 0; step < 25; step += 1) made += churn.change();
    between();
    await turns(10);
  }
}

function cutOne(watches: readonly FakeWatch[], random: Random): void {
  const watch = watches[Math.floor(random() * watches.length)];
  if (watch !== undefined) CUTS[Math.floor(random() * CUTS.length)]?.(watch);
}

test('B8 R12 after a gap that history does not cover, a relist tells the difference and no more', async () => {
  const { bed, churn } = await startLarge();
  await using _ = bed;
  bed.start(...WATCHED);
  await live(bed);
  const batches = bed.sink.batches(PODS).length;

  for (const watch of [...bed.server.watches]) watch.freeze();
  for (let made = 0; made < 3000; ) made += churn.change();
  bed.server.store.compact();
  for (const watch of [...bed.server.watches]) watch.reset();
  await settle(bed);

  // one batch with what had changed of twenty thousand
  const [difference, ...others] = bed.sink.batches(PODS).slice(batches);
  expect(others).toEqual([]);
  expect(difference?.length).toBeGreaterThan(1000);
  expect(difference?.length).toBeLessThan(3000);
}, 120_000);

test('B19 R7 R9 watches that are cut over and over in a storm lose and double nothing', async () => {
  const { bed, churn, random } = await startLarge();
  await using _ = bed;
  bed.start(...WATCHED);
  await live(bed);
  const lists = bed.server.asked('pods', 'list').length;

  let steps = 0;
  await storm(churn, 10_000, () => {
    // so far apart that each is a failure of its own, and no reason to doubt the whole
    if (steps++ % 8 === 0) cutOne(bed.server.watches, random);
    bed.clock.advance(5000);
  });
  await settle(bed);

  // whatever was cut was taken up from where it ended
  expect(bed.server.asked('pods', 'list').length).toBe(lists);
  expect(bed.server.asked('pods', 'watch').length).toBeGreaterThan(5);
}, 120_000);

test('B8 R3 changes, an expired page and a lost connection while the pages are read', async () => {
  const { bed, churn, random } = await startLarge();
  await using _ = bed;
  let expired = false;
  bed.server.intercept(({ query, resource }) => {
    if (resource !== 'pods' || !query.has('continue')) return null;
    for (let changes = 0; changes < 20; changes += 1) churn.change();
    if (!expired && random() < 0.1) {
      expired = true;
      return { kind: 'status', code: 410, reason: 'Expired' };
    }
    return random() < 0.1 ? { kind: 'reset' } : null;
  });
  bed.start(...WATCHED);
  await settle(bed);

  expect(expired).toBe(true);
  // nothing of a list that was not complete was told, in however many parts
  let told = 0;
  for (const batch of bed.sink.batches(PODS)) if (told < CLUSTER.pods) told += batch.length;
  expect(told).toBe(CLUSTER.pods);
}, 120_000);

test('B2 B21 the server restarts without its history in the middle of a storm', async () => {
  const { bed, churn, random } = await startLarge();
  await using _ = bed;
  bed.start(...WATCHED);
  await live(bed);
  for (let restarts = 0; restarts < 3; restarts += 1) {
    await storm(churn, 1000, () => {});
    await bed.server.close();
    for (let made = 0; made < 1000; ) made += churn.change();
    if (random() < 0.7) bed.server.store.compact();
    await bed.server.open();
    await storm(churn, 1000, () => bed.clock.advance(200));
  }
  await settle(bed);
}, 120_000);
