import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page, expect as see } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '#lib/model/json.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import { browserArguments, findBrowser } from '#scripts/find-browser.mjs';
import { type ApiServer, startApiServer } from '#test/kube-apiserver/api-server.ts';
import { apply, namespace, remove } from './objects.ts';

/** A person's way through the built dashboard, on a real API server that goes away meanwhile. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let server: ApiServer;
let dashboard: ChildProcess;
let url: string;
let browser: Browser;
let page: Page;

function runningPod(name: string, app: string, ip: string) {
  const metadata = { name, namespace: 'shop', labels: { app } };
  const body: JsonObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: {
      nodeName: 'n1',
      containers: [
        { name: 'main', image: 'registry.example/main:1', ports: [{ containerPort: 80 }] },
      ],
    },
  };
  return { body, ip, path: `/api/v1/namespaces/shop/pods/${name}/status` };
}

/** No kubelet is there to say that a pod runs; its status is written in its place. */
async function start({ body, ip, path }: ReturnType<typeof runningPod>): Promise<void> {
  await apply(server.call, body);
  const status = { phase: 'Running', podIP: ip, podIPs: [{ ip }] };
  await server.call('PUT', path, { ...body, status });
}

function policy(name: string, app: string, from: string | null): JsonObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: { app } },
      policyTypes: ['Ingress'],
      ingress:
        from === null
          ? []
          : [{ from: [{ podSelector: { matchLabels: { app: from } } }], ports: [{ port: 80 }] }],
    },
  };
}

async function startDashboard(): Promise<void> {
  dashboard = spawn(
    process.execPath,
    ['cli/main.ts', 'serve', '--kubeconfig', server.kubeconfig, '--port', '0', '--no-open'],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (dashboard.stdout === null) throw new Error('no output to read the address from');
  for await (const line of createInterface({ input: dashboard.stdout })) {
    const found = /http:\/\/\S+/.exec(line)?.[0];
    if (found === undefined || found.includes('https')) continue;
    url = found.replace(/\/$/, '');
    return;
  }
  throw new Error('the dashboard did not start');
}

/** The cluster's page, without the origin. */
let cluster: string;

async function explained(from: string, to: string): Promise<void> {
  await page.goto(`${url}${cluster}/explain?from=${from}&to=${to}&port=80`);
}

beforeAll(async () => {
  server = await startApiServer();
  await apply(server.call, namespace('shop'));
  await start(runningPod('web', 'web', '10.0.0.1'));
  await start(runningPod('api', 'api', '10.0.0.2'));
  await start(runningPod('db', 'db', '10.0.0.3'));
  await apply(server.call, policy('db', 'db', 'api'));
  await startDashboard();
  const executablePath = await findBrowser();
  if (executablePath === undefined) throw new Error('no browser: npm test installs one');
  browser = await chromium.launch({ executablePath, args: browserArguments() });
  page = await browser.newPage();
});

afterAll(async () => {
  await browser?.close();
  if (dashboard?.exitCode === null) {
    dashboard.kill();
    await once(dashboard, 'exit');
  }
  await server?.stop();
});

test('the map shows the cluster, and an explanation names its policy', async () => {
  await page.goto(url);
  await see(page).toHaveURL(/\/c\/[^/]+$/, { timeout: 20_000 });
  cluster = new URL(page.url()).pathname;
  await see(page.getByText('Live', { exact: true })).toBeVisible({ timeout: 20_000 });
  const graph = (await (
    await page.request.get(`${url}/api/clusters/${cluster.split('/').at(-1)}/graph`)
  ).json()) as GraphView;
  expect(graph.edges.map(({ id }) => id)).toEqual(['shop/api[Pod]>shop/db[Pod]']);
  await explained('shop/web', 'shop/db');
  await see(page.getByRole('heading', { name: /shop\/web is blocked from shop\/db/ })).toBeVisible({
    timeout: 20_000,
  });
});

test('a policy that is applied shows without reloading', async () => {
  await explained('shop/web', 'shop/api');
  await see(page.getByRole('heading', { name: /shop\/web can reach shop\/api/ })).toBeVisible({
    timeout: 20_000,
  });
  await apply(server.call, policy('api', 'api', null));
  await see(page.getByRole('heading', { name: /shop\/web is blocked from shop\/api/ })).toBeVisible(
    { timeout: 20_000 },
  );
});

test('the API server dies and comes back, and what happened meanwhile is shown', async () => {
  await server.kill();
  await see(page.getByText(/stale/i).first()).toBeVisible({ timeout: 30_000 });
  // The last state stays on the screen.
  await see(
    page.getByRole('heading', { name: /shop\/web is blocked from shop\/api/ }),
  ).toBeVisible();
  const replica = await server.replica();
  await remove(replica.call, policy('api', 'api', null));
  await remove(replica.call, runningPod('db', 'db', '10.0.0.3').body);
  await replica.stop();
  await server.restart();
  await see(page.getByRole('heading', { name: /shop\/web can reach shop\/api/ })).toBeVisible({
    timeout: 40_000,
  });
  await see(page.getByText('Live', { exact: true })).toBeVisible({ timeout: 20_000 });
  await explained('shop/api', 'shop/db');
  await see(page.getByText(/there is no .*shop\/db/i).first()).toBeVisible({ timeout: 20_000 });
});
