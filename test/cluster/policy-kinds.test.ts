import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '#lib/model/json.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import { readConfiguration } from '#lib/server/configuration.ts';
import { type Running, startServer } from '#lib/server/serve.ts';
import { askedView } from '#lib/testing/asked-view.ts';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import type { ExplanationView } from '#lib/view/explanation-view.ts';
import { type ApiServer, startApiServer } from '#test/kube-apiserver/api-server.ts';
import { DEFINITIONS, install, isDefined, SERVED_FORMS, uninstall } from './definitions.ts';
import { apply, namespace, pod } from './objects.ts';
import { sampleOf } from './policy-samples.ts';

/**
 * Kinds and their objects come and go while the server runs: what it answers follows, without a
 * restart. The definitions are those of the projects themselves.
 */

const RESOURCES = SERVED_FORMS.map(({ resource }) => resource).filter(isDefined);
const PLUGINS = [...new Set(RESOURCES.map((resource) => sampleOf(resource).cni))];

let api: ApiServer;
/** A server for each plugin whose kinds are tried. */
const servers = new Map<string, Dashboard>();

type Condition = () => boolean | Promise<boolean>;

interface Dashboard {
  verdict(): Promise<string>;
  /** The policies that the answer names. */
  cited(): Promise<readonly string[]>;
  /** As the status panel tells it. */
  listOf(resource: Resource): string | undefined;
  /** Fulfilled when an event of the stream finds it so. */
  until(holds: Condition): Promise<void>;
}

/** No kubelet is there to say that a pod runs. */
async function startPod(name: string, ip: string): Promise<void> {
  const body = pod(name, 'shop', { app: name });
  await apply(api.call, body);
  const status = { phase: 'Running', podIP: ip, podIPs: [{ ip }] };
  await api.call('PUT', `/api/v1/namespaces/shop/pods/${name}/status`, { ...body, status });
}

async function startDashboard(cni: string): Promise<Dashboard> {
  const environment = { LOG_LEVEL: 'silent', HOME: '/nonexistent' };
  const options = { kubeconfig: api.kubeconfig, cni, port: 0, noAuth: true };
  const running: Running = await startServer(readConfiguration(options, environment), () => ({
    pages: async () => {},
    close: async () => {},
  }));
  stops.push(() => running.stop());
  const { application, url } = running;
  const name = application.clusters()[0]?.name ?? '';
  const query = { from: 'shop/web', to: 'shop/db', port: { protocol: 'TCP', port: 80 } } as const;
  const ask = () => askedView<ExplanationView>(application, name, { view: 'explanation', query });
  const events = followEvents(url);
  const dashboard: Dashboard = {
    verdict: async () => (await ask()).verdict,
    cited: async () => {
      const { parts } = await ask();
      return [...new Set(JSON.stringify(parts).match(/"name":"(sample|default)"/g))];
    },
    listOf: (resource) =>
      application.cluster(name).resources.find((each) => each.resource === resourceName(resource))
        ?.status,
    until: (holds) => events(async () => application.cluster(name).revision > 0 && holds()),
  };
  await dashboard.until(() => application.cluster(name).freshness.status === 'live');
  return dashboard;
}

/** Reads the server's stream; gives a way to wait for an event after which something holds. */
function followEvents(url: string): (holds: Condition) => Promise<void> {
  const waiting = new Set<() => Promise<void>>();
  // The server ends it when it stops.
  get(`${url}api/events`, { agent: false }, (response) => {
    createInterface({ input: response }).on('line', (line) => {
      if (!line.startsWith('data: ')) return;
      const { revision }: Partial<ClusterSummary> = JSON.parse(line.slice('data: '.length));
      if (revision !== undefined) for (const look of waiting) void look();
    });
  });
  return (holds) =>
    new Promise((resolve, reject) => {
      const look = async () => {
        if (!(await Promise.resolve(holds()).catch(reject))) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      void look();
    });
}

const stops: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  if (DEFINITIONS.length === 0) return;
  api = await startApiServer();
  await apply(api.call, namespace('shop'));
  await startPod('web', '10.0.0.1');
  await startPod('db', '10.0.0.2');
  for (const cni of PLUGINS) servers.set(cni, await startDashboard(cni));
});

afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
  await api?.stop();
});

function serverFor(resource: Resource): Dashboard {
  const server = servers.get(sampleOf(resource).cni);
  if (server === undefined) throw new Error('no server');
  return server;
}

/** As `kubectl replace`. */
async function replace(path: string, body: JsonObject): Promise<void> {
  const { metadata } = (await api.call('GET', path)) as { readonly metadata: JsonObject };
  await api.call('PUT', path, { ...body, metadata });
}

describe.skipIf(DEFINITIONS.length === 0)('every kind with a definition', () => {
  test('is read', () => {
    const names = new Set(RESOURCES.map(resourceName));
    const others = DEFINITIONS.map(({ metadata }) => metadata.name).filter(
      (each) => !names.has(each),
    );
    expect(others).toEqual([]);
  });

  test('R18 B16 is noticed when it is installed, without a restart', {
    timeout: 180_000,
  }, async () => {
    for (const resource of RESOURCES)
      expect(serverFor(resource).listOf(resource)).toBe('not-installed');
    for (const resource of RESOURCES) await install(api.call, resource);
    for (const resource of RESOURCES)
      await serverFor(resource).until(() => serverFor(resource).listOf(resource) === 'live');
  });

  test.each(RESOURCES.map((resource) => [resourceName(resource), resource] as const))(
    '%s: an object appears, changes and disappears',
    async (_, resource) => {
      const server = serverFor(resource);
      const sample = sampleOf(resource);
      onTestFinished(async () => void (await api.call('DELETE', sample.self).catch(() => {})));
      expect(await server.verdict()).toBe('allowed');
      await api.call('POST', sample.list, sample.blocking);
      await server.until(async () => (await server.verdict()) === 'blocked');
      expect(await server.cited()).not.toEqual([]);
      await replace(sample.self, sample.open);
      await server.until(async () => (await server.verdict()) === 'allowed');
      expect(await server.cited()).not.toEqual([]);
      await replace(sample.self, sample.blocking);
      await server.until(async () => (await server.verdict()) === 'blocked');
      await api.call('DELETE', sample.self);
      await server.until(async () => (await server.verdict()) === 'allowed');
      expect(await server.cited()).toEqual([]);
    },
  );

  test('R18 B16 takes its objects along when it is removed', { timeout: 180_000 }, async () => {
    for (const resource of RESOURCES) {
      const server = serverFor(resource);
      const sample = sampleOf(resource);
      await api.call('POST', sample.list, sample.blocking);
      await server.until(async () => (await server.verdict()) === 'blocked');
      await uninstall(api.call, resource);
      await server.until(() => server.listOf(resource) === 'not-installed');
      await server.until(async () => (await server.verdict()) === 'allowed');
    }
  });
});
