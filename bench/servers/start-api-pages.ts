import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ClusterShape } from '#bench/clusters/cluster-shape.ts';
import { kubeConfigText, TemporaryDirectory } from '#lib/testing/fake-kubeconfig.ts';
import type { Wire } from './api-pages.ts';

/** An API server that runs elsewhere, and a kubeconfig for it, as long as they are in use. */
export interface ApiPages extends Disposable {
  /** Path of the kubeconfig. */
  readonly kubeConfig: string;
}

const ENTRY = fileURLToPath(new URL('./api-pages-main.ts', import.meta.url));

export async function startApiPages(shape: ClusterShape, wire: Wire): Promise<ApiPages> {
  const child = fork(ENTRY, [JSON.stringify({ shape, wire })]);
  const [{ url }] = await once(child, 'message');
  const directory = new TemporaryDirectory();
  return {
    kubeConfig: directory.write('config', kubeConfigText({ server: url })),
    [Symbol.dispose]() {
      child.kill();
      directory[Symbol.dispose]();
    },
  };
}
