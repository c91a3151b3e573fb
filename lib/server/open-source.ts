import { createReadStream } from 'node:fs';
import type { ClusterSource } from '#lib/sources/cluster-source.ts';
import type { KubeConfigOptions } from '#lib/sources/kubernetes-api/kubeconfig.ts';

/** Where a cluster's objects are read, as plain data: its own thread opens it. */
export type Opening =
  | { readonly kind: 'demo' }
  | {
      readonly kind: 'kubernetes-api';
      readonly kubeConfig: KubeConfigOptions;
      /** Null for the current one. */
      readonly context: string | null;
    }
  /** A file or folder, followed as it changes. */
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'standard-input' }
  | { readonly kind: 'text'; readonly text: string; readonly name: string };

const manifests = () => import('#lib/sources/manifests/manifests-source.ts');

/** Loads the one source that is needed, and opens it. Rejects for what is not there. */
export async function openSource(opening: Opening): Promise<ClusterSource> {
  switch (opening.kind) {
    case 'demo': {
      const { openDemo } = await import('#lib/sources/demo/open-demo.ts');
      return openDemo();
    }
    case 'kubernetes-api': {
      const { openKubernetesApi } = await import(
        '#lib/sources/kubernetes-api/kubernetes-api-source.ts'
      );
      const { kubeConfig, context } = opening;
      return openKubernetesApi({ kubeConfig, ...(context === null ? {} : { context }) });
    }
    case 'folder': {
      const { openManifests } = await manifests();
      return openManifests({ path: opening.path, watch: true });
    }
    case 'standard-input': {
      const { openManifests } = await manifests();
      // By its number: `process.stdin` of a thread is not the process's.
      return openManifests({ path: '-', stdin: createReadStream('', { fd: 0, autoClose: false }) });
    }
    case 'text': {
      const { openManifests } = await manifests();
      return openManifests({ text: opening.text, name: opening.name });
    }
  }
}
