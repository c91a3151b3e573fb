import type { ObjectRef } from './object-ref.ts';

/** What tells which network plugin runs, and what is known of it. */

export interface PluginContainer {
  readonly name: string;
  readonly image: string;
  /** Command and arguments, word by word. */
  readonly words: readonly string[];
  /** Those that are written out; values taken from elsewhere are not here. */
  readonly environment: ReadonlyMap<string, string>;
}

/** A DaemonSet: plugins run as one, on every node. */
export interface DaemonSet {
  readonly namespace: string;
  readonly name: string;
  readonly hostNetwork: boolean;
  readonly containers: readonly PluginContainer[];
  /** The nodes that are to run it, as its status says; null before it has one. */
  readonly wanted: number | null;
}

/** An object that a plugin takes its settings from: a ConfigMap, or one of its own kinds. */
export interface PluginConfiguration {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
}

/** What a plugin that enforces policies runs as, where that is not to run on every node. */
export interface NodesLeftOut {
  readonly count: number;
  /** The DaemonSets that run its agent; pods of theirs tell where it is. */
  readonly daemonSets: readonly ObjectRef[];
}

/** Which network plugin enforces the policies of a cluster, and how that is known. */
export interface NetworkPlugin {
  /**
   * chosen: a person stated it. detected: it was seen in the cluster. assumed: nothing was there to
   * see, as in a folder of manifests. undetected: it could not be found out.
   */
  readonly how: 'chosen' | 'detected' | 'assumed' | 'undetected';
  /** For people: `Calico`, `AWS VPC CNI and Calico`; null when there is none, or none is known. */
  readonly title: string | null;
  readonly version: string | null;
  /** Plugins that enforce policies side by side; a connection must pass them all. */
  readonly engines: number;
  /** What it was recognised by, and the settings that matter, in sentences. */
  readonly evidence: readonly string[];
  /** What could not be read and would have mattered, in sentences. */
  readonly unread: readonly string[];
  /** Absent where it is to run on every node, and where that is not known. */
  readonly leavesOut?: NodesLeftOut;
}
