import type { Direction, PolicyNote } from '#lib/engine/compiled-policy.ts';
import type { ConnectionAnswer, PortQuery, Verdict } from '#lib/engine/explanation.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import type { EndpointView, RuleView } from './workload-view.ts';

/** The answer to "can A reach B on this port, and why". */

/** A policy's text, with the lines of each field that an explanation points at. */
export interface DocumentView {
  /** policyKey. */
  readonly key: string;
  readonly policy: PolicyRef;
  /** `shop/netpol.yaml:12`, or null when it was read from an API. */
  readonly writtenAt: string | null;
  readonly text: string;
  /** By formatPath: first and last line, 1-based, within `text`. */
  readonly lines: Readonly<Record<string, readonly [first: number, last: number]>>;
  readonly notes: readonly PolicyNote[];
  /** What each rule in force says, by its index: a reason such as "it permits TCP 8080" needs the ports. */
  readonly rules: Readonly<Record<Direction, readonly RuleView[]>>;
}

/** Pods of the two ends that get the same answer for the same reasons. */
export interface ExplanationPart {
  readonly from: EndpointView;
  readonly to: EndpointView;
  /** Asked port after a Service's translation; null when any port was asked. */
  readonly port: PortQuery | null;
  /** How many pairs of pods (or pod and range) it stands for. */
  readonly pairs: number;
  readonly answer: ConnectionAnswer;
}

/** What to know of the way a connection takes before policies see it, or beside them. */
export type ExplanationNote =
  /** From outside to a Service: Cluster may give the connection a node's address, Local keeps the client's (GEN-10). */
  | {
      readonly kind: 'source-address';
      readonly trafficPolicy: 'Cluster' | 'Local';
      /** Whether the answer says what each node may do: not where they were not read, or are too many. */
      readonly nodes: 'answered' | 'left-open';
    }
  /** From outside to a Service that has no address there. */
  | { readonly kind: 'no-way-in' }
  /** The plugin asks the policies of the source about the Service's own port (AWS-2). */
  | { readonly kind: 'egress-before-translation' }
  /** The Service leads pods to backends on their own node alone (AMB-15). */
  | { readonly kind: 'same-node-backends' }
  /** The API server may come from other addresses than those it is reached at (GEN-22, CIL-31). */
  | { readonly kind: 'control-plane-source' }
  /** Nodes have caches that answer for the cluster's name servers (GEN-12a). */
  | { readonly kind: 'dns-cache' };

export interface ExplanationView {
  readonly cluster: string;
  readonly revision: number;
  readonly readAt: string | null;
  /** As asked: `shop/web`, `deployment/web`, an address, a service. */
  readonly asked: {
    readonly from: string;
    readonly to: string;
    readonly port: PortQuery | null;
  };
  /** mixed: the parts differ. */
  readonly verdict: Verdict | 'mixed';
  /** Set when the destination is a Service: its port and what it leads to. */
  readonly service: {
    readonly namespace: string;
    readonly name: string;
    readonly port: string;
    readonly targets: string;
    /** What it leads to by a name that only a name server can tell: unknown to everybody here (GEN-9). */
    readonly hostNames: readonly string[];
  } | null;
  /** What the cluster's routing has to do with the answer. */
  readonly notes: readonly ExplanationNote[];
  readonly parts: readonly ExplanationPart[];
  /** Every policy that a part names. */
  readonly documents: readonly DocumentView[];
}
