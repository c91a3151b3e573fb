import type { Action, Direction, PolicyNote } from '#lib/engine/compiled-policy.ts';
import type { RuleRef, UnknownCause, Verdict } from '#lib/engine/explanation.ts';
import type { ObjectRef, PolicyRef } from '#lib/model/object-ref.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import type { EntryLine } from './entry-view.ts';
import type { IsolationBadge } from './graph-view.ts';

/** One end of a connection, for people to read and to link to. */
export type EndpointView =
  | { readonly kind: 'workload'; readonly ref: ObjectRef; readonly pods: number }
  | { readonly kind: 'pod'; readonly ref: ObjectRef; readonly workload: ObjectRef }
  | { readonly kind: 'node'; readonly name: string; readonly address: string }
  /** Addresses outside the cluster; `label` is a CIDR where it is one. */
  | { readonly kind: 'addresses'; readonly label: string; readonly first: string };

export interface PodLine {
  readonly namespace: string;
  readonly name: string;
  readonly phase: string;
  readonly addresses: readonly string[];
  readonly node: string | null;
  readonly hostNetwork: boolean;
  readonly finished: boolean;
  /** How many pods the line stands for: 1, or a template's replicas when it was read from manifests. */
  readonly replicas: number;
}

/** A peer or port of a rule as written, with what it matches now. */
export interface RulePeerView {
  readonly path: FieldPath;
  /** `anyone`, `pods app=web in this namespace`, `10.0.0.0/8 except 10.1.0.0/16` … as data for the words. */
  readonly match:
    | { readonly kind: 'anyone' }
    | {
        readonly kind: 'pods';
        /** `all` or `app=web` */
        readonly pods: string;
        /** The policy's own namespace, or a selector over namespaces (`all`). */
        readonly namespaces:
          | { readonly kind: 'named'; readonly name: string }
          | { readonly kind: 'labelled'; readonly selector: string };
        /** Workloads it matches now, at most 50 of `count`. */
        readonly workloads: readonly ObjectRef[];
        readonly count: number;
      }
    | { readonly kind: 'addresses'; readonly block: string; readonly except: readonly string[] }
    /** Pods put together from several parts, or by more than labels: in words. */
    | {
        readonly kind: 'pods-like';
        readonly words: string;
        readonly workloads: readonly ObjectRef[];
        readonly count: number;
      }
    /** Nodes, by a selector over their labels (`all`). */
    | { readonly kind: 'nodes'; readonly selector: string }
    /** Anything else, in words. */
    | { readonly kind: 'words'; readonly words: string }
    | { readonly kind: 'not-understood'; readonly message: string };
}

export interface RuleView {
  readonly rule: RuleRef;
  /** As the policy calls it. */
  readonly name: string | null;
  readonly path: FieldPath;
  readonly action: Action;
  readonly peers: readonly RulePeerView[];
  /** What the policy's own pod has to be beside being selected, in words. */
  readonly own: readonly string[];
  /** `all`, or each entry: `TCP 8080`, `TCP http`, `UDP 30000-30100`. */
  readonly ports: 'all' | readonly string[];
  /** What it asks of connections that is not known here, in words. */
  readonly conditions: readonly string[];
  /** What it asks of the requests in them, in words. */
  readonly requests: readonly string[];
}

/** A policy that selects the workload in a direction. */
export interface SelectingPolicyView {
  readonly policy: PolicyRef;
  readonly rules: readonly RuleView[];
  readonly notes: readonly PolicyNote[];
}

/** Who may connect, both sides considered. */
export interface PeerLine {
  readonly peer: EndpointView;
  readonly verdict: Verdict;
  /** `TCP 8080`: allowed by both sides. */
  readonly allowed: string;
  /** Perhaps allowed; `none` when certain. */
  readonly unknown: string;
  readonly causes: readonly UnknownCause[];
  /** This side lets these through, but the other side's policies block them; `none` when nothing is lost. */
  readonly blockedByOtherSide: string;
  /**
   * Why this side lets it: a rule names the peer; it is open to everybody; or only because both run
   * on the same node, so that it holds for those pods alone (GEN-14).
   */
  readonly basis: 'rules' | 'open' | 'same-node';
}

export interface WorkloadSideView {
  readonly direction: Direction;
  readonly isolation: IsolationBadge;
  readonly policies: readonly SelectingPolicyView[];
  /**
   * Allowed and unknown peers, and those that only the other side blocks: those that rules name
   * before all that is open. The first of them, where there are many.
   */
  readonly peers: readonly PeerLine[];
  readonly peerCounts: PeerCounts;
  /** Where the next page begins; null when these are all. */
  readonly nextPeers: string | null;
}

export const PEER_SORTS = ['all', 'allowed', 'unknown', 'lost'] as const;

/** How many lines there are of each sort; a line may be of several. */
export interface PeerCounts {
  readonly all: number;
  readonly allowed: number;
  /** Something is in doubt. */
  readonly unknown: number;
  /** Something is let through here, and blocked by the other side. */
  readonly lost: number;
}

/** One page of a workload's peers. */
export interface PeersView {
  readonly cluster: string;
  readonly revision: number;
  readonly readAt: string | null;
  readonly direction: Direction;
  readonly peers: readonly PeerLine[];
  /** Of those that the words are in, whatever the filter. */
  readonly counts: PeerCounts;
  readonly next: string | null;
}

export interface PeersQuery {
  readonly direction: Direction;
  readonly show: keyof PeerCounts;
  /** Every word has to be in the peer's name or the ports; case does not matter. */
  readonly words: string;
  /** A cursor from the page before; null for the first page. */
  readonly after: string | null;
  readonly limit: number;
}

/** A workload, or one pod of it. */
export interface WorkloadView {
  readonly cluster: string;
  readonly revision: number;
  readonly readAt: string | null;
  readonly ref: ObjectRef;
  /** The controller, when `ref` is one of its pods; else null. */
  readonly owner: ObjectRef | null;
  readonly labels: readonly { readonly key: string; readonly value: string }[];
  readonly pods: readonly PodLine[];
  /** Its pods are judged differently (a rollout that changed labels, say); the answers are those of all together. */
  readonly mixed: boolean;
  readonly services: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly ports: string;
  }[];
  /** How requests from outside come to it. */
  readonly entries: readonly EntryLine[];
  readonly ingress: WorkloadSideView;
  readonly egress: WorkloadSideView;
}
