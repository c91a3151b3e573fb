import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeConfigOptions } from '#lib/sources/kubernetes-api/kubeconfig.ts';

/** What a test writes into a kubeconfig; JSON is YAML. */
export interface FakeKubeConfig {
  readonly server: string;
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly namespace?: string;
}

/** A directory that is there as long as a test. */
export class TemporaryDirectory implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'sightline-'));

  file(name: string): string {
    return join(this.path, name);
  }

  /** Gives the path of the file. */
  write(name: string, content: string, mode = 0o600): string {
    const path = this.file(name);
    writeFileSync(path, content, { mode });
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A kubeconfig with the one context `test`. */
export function kubeConfigText({ server, cluster, user, namespace }: FakeKubeConfig): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test-cluster', cluster: { server, ...cluster } }],
    contexts: [
      { name: 'test', context: { cluster: 'test-cluster', user: 'test-user', namespace } },
    ],
    users: [{ name: 'test-user', user: user ?? {} }],
  });
}

/** Options that find this file and nothing of the machine the test runs on. */
export function kubeConfigAt(
  file: string,
  environment: KubeConfigOptions['environment'] = {},
): KubeConfigOptions {
  return { file, environment, allowHttp: true };
}
