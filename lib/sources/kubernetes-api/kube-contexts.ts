import { resolveAccess } from './cluster-access.ts';
import { type KubeConfigOptions, loadKubeConfig } from './kubeconfig.ts';
import { KubeConfigError } from './kubeconfig-file.ts';

/** A context of the kubeconfig, to choose from. */
export interface KubeContext {
  readonly name: string;
  /** Null when `problem` says why it cannot be used. */
  readonly cluster: string | null;
  readonly server: string | null;
  readonly namespace: string | null;
  readonly problem: string | null;
}

export interface KubeContexts {
  readonly contexts: readonly KubeContext[];
  /** The current one's name; it may be missing among the contexts. */
  readonly current: string | null;
  /** What is odd but does no harm, such as a name that is defined twice. */
  readonly warnings: readonly string[];
}

/**
 * The contexts of the kubeconfig in its order; one that cannot be used is listed with the reason.
 * Throws a KubeConfigError when there is no kubeconfig or it cannot be read.
 */
export function kubeContexts(options: KubeConfigOptions): KubeContexts {
  const config = loadKubeConfig(options);
  const contexts = [...config.contexts.keys()].map((name): KubeContext => {
    try {
      const { cluster, server, namespace } = resolveAccess(config, name, options);
      return { name, cluster, server, namespace, problem: null };
    } catch (error) {
      if (!(error instanceof KubeConfigError)) throw error;
      return { name, cluster: null, server: null, namespace: null, problem: error.message };
    }
  });
  return { contexts, current: config.current, warnings: config.warnings };
}
