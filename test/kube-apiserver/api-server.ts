import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Agent, request } from 'undici';
import { createIdentities, type Identities, type User } from './identities.ts';
import { freePort, ServerProcess } from './server-process.ts';

const run = promisify(execFile);

type Json = Readonly<Record<string, unknown>>;

/**
 * A real kube-apiserver with etcd on loopback, for tests of any runner. No controllers run: a
 * deleted namespace stays, pods are never scheduled, and what a status says is what was written.
 */
export interface ApiServer {
  readonly url: string;
  /** The path of a kubeconfig that may do everything. */
  readonly kubeconfig: string;
  /** The path of a kubeconfig for another user, with a namespace in its context or without. */
  kubeconfigFor(user: User, namespace?: string): string;
  /** Runs kubectl as admin; gives what it printed. */
  kubectl(args: readonly string[]): Promise<string>;
  /** One request as admin; gives the answer's body, and throws unless it succeeded. */
  call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: Json): Promise<Json>;
  /** Kills kube-apiserver as a crash would; etcd and its data stay. */
  kill(): Promise<void>;
  /** Starts kube-apiserver again, at the same port over the same data. */
  restart(): Promise<void>;
  /** Freezes kube-apiserver with its connections open, until `resume`. */
  pause(): void;
  resume(): void;
  /** A second kube-apiserver over the same data, at its own port. */
  replica(): Promise<{ readonly call: ApiServer['call']; readonly stop: () => Promise<void> }>;
  /** Makes etcd forget all history, so that no watch can be taken up from before. */
  compact(): Promise<void>;
  /** Ends everything and removes its files. */
  stop(): Promise<void>;
}

/**
 * Starts one in about five seconds. The programs come from KUBEBUILDER_ASSETS, which
 * `test/kube-apiserver/build` makes and prints.
 */
export async function startApiServer(assets = process.env.KUBEBUILDER_ASSETS): Promise<ApiServer> {
  if (!assets) throw new Error('set KUBEBUILDER_ASSETS to what test/kube-apiserver/build prints');
  const directory = mkdtempSync(join(tmpdir(), 'sightline-apiserver-'));
  const identities = createIdentities(directory);
  const agent = new Agent({ connect: { ca: identities.ca } });
  const etcdUrl = `http://127.0.0.1:${await freePort()}`;
  const etcd = await startEtcd(assets, directory, etcdUrl);
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const running = new Set<ServerProcess>([etcd]);

  async function startServer(at: number): Promise<ServerProcess> {
    const args = apiServerArguments(etcdUrl, at);
    const log = join(directory, `apiserver-${at}.log`);
    const server = new ServerProcess(join(assets ?? '', 'kube-apiserver'), args, log, directory);
    running.add(server);
    await server.ready(() => answers(agent, `https://127.0.0.1:${at}/readyz`, identities), 60);
    return server;
  }

  const call =
    (base: string): ApiServer['call'] =>
    async (method, path, body) => {
      const response = await request(`${base}${path}`, {
        dispatcher: agent,
        method,
        headers: {
          authorization: `Bearer ${identities.tokens.admin}`,
          'content-type': 'application/json',
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const answer = (await response.body.json()) as Json;
      if (response.statusCode < 300) return answer;
      throw new Error(`${method} ${path}: ${response.statusCode} ${String(answer.message)}`);
    };

  async function stop(): Promise<void> {
    await agent.destroy();
    // etcd last: without it kube-apiserver would take even longer
    const [first, ...others] = running;
    await Promise.all(others.map((server) => server.stop()));
    await first?.stop();
    rmSync(directory, { recursive: true, force: true });
  }

  let server: ServerProcess;
  try {
    server = await startServer(port);
  } catch (error) {
    await stop();
    throw error;
  }
  const kubeconfig = identities.kubeconfig('admin', url);

  return {
    url,
    kubeconfig,
    kubeconfigFor: (user, namespace) => identities.kubeconfig(user, url, namespace),
    kubectl: async (args) => {
      const all = ['--kubeconfig', kubeconfig, '--cache-dir', join(directory, 'cache'), ...args];
      return (await run(join(assets, 'kubectl'), all)).stdout;
    },
    call: call(url),
    kill: async () => {
      running.delete(server);
      await server.kill();
    },
    restart: async () => {
      server = await startServer(port);
    },
    pause: () => server.pause(),
    resume: () => server.resume(),
    replica: async () => {
      const at = await freePort();
      const replica = await startServer(at);
      return {
        call: call(`https://127.0.0.1:${at}`),
        stop: async () => {
          running.delete(replica);
          await replica.stop();
        },
      };
    },
    compact: () => compact(etcdUrl),
    stop,
  };
}

async function startEtcd(assets: string, directory: string, url: string): Promise<ServerProcess> {
  const peer = `http://127.0.0.1:${await freePort()}`;
  const args = [
    ['--name', 'test'],
    ['--data-dir', join(directory, 'etcd')],
    // nobody needs the data after a crash of the machine
    ['--unsafe-no-fsync'],
    ['--listen-client-urls', url],
    ['--advertise-client-urls', url],
    ['--listen-peer-urls', peer],
    ['--initial-advertise-peer-urls', peer],
    ['--initial-cluster', `test=${peer}`],
    ['--log-level', 'warn'],
  ].flat();
  const etcd = new ServerProcess(
    join(assets, 'etcd'),
    args,
    join(directory, 'etcd.log'),
    directory,
  );
  const agent = new Agent();
  await etcd.ready(() => answers(agent, `${url}/health`), 30);
  await agent.destroy();
  return etcd;
}

function apiServerArguments(etcdUrl: string, port: number): string[] {
  return [
    ['--etcd-servers', etcdUrl],
    ['--bind-address', '127.0.0.1'],
    ['--advertise-address', '127.0.0.1'],
    ['--secure-port', String(port)],
    ['--endpoint-reconciler-type', 'none'],
    ['--service-cluster-ip-range', '10.96.0.0/16'],
    ['--tls-cert-file', 'apiserver.crt'],
    ['--tls-private-key-file', 'apiserver.key'],
    ['--client-ca-file', 'ca.crt'],
    ['--token-auth-file', 'tokens.csv'],
    ['--authorization-mode', 'RBAC'],
    ['--service-account-issuer', 'https://kubernetes.default.svc'],
    ['--service-account-key-file', 'sa.key'],
    ['--service-account-signing-key-file', 'sa.key'],
    // without controllers no namespace gets the default account its pods would need; and what nobody
    // runs may be on the host's network anywhere
    ['--disable-admission-plugins', 'ServiceAccount,PodSecurity'],
    ['--allow-privileged'],
    ['--profiling=false'],
  ].flat();
}

async function answers(agent: Agent, url: string, identities?: Identities): Promise<boolean> {
  const headers = identities ? { authorization: `Bearer ${identities.tokens.admin}` } : {};
  try {
    const response = await request(url, { dispatcher: agent, headers, headersTimeout: 2000 });
    await response.body.dump();
    return response.statusCode === 200;
  } catch {
    return false;
  }
}

/** Over etcd's JSON gateway, where numbers of 64 bits are strings. */
async function compact(etcdUrl: string): Promise<void> {
  const post = async (path: string, body: Json) => {
    const response = await request(`${etcdUrl}/v3/kv/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    const answer = (await response.body.json()) as {
      readonly header?: { readonly revision: string };
    };
    if (response.statusCode !== 200) throw new Error(`etcd: ${path}: ${response.statusCode}`);
    return answer;
  };
  const { header } = await post('range', { key: Buffer.from('a').toString('base64') });
  if (header === undefined) throw new Error('etcd tells no revision');
  await post('compaction', { revision: header.revision, physical: true });
}
