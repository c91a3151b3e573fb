import type { ObjectRef } from '#lib/model/object-ref.ts';
import type { Coverage } from './cluster-view.ts';

/** The picture: what is drawn, and the numbers of what is not. */

/** How many of a node's pods policies isolate in a direction. */
export type IsolationBadge = 'isolated' | 'open' | 'mixed' | 'unknown';

interface DrawnNode {
  /**
   * refKey for workloads, `<key>*` for bundles of them, `ns:<name>` for namespaces, `range:<label>` for
   * addresses, `rest:…` for what did not fit.
   */
  readonly id: string;
  readonly label: string;
  /** id of the namespace box it stands in; null at the top level. */
  readonly parent: string | null;
}

export interface NamespaceNode extends DrawnNode {
  readonly kind: 'namespace';
  readonly namespace: string;
  /** Collapsed: one box for all its workloads; else a frame around them. */
  readonly collapsed: boolean;
  readonly workloads: number;
  readonly pods: number;
  /** Connections between its own workloads that rest on rules: out of sight when it is collapsed. */
  readonly inside: number;
  readonly ingress: IsolationBadge;
  readonly egress: IsolationBadge;
}

export interface WorkloadNode extends DrawnNode {
  readonly kind: 'workload';
  readonly ref: ObjectRef;
  readonly namespace: string;
  readonly pods: number;
  readonly ingress: IsolationBadge;
  readonly egress: IsolationBadge;
  readonly hostNetwork: boolean;
  /** Isolated for ingress, but a rule admits everybody on these ports, e.g. `TCP 443`; else null. */
  readonly openTo: string | null;
}

/** Workloads of one namespace that policies do not tell apart, drawn as one where there are many. */
export interface BundleNode extends DrawnNode {
  readonly kind: 'workloads';
  /** refKey of the first of them: asks for all of them in a table, or has them drawn one by one. */
  readonly key: string;
  readonly namespace: string;
  /** How many workloads, at least two. */
  readonly count: number;
  readonly pods: number;
  /** Names of the first ones, at most three. */
  readonly examples: readonly string[];
  /** Connections among them that rest on rules. */
  readonly inside: number;
  readonly ingress: IsolationBadge;
  readonly egress: IsolationBadge;
  readonly hostNetwork: boolean;
  /** As of each of them. */
  readonly openTo: string | null;
}

/**
 * What did not fit into the picture, gathered: its edges are drawn, and its numbers are exact. The
 * tables list it.
 */
export interface RestNode extends DrawnNode {
  readonly kind: 'rest';
  readonly of: 'namespaces' | 'workloads' | 'outside';
  /** Of the workloads; else null. */
  readonly namespace: string | null;
  /** How many namespaces, workloads, or parts of the outside world. */
  readonly count: number;
  /** Workloads and pods in them; 0 outside the cluster. */
  readonly workloads: number;
  readonly pods: number;
  /** Connections among them that rest on rules. */
  readonly inside: number;
}

/** Addresses outside the cluster that a rule names, gathered into one node per rule's block. */
export interface OutsideNode extends DrawnNode {
  readonly kind: 'outside';
  /** `203.0.113.0/24` …, sorted. */
  readonly ranges: readonly string[];
}

export type GraphNode = NamespaceNode | WorkloadNode | BundleNode | OutsideNode | RestNode;

/** These may connect on these ports. */
export interface GraphEdge {
  /** `<source>><target>` */
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly verdict: 'allowed' | 'unknown';
  /** `TCP 8080`, `TCP 8080 (L7)` where rules look at requests, or `3 sets of ports` where an edge gathers several. */
  readonly ports: string;
  /** Pairs of workloads gathered in this edge. */
  readonly connections: number;
  /** rules: at least one side is permitted by a rule that names the other. open: both sides let everybody. dns: only DNS. */
  readonly basis: 'rules' | 'open' | 'dns';
}

export interface GraphView {
  readonly cluster: string;
  readonly revision: number;
  readonly readAt: string | null;
  /** Null for the whole cluster. */
  readonly namespace: string | null;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Drawn only when asked for: pairs of workloads with default-open traffic, and with DNS alone. */
  readonly leftOut: { readonly open: number; readonly dns: number };
  readonly coverage: Coverage;
  /** Those that are drawn by themselves, sorted. One that was asked for expanded may not have had the room. */
  readonly namespaces: readonly { readonly name: string; readonly expanded: boolean }[];
  /** All there are in the cluster, or in the namespace asked for; drawn or not. */
  readonly totals: {
    readonly namespaces: number;
    readonly workloads: number;
    readonly pods: number;
  };
}

/** What the URL asks for. */
export interface GraphQuery {
  /** Null for the whole cluster. */
  readonly namespace: string | null;
  /** Namespaces drawn expanded; null lets the size decide. */
  readonly expanded: readonly string[] | null;
  /** Keys of bundles whose workloads are drawn one by one. */
  readonly opened: readonly string[];
  readonly showOpen: boolean;
  readonly showDns: boolean;
  /** A workload (refKey) around which default-open traffic is drawn as well. */
  readonly focus: string | null;
}
