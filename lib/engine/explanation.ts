import type { PolicyRef } from '#lib/model/object-ref.ts';
import type { PortSet, Protocol } from '#lib/model/port-set.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import type { CniFlag } from './cni-profile.ts';
import type { Action, Direction, RuleCondition, RuleQualifier } from './compiled-policy.ts';

/** Answers and their reasons, as data. English and YAML lines are made from them at the edge. */

export type Verdict = 'allowed' | 'blocked' | 'unknown';

/** Points at one rule; with `peer` and `port`, at the items in it that matched (null: the rule lists none). */
export interface RuleRef {
  readonly policy: PolicyRef;
  readonly direction: Direction;
  readonly index: number;
}

/** Why an answer is unknown. */
export type UnknownCause =
  /** Network plugins differ, and which one runs is not known. */
  | { readonly kind: 'cni-flag'; readonly flag: CniFlag }
  /** Part of a policy is not understood. */
  | {
      readonly kind: 'not-understood';
      readonly policy: PolicyRef;
      readonly path: FieldPath;
      readonly message: string;
    }
  /** A policy asks of connections what is not known here, such as their source port. */
  | {
      readonly kind: 'condition';
      readonly policy: PolicyRef;
      readonly path: FieldPath;
      readonly message: string;
    }
  /** A domain name decides: which addresses it has is not known (CNP-21, CIL-36). */
  | {
      readonly kind: 'domain-names';
      readonly policy: PolicyRef;
      readonly path: FieldPath;
      readonly names: readonly string[];
    }
  /** A list may not be read, or was not yet. */
  | { readonly kind: 'not-readable'; readonly resource: string; readonly message: string }
  /** Objects of a kind that is not evaluated may open or close it. */
  | { readonly kind: 'not-evaluated'; readonly resource: string; readonly message: string }
  /** Policies of one priority say different things, and any of them may win (CNP-3). */
  | { readonly kind: 'equal-priority'; readonly policies: readonly [PolicyRef, ...PolicyRef[]] }
  /** Pods have addresses of both families, and policies say otherwise of one than of the other (GEN-20). */
  | { readonly kind: 'address-family' }
  /** The pod's own node always reaches it (GEN-14), and whether the other end is on that node differs or is not known. */
  | { readonly kind: 'node-of-pod' };

/** What decided one side. Closed: every switch over it is exhaustive. */
export type Reason =
  /** At least one rule permits it; of a tier where rules add up, all that do. */
  | { readonly kind: 'rules'; readonly rules: readonly [RuleRef, ...RuleRef[]] }
  /** The first rule that matches denies it, whatever later ones say (CNP-5). */
  | { readonly kind: 'denied'; readonly by: RuleRef }
  /** Policies of a tier isolate the pod in this direction and no rule permits it. */
  | {
      readonly kind: 'isolated';
      readonly by: readonly [PolicyRef, ...PolicyRef[]];
      /** The name of the tier. */
      readonly tier: string;
    }
  /** The plugin isolates every pod, and no rule permits it (CIL-11). */
  | { readonly kind: 'isolated-by-plugin' }
  /** No policy selects the pod in this direction: everything is allowed. */
  | { readonly kind: 'no-policy' }
  /** Policies select the pod, none isolates it, and no rule of them decides this (CNP-9). */
  | { readonly kind: 'not-decided' }
  /** A pod reaches itself whatever policies say (GEN-16). */
  | { readonly kind: 'same-pod' }
  /** hostNetwork pods are not subject to policies (GEN-13). */
  | { readonly kind: 'host-network' }
  /** This end is outside the cluster, or a node: no policy here applies to it. */
  | { readonly kind: 'outside' }
  /** The pod's own node reaches it (GEN-14), or it its node where the plugin exempts that (GEN-15). */
  | { readonly kind: 'local-node' }
  | { readonly kind: 'unknown'; readonly causes: readonly [UnknownCause, ...UnknownCause[]] };

export type Match = 'yes' | 'no' | 'unknown';

/** One peer or port item of a rule, tested. */
export interface ConsideredItem {
  readonly path: FieldPath;
  readonly match: Match;
}

/** One rule, tested: it matches when some peer and some port match (NP-12). */
export interface ConsideredRule {
  readonly index: number;
  /** As the policy calls it. */
  readonly name: string | null;
  readonly path: FieldPath;
  readonly action: Action;
  /** False when what it matches was decided before it. */
  readonly reached: boolean;
  readonly match: Match;
  readonly peer: Match;
  readonly port: Match;
  readonly peers: readonly ConsideredItem[];
  /** What the policy's own pod has to be; empty for most. */
  readonly own: readonly ConsideredItem[];
  /** Empty when the rule is for all ports. */
  readonly ports: readonly ConsideredItem[];
  /** What it asks of connections that is not known here. */
  readonly conditions: readonly RuleCondition[];
  /** What it asks of requests inside a connection. */
  readonly qualifiers: readonly RuleQualifier[];
}

/** A policy that selects the pod in this direction, with every rule of it tested (NP-46). */
export interface ConsideredPolicy {
  readonly policy: PolicyRef;
  /** The name of its tier. */
  readonly tier: string;
  readonly priority: number | null;
  /** False when what it says is not known. */
  readonly valid: boolean;
  /** The field that makes it isolate, and whether the API server filled it in; null where it does not. */
  readonly isolatedAt: { readonly path: FieldPath; readonly defaulted: boolean } | null;
  readonly rules: readonly ConsideredRule[];
}

/** The rule that failed the fewest tests, when the side blocks. */
export interface NearMiss {
  readonly rule: RuleRef;
  readonly failed: 'peer' | 'port';
}

export interface RequestCondition extends RuleQualifier {
  readonly policy: PolicyRef;
}

export interface SideAnswer {
  readonly direction: Direction;
  readonly verdict: Verdict;
  readonly reason: Reason;
  /** All ports this side lets through, whatever port was asked for; `unknown`: those that perhaps pass. */
  readonly ports: AnsweredPorts;
  /**
   * What requests have to be when it is allowed: the connection is let through, and what it carries
   * is looked at (CIL-40). Empty when some rule permits it as it is (CIL-41).
   */
  readonly requests: readonly RequestCondition[];
  readonly considered: readonly ConsideredPolicy[];
  readonly nearMiss: NearMiss | null;
}

export interface AnsweredPorts {
  readonly allowed: PortSet;
  readonly unknown: PortSet;
}

/** The port that was asked for; null asks for any. */
export interface PortQuery {
  readonly protocol: Protocol;
  readonly port: number;
}

/** Both sides, always: a connection is allowed when both allow it (GEN-2). */
export interface ConnectionAnswer {
  readonly verdict: Verdict;
  readonly ports: AnsweredPorts;
  readonly egress: SideAnswer;
  readonly ingress: SideAnswer;
}
