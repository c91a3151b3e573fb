import { ByNamespace } from '#lib/model/by-namespace.ts';
import type { Namespace, Node, Pod, Service } from '#lib/model/cluster.ts';
import type { EntryPoint } from '#lib/model/entry-point.ts';
import type { AddressRange } from '#lib/model/ip-address.ts';
import type { Labels } from '#lib/model/labels.ts';
import type { NetworkPlugin } from '#lib/model/network-plugin.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import type { ObjectOrigin, Problem } from '#lib/model/problem.ts';
import type { CniProfile } from './cni-profile.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { Tier } from './tiers.ts';

/** Something that could not be read, so that answers may be unknown because of it. */
export interface Gap {
  /** `networkpolicies.networking.k8s.io`, as RBAC names it. */
  readonly resource: string;
  /** not-evaluated: it was read, and what it decides is not known to the engine. */
  readonly cause: 'forbidden' | 'failed' | 'syncing' | 'not-evaluated';
  readonly message: string;
  /**
   * policies: verdicts are unknown, where they were not read. further-policies: those that allow are,
   * for another layer has to let through too; further-egress: the same towards outside addresses.
   * namespaces: selectors on their labels are. context: nothing is.
   */
  readonly affects:
    | 'policies'
    | 'further-policies'
    | 'further-egress'
    | 'pods'
    | 'namespaces'
    | 'context';
}

/** The gaps of some effect that touch a namespace. */
export function gapsIn(
  { gaps, readIn }: ClusterSnapshot,
  namespace: string,
  effects: readonly Gap['affects'][],
): readonly Gap[] {
  return gaps.filter(
    ({ affects, resource }) => effects.includes(affects) && !readIn.get(resource)?.has(namespace),
  );
}

/** The object a policy was compiled from, to show it: the text as written, or the JSON the API served. */
export interface PolicyDocument {
  readonly body: unknown;
  readonly origin: ObjectOrigin | null;
}

/** A list of blocks that policies refer to by its name or labels (CAL-22, CIL-29). */
export interface AddressSet {
  /** The API group whose policies mean it. */
  readonly resource: string;
  readonly ref: ObjectRef;
  readonly labels: Labels;
  readonly blocks: readonly AddressRange[];
  /** Whoever has an address of them; otherwise the plugin's flags say whether pods and nodes are meant (CIL-28). */
  readonly owners?: 'anybody';
  /** Names whose addresses belong to it as well, and are not known (CAL-35). */
  readonly domains?: readonly string[];
}

/** Pods sorted by namespace and name, by namespace. */
export function podsByNamespace(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  return ByNamespace.of(Map.groupBy(pods, ({ namespace }) => namespace));
}

/** The snapshot with other pods, sorted by namespace and name. */
export function withPods(snapshot: ClusterSnapshot, pods: readonly Pod[]): ClusterSnapshot {
  return { ...snapshot, pods, podsByNamespace: podsByNamespace(pods) };
}

/** A cluster at one moment: all the engine needs, and nothing that changes. */
export interface ClusterSnapshot {
  readonly namespaces: ReadonlyMap<string, Namespace>;
  /** Sorted by namespace and name. Finished pods are here too; the engine leaves them out (GEN-18). */
  readonly pods: readonly Pod[];
  /**
   * The same pods by namespace, sorted by name: the same array as in the snapshot before while none
   * of them changed. Namespaces without pods are left out.
   */
  readonly podsByNamespace: ReadonlyMap<string, readonly Pod[]>;
  readonly services: readonly Service[];
  /** Ways into the cluster, sorted by key. */
  readonly entryPoints: readonly EntryPoint[];
  readonly nodes: ReadonlyMap<string, Node>;
  /** Sorted by key. */
  readonly policies: readonly CompiledPolicy[];
  /** By policyKey. */
  readonly documents: ReadonlyMap<string, PolicyDocument>;
  /** Tiers that objects of the cluster define (CAL-3). */
  readonly tiers: readonly Tier[];
  readonly addressSets: readonly AddressSet[];
  readonly profile: CniProfile;
  /** Which plugin the profile is of, and how that is known. */
  readonly plugin: NetworkPlugin;
  readonly gaps: readonly Gap[];
  /** By resource of a gap: the namespaces it was read in all the same. */
  readonly readIn: ReadonlyMap<string, ReadonlySet<string>>;
  readonly problems: readonly Problem[];
}
