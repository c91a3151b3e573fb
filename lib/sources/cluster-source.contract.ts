import { afterEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/model/json.ts';
import { CLUSTER_RESOURCES, NAMESPACES, PODS, type Resource } from '#lib/model/resource.ts';
import { NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import { RecordingSink } from '#lib/testing/recording-sink.ts';
import type { ClusterSource, SourceSink } from './cluster-source.ts';

/** A source, opened and not started. */
export interface SourceUnderTest {
  readonly source: ClusterSource;
  /** Creates or replaces an object while the source reads. */
  readonly set?: (object: JsonObject) => Promise<void>;
  readonly delete?: (object: JsonObject) => Promise<void>;
  /** After the test; the source was stopped. */
  readonly close?: () => Promise<void>;
}

export interface SourceDescription {
  /** `given`: it reads the objects that `open` is given. `own`: it brings its own. */
  readonly contents: 'given' | 'own';
  /** Whether what `open` gives can `set` and `delete`. */
  readonly changes: boolean;
  /** Called for each test; gives a source of its own. */
  readonly open: (objects: readonly JsonObject[]) => Promise<SourceUnderTest>;
}

const namespace = (name: string, labels: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

const pod = (name: string, labels: JsonObject, within = 'contract-shop'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: within, labels },
  spec: {
    containers: [
      {
        name: 'main',
        image: 'registry.example/web:1',
        ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
      },
    ],
  },
});

const POLICY: JsonObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'to-api', namespace: 'contract-shop', annotations: { why: 'web calls api' } },
  spec: {
    podSelector: { matchLabels: { app: 'api' } },
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [{ podSelector: { matchLabels: { app: 'web' } } }],
        ports: [{ protocol: 'TCP', port: 'http' }],
      },
    ],
  },
};

/** Names that are legal in Kubernetes and mean something to JavaScript are among them. */
const OBJECTS: readonly JsonObject[] = [
  namespace('contract-shop', { team: 'shop' }),
  namespace('constructor'),
  pod('web', { app: 'web', constructor: 'x', toString: 'y' }),
  pod('api', { app: 'api' }),
  pod('web', { app: 'web' }, 'constructor'),
  POLICY,
];

const OURS = ['contract-shop', 'constructor'];
const RESOURCES = [...CLUSTER_RESOURCES, NETWORK_POLICIES];

const ABSENT: Resource = {
  group: 'absent.sightline.dev',
  version: 'v1',
  plural: 'absences',
  kind: 'Absence',
  namespaced: true,
};

const metadataOf = ({ metadata }: JsonObject) => metadata as JsonObject;

/** What every source promises (cluster-source.ts), whatever it reads from. */
export function clusterSourceContract(
  name: string,
  { contents, changes, open }: SourceDescription,
): void {
  describe(`${name} is a cluster source`, () => {
    const opened: SourceUnderTest[] = [];

    async function start(resources: readonly Resource[] = RESOURCES, sink?: SourceSink) {
      const subject = await open(OBJECTS);
      opened.push(subject);
      const recorded = new RecordingSink();
      subject.source.start(resources, sink ?? recorded);
      return { subject, sink: recorded };
    }

    const settled = (sink: RecordingSink, resources: readonly Resource[] = RESOURCES) =>
      sink.until(() =>
        resources.every((resource) => {
          const status = sink.status(resource);
          return status === 'live' || status === 'forbidden' || status === 'not-installed';
        }),
      );

    afterEach(async () => {
      for (const { source, close } of opened.splice(0)) {
        await source.stop();
        await close?.();
      }
    });

    test('every resource gets a state, and one that is nowhere has no objects', async () => {
      const { sink } = await start([...RESOURCES, ABSENT]);
      await settled(sink, [...RESOURCES, ABSENT]);
      expect(sink.objects(ABSENT)).toEqual([]);
    });

    test('a first list arrives as one batch, and then the resource is live', async () => {
      const { sink } = await start();
      await settled(sink);
      for (const resource of RESOURCES) {
        const calls = sink.callsOf(resource);
        const live = calls.findIndex(
          (call) => call.kind === 'state' && call.state.status === 'live',
        );
        const batches = calls.slice(0, live).filter(({ kind }) => kind === 'changed');
        expect(batches.length).toBeLessThanOrEqual(1);
      }
      const [batch] = sink.batches(PODS);
      expect(new Set(batch?.map(({ type }) => type))).toEqual(new Set(['set']));
    });

    test('objects are plain JSON with their kind, their name and their namespace', async () => {
      const { sink } = await start();
      await settled(sink);
      expect(sink.objects(PODS).length).toBeGreaterThan(0);
      for (const resource of RESOURCES) {
        for (const body of sink.objects(resource)) {
          const { apiVersion, kind } = body;
          const group = resource.group === '' ? '' : `${resource.group}/`;
          expect({ apiVersion, kind }).toEqual({
            apiVersion: `${group}${resource.version}`,
            kind: resource.kind,
          });
          expect(metadataOf(body).name).toMatch(/./);
          expect(typeof metadataOf(body).namespace).toBe(
            resource.namespaced ? 'string' : 'undefined',
          );
          expect(JSON.parse(JSON.stringify(body))).toEqual(body);
        }
      }
    });

    if (contents === 'given') {
      test('what is given is what arrives, no more and no less', async () => {
        const { sink } = await start();
        await settled(sink);
        const within = (resource: Resource) =>
          sink.names(resource).filter((key) => OURS.includes(key.split('/')[0] ?? ''));
        expect(within(NAMESPACES)).toEqual(['constructor', 'contract-shop']);
        expect(within(PODS)).toEqual(['constructor/web', 'contract-shop/api', 'contract-shop/web']);
        expect(within(NETWORK_POLICIES)).toEqual(['contract-shop/to-api']);
        expect(sink.object(PODS, 'contract-shop/web')).toMatchObject({
          metadata: { labels: { app: 'web', constructor: 'x', toString: 'y' } },
          spec: { containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 8080 }] }] },
        });
        expect(sink.object(NETWORK_POLICIES, 'contract-shop/to-api')).toMatchObject(POLICY);
      });
    }

    test('nothing is told of what was not asked for', async () => {
      const { sink } = await start([PODS]);
      await settled(sink, [PODS]);
      expect(new Set(sink.calls.map(({ resource }) => resource))).toEqual(new Set(['pods']));
    });

    test('a sink that throws does not stop the source', async () => {
      const heard = new RecordingSink();
      const throwing: SourceSink = {
        changed: (...call) => {
          heard.changed(...call);
          throw new Error('the sink is broken');
        },
        stateChanged: (...call) => {
          heard.stateChanged(...call);
          throw new Error('the sink is broken');
        },
        problemsChanged: () => {
          throw new Error('the sink is broken');
        },
      };
      await start(RESOURCES, throwing);
      await settled(heard);
    });

    test('stopping is done once, and then the sink hears nothing more', async () => {
      const { subject, sink } = await start();
      await settled(sink);
      await Promise.all([subject.source.stop(), subject.source.stop()]);
      const heard = sink.calls.length;
      await subject.set?.(pod('late', {}));
      await subject.source.stop();
      expect(sink.calls).toHaveLength(heard);
    });

    test('stopping at once, while everything is under way, silences it as well', async () => {
      const { subject, sink } = await start();
      const stopping = subject.source.stop();
      const heard = sink.calls.length;
      await stopping;
      expect(sink.calls).toHaveLength(heard);
    });

    test('stopping what was never started is allowed', async () => {
      const subject = await open(OBJECTS);
      opened.push(subject);
      await subject.source.stop();
    });

    if (changes) {
      test('changes arrive, however the object came and went', async () => {
        const { subject, sink } = await start();
        if (!subject.set || !subject.delete) throw new Error('it was said to change');
        await settled(sink);
        const label = () => {
          const body = sink.object(PODS, 'contract-shop/web');
          return body === undefined ? 'gone' : (metadataOf(body).labels as JsonObject).app;
        };
        await subject.set(pod('new', { app: 'new' }));
        await sink.until(() => sink.names(PODS).includes('contract-shop/new'));
        await subject.set(pod('web', { app: 'changed' }));
        await sink.until(() => label() === 'changed');
        await subject.delete(pod('web', {}));
        await sink.until(() => label() === 'gone');
        await subject.set(pod('web', { app: 'again' }));
        await sink.until(() => label() === 'again');
        expect(sink.status(PODS)).toBe('live');
      });
    }
  });
}
