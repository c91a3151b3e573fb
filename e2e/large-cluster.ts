import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A cluster that no picture draws one by one: many namespaces, and one of many workloads. */

export const NAMESPACES = 1500;
const WORKLOADS = 3;
export const CROWD = 'crowd';
export const CROWD_WORKLOADS = 900;

export function namespaceName(i: number): string {
  return `team-${String(i).padStart(4, '0')}`;
}

function workload(namespace: string, name: string): object {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'app', ports: [{ containerPort: 8080 }] }] },
      },
    },
  };
}

function policy(namespace: string, app: string, from: readonly object[]): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name: `to-${app}` },
    spec: {
      podSelector: { matchLabels: { app } },
      policyTypes: ['Ingress'],
      ingress: [{ from, ports: [{ protocol: 'TCP', port: 8080 }] }],
    },
  };
}

const app = (name: string) => ({ podSelector: { matchLabels: { app: name } } });
const appOf = (namespace: string, name: string) => ({
  ...app(name),
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
});

/** In each namespace web → api → db, and web of the namespace before; in the crowd one from the other. */
function* objects(): Generator<object> {
  for (let i = 0; i < NAMESPACES; i++) {
    const namespace = namespaceName(i);
    for (const name of ['web', 'api', 'db'].slice(0, WORKLOADS)) yield workload(namespace, name);
    yield policy(namespace, 'api', [app('web'), appOf(namespaceName((i * 7) % NAMESPACES), 'web')]);
    yield policy(namespace, 'db', [app('api')]);
  }
  for (let i = 0; i < CROWD_WORKLOADS; i++) {
    yield workload(CROWD, `member-${i}`);
    if (i % 3 === 0) yield policy(CROWD, `member-${i}`, [app(`member-${(i * 5) % 900}`)]);
  }
}

/** Its manifests in a folder named `large`, which is gone when the test is over. */
export async function largeCluster(): Promise<AsyncDisposable & { readonly folder: string }> {
  const home = await mkdtemp(join(tmpdir(), 'sightline-'));
  const folder = join(home, 'large');
  await mkdir(folder);
  const items = [...objects()];
  const list = { apiVersion: 'v1', kind: 'List', items };
  await writeFile(join(folder, 'cluster.json'), JSON.stringify(list));
  return { folder, [Symbol.asyncDispose]: () => rm(home, { recursive: true }) };
}
