import { expect, test, vi } from 'vitest';
import { PODS } from '#lib/model/resource.ts';
import { NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import { createAuthority } from '#lib/testing/certificates.ts';
import { FakeApiServer } from '#lib/testing/fake-api-server.ts';
import { kubeConfigText, TemporaryDirectory } from '#lib/testing/fake-kubeconfig.ts';
import { type Clusters, createClusters } from './clusters.ts';
import {
  CannotStart,
  type Environment,
  readConfiguration,
  type ServeOptions,
} from './configuration.ts';
import { createLog } from './log.ts';

/** Port 9 of this machine: nobody is there. */
const SERVER = 'https://127.0.0.1:9';

function kubeConfig(contexts: readonly string[], current: string | null): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current ?? undefined,
    clusters: [{ name: 'c', cluster: { server: SERVER } }],
    users: [{ name: 'u', user: {} }],
    contexts: contexts.map((name) => ({ name, context: { cluster: 'c', user: 'u' } })),
  });
}

function create(environment: Environment, options: ServeOptions = {}): Clusters {
  const configuration = readConfiguration(options, {
    HOME: '/nonexistent',
    LOG_LEVEL: 'silent',
    ...environment,
  });
  return createClusters(configuration, createLog('silent'), () => {});
}

const names = (clusters: Clusters) => clusters.list().map(({ name }) => name);

test('without a kubeconfig there is the demo', () => {
  const clusters = create({});
  expect(names(clusters)).toEqual(['demo']);
  expect(clusters.announcement).toBe('No kubeconfig found: showing the embedded demo cluster');
});

test('the current context comes first, then the others, then the demo', () => {
  using directory = new TemporaryDirectory();
  const KUBECONFIG = directory.write(
    'config',
    kubeConfig(['staging', 'arn:aws:eks/x', 'demo'], 'demo'),
  );
  const clusters = create({ KUBECONFIG });
  expect(names(clusters)).toEqual(['demo-2', 'staging', 'arn-aws-eks-x', 'demo']);
  expect(clusters.announcement).toBe(`Showing context demo (${SERVER})`);
  expect(clusters.find('staging')?.summary().origin).toEqual({
    kind: 'kubernetes-api',
    context: 'staging',
    server: SERVER,
  });
});

test('a context and a file that are named win', () => {
  using directory = new TemporaryDirectory();
  const kubeconfig = directory.write('config', kubeConfig(['a', 'b'], 'a'));
  expect(names(create({}, { kubeconfig, context: 'b' }))).toEqual(['b', 'a', 'demo']);
});

test.each<[string, ServeOptions, string]>([
  [
    'a context that is not there',
    { context: 'nope' },
    'there is no context "nope"; there are a, b',
  ],
  [
    'a kubeconfig that is not there',
    { kubeconfig: '/nonexistent/config' },
    'there is no kubeconfig',
  ],
  ['manifests that are not there', { manifests: '/nonexistent' }, 'there is no file or folder'],
])('%s, asked for by name, does not start', (_what, options, message) => {
  using directory = new TemporaryDirectory();
  const KUBECONFIG = directory.write('config', kubeConfig(['a', 'b'], 'a'));
  expect(() => create({ KUBECONFIG }, options)).toThrow(message);
  expect(() => create({ KUBECONFIG }, options)).toThrow(CannotStart);
});

test('a kubeconfig without a current context chooses none: the demo comes first', () => {
  using directory = new TemporaryDirectory();
  const clusters = create({ KUBECONFIG: directory.write('config', kubeConfig(['a'], null)) });
  expect(names(clusters)).toEqual(['demo', 'a']);
  expect(clusters.announcement).toContain('names no current context');
});

test.each([
  ['not YAML', '{', 'kubeconfig', 'not valid YAML'],
  ['empty', '', 'kubeconfig', 'kubeconfig is empty'],
  ['dangling', kubeConfig(['a'], 'gone'), 'gone', 'there is no context "gone"'],
])('a kubeconfig that is %s is a cluster that cannot be reached', async (_, text, name, cause) => {
  using directory = new TemporaryDirectory();
  const clusters = create({ KUBECONFIG: directory.write('config', text) });
  const [first] = clusters.list();
  expect(first?.name).toBe(name);
  expect(names(clusters)).toContain('demo');
  first?.start();
  expect((await first?.settled())?.freshness).toMatchObject({
    status: 'unreachable',
    cause: expect.stringContaining(cause),
  });
  await clusters.stop();
});

test('a server that does not answer is unreachable, and tried again', {
  timeout: 15_000,
}, async () => {
  using directory = new TemporaryDirectory();
  const clusters = create({ KUBECONFIG: directory.write('config', kubeConfig(['a'], 'a')) });
  const host = clusters.find('a');
  host?.start();
  await vi.waitFor(
    () =>
      expect(host?.summary().freshness).toMatchObject({
        status: 'unreachable',
        cause: expect.stringContaining('ECONNREFUSED'),
        attempt: expect.any(Number),
      }),
    { timeout: 10_000 },
  );
  await clusters.stop();
});

test('an outage leaves the last picture, stale, until the server is back', {
  timeout: 40_000,
}, async () => {
  using directory = new TemporaryDirectory();
  const authority = createAuthority('test');
  const tls = authority.issue({ commonName: 'api', use: 'server', hosts: ['127.0.0.1'] });
  const server = await FakeApiServer.start({ resources: [NETWORK_POLICIES], tls });
  server.store.set(PODS, {
    metadata: { namespace: 'shop', name: 'web' },
    spec: { containers: [{ name: 'a', image: 'b' }] },
    status: { phase: 'Running' },
  });
  const ca = Buffer.from(authority.cert).toString('base64');
  const cluster = { 'certificate-authority-data': ca };
  const KUBECONFIG = directory.write('config', kubeConfigText({ server: server.url, cluster }));
  const clusters = create({ KUBECONFIG });
  const host = clusters.find('test');
  const freshness = (status: string) =>
    vi.waitFor(() => expect(host?.summary().freshness.status).toBe(status), { timeout: 15_000 });

  host?.start();
  await freshness('live');
  const before = host?.summary();
  expect(before).toMatchObject({
    revision: 1,
    counts: { pods: 1 },
    plugin: { how: 'undetected', profile: 'undetected', enforces: 'unknown' },
    gaps: [],
  });
  await server.close();
  await freshness('stale');
  expect(host?.summary()).toMatchObject({
    revision: 1,
    counts: { pods: 1 },
    freshness: { cause: expect.stringContaining(server.url.replace('https://', '')) },
  });
  await server.open();
  await freshness('live');
  expect(host?.summary().counts.pods).toBe(1);
  await clusters.stop();
  await server.close();
});

test('manifests are named after their folder', async () => {
  using directory = new TemporaryDirectory();
  directory.write('pod.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n');
  const clusters = create({}, { manifests: directory.path });
  const [first] = clusters.list();
  expect(names(clusters)).toEqual([directory.path.split('/').at(-1), 'demo']);
  first?.start();
  expect(await first?.settled()).toMatchObject({
    freshness: { status: 'live' },
    plugin: { how: 'assumed', profile: 'kubernetes', enforces: 'yes' },
  });
  await clusters.stop();
});

test('eight uploads are kept, the oldest makes room', async () => {
  const clusters = create({});
  const uploads = Array.from({ length: 9 }, (_, i) => clusters.addUpload(`# ${i}`));
  expect(names(clusters)).toEqual(['demo', ...uploads.slice(1).map(({ name }) => name)]);
  expect(uploads[0]?.name).toMatch(/^upload-[0-9a-f]{8}$/);
  await clusters.stop();
});
