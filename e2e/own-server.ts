import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ApiTestbed, NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import { createAuthority } from '#lib/testing/certificates.ts';

const PODS = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Sightline as a person starts it, for tests that need another cluster than the demo. */
export class OwnServer implements AsyncDisposable {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  static async start(...options: readonly string[]): Promise<OwnServer> {
    const child = spawn(
      process.execPath,
      ['cli/main.ts', 'serve', '--port', '0', '--no-open', ...options],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /http:\/\/\S+/.exec(line)?.[0];
      if (url !== undefined) return new OwnServer(child, url);
    }
    throw new Error(`Sightline ended with ${child.exitCode} before it listened.`);
  }

  page(path: string): string {
    return new URL(path, this.url).href;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}

/** An API server of a test's own, behind TLS as real ones are; its only context is `test`. */
export async function ownCluster(): Promise<ApiTestbed> {
  const authority = createAuthority('e2e');
  const tls = authority.issue({ commonName: 'api', use: 'server', hosts: ['127.0.0.1'] });
  const ca = Buffer.from(authority.cert).toString('base64');
  return ApiTestbed.start({ tls, cluster: { 'certificate-authority-data': ca } });
}

export function kubeConfigOf(cluster: ApiTestbed): string {
  return cluster.directory.file('config');
}

/** Runs a network plugin on the cluster's one node, in place of the one that ran there. */
export function runPlugin(cluster: ApiTestbed, container: string, image: string): void {
  cluster.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } });
  cluster.apply({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { namespace: 'kube-system', name: 'network' },
    spec: { template: { spec: { hostNetwork: true, containers: [{ name: container, image }] } } },
    status: { desiredNumberScheduled: 1, observedGeneration: 1 },
  });
}

let addresses = 10;

export function addPod(cluster: ApiTestbed, namespace: string, name: string): void {
  const labels = { app: name };
  cluster.server.store.set(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels },
    spec: { containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 8080 }] }] },
    status: { phase: 'Running', podIPs: [{ ip: `10.0.0.${addresses++}` }] },
  });
}

export function removePod(cluster: ApiTestbed, namespace: string, name: string): void {
  cluster.server.store.delete(PODS, namespace, name);
}

/** Lets pods of one app in to those of another, in one namespace. */
export function permit(cluster: ApiTestbed, namespace: string, from: string, to: string): void {
  cluster.server.store.set(NETWORK_POLICIES, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name: `${from}-to-${to}` },
    spec: {
      podSelector: { matchLabels: { app: to } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { app: from } } }],
          ports: [{ protocol: 'TCP', port: 8080 }],
        },
      ],
    },
  });
}
