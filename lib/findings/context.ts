import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { PortQuery } from '#lib/engine/explanation.ts';
import type { Namespace, Pod } from '#lib/model/cluster.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import { factsOf, type PolicyFacts } from './policy-facts.ts';

/** A connection that a way into the cluster needs: from any of its controller's pods. */
export interface NeededEntry {
  /** The Ingress or route. */
  readonly entry: PolicyRef;
  readonly controllers: readonly PodGroup[];
  readonly destination: PodGroup;
  readonly port: PortQuery;
}

/** What is known beside the analysis. */
export interface Surroundings {
  /**
   * When the state was read, null for files: what is younger than some minutes is not judged by
   * whom it selects, for what comes after it is under way.
   */
  readonly now: Date | null;
  readonly entries: readonly NeededEntry[];
}

/** What every check is given; made once for all of them. */
export interface LintContext extends Surroundings {
  readonly connectivity: Connectivity;
  readonly snapshot: ClusterSnapshot;
  readonly policies: readonly PolicyFacts[];
  /** Finished pods and those of the host's network included. */
  readonly podsIn: ReadonlyMap<string, readonly Pod[]>;
}

export function lintContext(
  connectivity: Connectivity,
  { now, entries }: Surroundings,
): LintContext {
  const { snapshot } = connectivity;
  return {
    connectivity,
    snapshot,
    policies: factsOf(connectivity),
    podsIn: Map.groupBy(snapshot.pods, ({ namespace }) => namespace),
    now,
    entries,
  };
}

const SYSTEM = /^(kube-|openshift-?|calico-|cilium$|tigera-|gke-|gmp-|amazon-|aks-|metallb-)/;

/** Namespaces of the platform, which whoever writes policies for applications does not look after. */
export function isSystemNamespace({ name }: Pick<Namespace, 'name'>): boolean {
  return SYSTEM.test(name) || name === 'local-path-storage';
}
