import type { AddressRange } from '#lib/model/ip-address.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import type { Protocol } from '#lib/model/port-set.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import type { Selector } from '#lib/model/selector.ts';
import type { CniFlag } from './cni-profile.ts';

/**
 * The one form every policy kind compiles to (semantics IR). Plain data: it prints, compares, and
 * points with paths into the object it was made from.
 */

/** Of a connection's set-up, seen from the pod under policy. A value, so that one function serves both. */
export type Direction = 'ingress' | 'egress';
export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** Which pods are meant, and which address sets, where a kind's selectors match those too (CAL-22). */
export type PodMatch =
  | LabelledMatch
  /** Of nothing: everything and nothing, as `every` and `some` have it. */
  | { readonly kind: 'all-of' | 'any-of'; readonly of: readonly PodMatch[] }
  | { readonly kind: 'not'; readonly of: PodMatch };

export interface LabelledMatch {
  readonly kind: 'labelled';
  readonly namespaces: NamespaceMatch;
  readonly pods: Selector;
  /** Names of service accounts, of which a pod has one; absent for any. */
  readonly serviceAccounts?: readonly string[];
}

export type NamespaceMatch =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'labelled'; readonly selector: Selector }
  /** In any namespace, and what is in none. */
  | { readonly kind: 'anywhere' }
  /** Only what is in no namespace (CAL-25). */
  | { readonly kind: 'nowhere' };

export type PeerMatch =
  /** Every pod, node and address (NP-13). */
  | { readonly kind: 'anyone' }
  | { readonly kind: 'pods'; readonly match: PodMatch }
  /** Addresses in the block and in none of the exceptions (NP-31). */
  | {
      readonly kind: 'addresses';
      readonly block: AddressRange;
      readonly except: readonly AddressRange[];
      /** Whoever has the address; otherwise the plugin's flags say whether pods and nodes are meant. */
      readonly owners?: 'anybody';
    }
  /** Addresses that are neither a pod's nor a node's (CIL-30). */
  | { readonly kind: 'outside'; readonly family?: 4 | 6 }
  /** Nodes by their labels: every address they have, and the hostNetwork pods on them (CNP-20, CIL-32). */
  | {
      readonly kind: 'nodes';
      readonly selector: Selector;
      /** The node of the policy's own pod alone, or all others. */
      readonly locality?: 'local' | 'remote';
    }
  /** Outside addresses that these names have, as pods learn them by and by (CNP-21, CIL-36). */
  | { readonly kind: 'domain-names'; readonly names: readonly string[] }
  /** Lists of blocks with a name or labels, of one API group (CAL-22, CIL-29). */
  | {
      readonly kind: 'address-sets';
      readonly resource: string;
      readonly which: { readonly named: string } | { readonly matching: PodMatch };
    }
  /** What stands behind Services; null is any (CIL-27, CAL-29). */
  | {
      readonly kind: 'services';
      readonly namespace: string | null;
      readonly name: string | null;
      readonly selector: Selector | null;
    }
  /** The addresses behind default/kubernetes (CIL-30). */
  | { readonly kind: 'api-server' }
  | { readonly kind: 'all-of' | 'any-of'; readonly of: readonly PeerMatch[] }
  | { readonly kind: 'not'; readonly of: PeerMatch }
  /** Something that is not understood: it may match anybody, so what it touches is unknown. */
  | { readonly kind: 'not-understood'; readonly message: string };

export interface CompiledPeer {
  readonly path: FieldPath;
  readonly match: PeerMatch;
}

export type PortMatch =
  | { readonly kind: 'all-of-protocol'; readonly protocol: Protocol }
  /** Closed range; plugins without endPort see only its start (NP-19). */
  | {
      readonly kind: 'range';
      readonly protocol: Protocol;
      readonly first: number;
      readonly last: number;
    }
  /** A container port of the destination pod (NP-38), of one protocol or of whichever it has (CNP-24). */
  | { readonly kind: 'named'; readonly protocol: Protocol | 'any'; readonly name: string }
  /** ICMP; of some types only, it is in doubt what of it (CIL-39, CAL-32). */
  | { readonly kind: 'icmp'; readonly types: 'all' | 'some' }
  /** One of the protocols without ports beside ICMP (CAL-31). */
  | { readonly kind: 'other-protocol'; readonly name: string }
  /** Where a Service leads to (CAL-29). */
  | { readonly kind: 'service-ports'; readonly namespace: string; readonly name: string };

export interface CompiledPort {
  readonly path: FieldPath;
  readonly match: PortMatch;
}

/** deny: final, nothing later permits it. pass: the next tier decides (CNP-5). log: decides nothing (CAL-6). */
export type Action = 'allow' | 'deny' | 'pass' | 'log';

export interface CompiledRule {
  /** Position among the object's rules for this direction, from 0. */
  readonly index: number;
  readonly name?: string;
  readonly path: FieldPath;
  readonly action: Action;
  /** Any of them (NP-21); empty when it matches nobody: a rule for everybody has one peer `anyone`. */
  readonly peers: readonly CompiledPeer[];
  /** What the policy's own pod has to be, all of it, beside being selected (CAL-21). */
  readonly own?: readonly CompiledPeer[];
  /** Any of them; `all` reaches every protocol (NP-14). */
  readonly ports: readonly CompiledPort[] | 'all';
  /** Taken from `ports` (CAL-28, CAL-31). */
  readonly exceptPorts?: readonly CompiledPort[];
  /** What it asks of a connection that is not known here, such as its source port: it may match or not. */
  readonly conditions?: readonly RuleCondition[];
  /** What it asks of the requests in a connection: that is not seen here, and is told (CIL-40). */
  readonly qualifiers?: readonly RuleQualifier[];
}

export interface RuleCondition {
  readonly path: FieldPath;
  readonly message: string;
}

export interface RuleQualifier {
  readonly path: FieldPath;
  readonly kind: 'http' | 'dns' | 'kafka' | 'l7' | 'tls' | 'log';
  readonly message: string;
}

/** Whether being selected isolates a pod in one direction, and where the object says so. */
export type Isolation =
  /** What it does not match is left to whatever comes next (CNP-9). */
  | { readonly isolates: 'no' }
  /** `defaulted`: policyTypes was absent, and the API server would fill it in (NP-3). */
  | { readonly isolates: 'yes'; readonly path: FieldPath; readonly defaulted: boolean }
  /** The object is invalid: refused by a server, but perhaps stored by an older one. */
  | { readonly isolates: 'unknown'; readonly message: string };

/** What a preview would do if it were enforced, in the place of which policy. */
export interface Staged {
  readonly action: 'set' | 'delete' | 'none';
  readonly replaces: PolicyRef;
}

/** Whom a policy is about; nodes are subjects of host policies alone (CIL-45). */
export type SubjectMatch =
  | { readonly kind: 'pods'; readonly match: PodMatch }
  | {
      readonly kind: 'nodes';
      readonly selector: Selector;
      /** Only these of them; absent for all (CAL-37). */
      readonly names?: readonly string[];
    };

export interface CompiledPolicy {
  readonly ref: PolicyRef;
  /** `network-policy`, `admin`, `baseline`, `cilium`, `calico:secops`: the plugin makes tiers of layers (ORD). */
  readonly layer: string;
  /** The flag that says whether the plugin enforces policies of this kind. */
  readonly enforcedIf: CniFlag;
  /** Set for a preview, which no plugin enforces (CAL-15). */
  readonly staged?: Staged;
  /** Within a tier of first matches, lower first; null where it has none. */
  readonly priority: number | null;
  readonly subject: SubjectMatch;
  readonly isolation: Readonly<Record<Direction, Isolation>>;
  /** Rules in force; those of a direction the policy does not list are left out (NP-9). */
  readonly rules: Readonly<Record<Direction, readonly CompiledRule[]>>;
  /** What a person reading the object may take it for, and is not. */
  readonly notes: readonly PolicyNote[];
}

export type PolicyNote =
  /** policyTypes absent: the directions were filled in (NP-3). `written`: the lists that are present though empty. */
  | {
      readonly kind: 'policy-types-defaulted';
      readonly directions: readonly Direction[];
      /** `egress: []` was written, which without policyTypes isolates nothing (NP-8). */
      readonly emptyEgressIgnored: boolean;
    }
  /** Rules of a direction that policyTypes does not list have no effect (NP-9). */
  | { readonly kind: 'rules-ignored'; readonly direction: Direction; readonly path: FieldPath }
  /** A CIDR with host bits: 10.0.1.9/24 means 10.0.1.0/24 (NP-31b). */
  | {
      readonly kind: 'host-bits-dropped';
      readonly path: FieldPath;
      readonly written: string;
      readonly meant: string;
    }
  /** Anything else worth saying about a field, in a sentence. */
  | { readonly kind: 'remark'; readonly path: FieldPath; readonly message: string };
