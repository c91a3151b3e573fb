import type { AddressRange } from '#lib/model/ip-address.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import type { Protocol } from '#lib/model/port-set.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import type { Selector } from '#lib/model/selector.ts';
import type { Tier } from './tiers.ts';

/**
 * The one form every policy kind compiles to (semantics IR). Plain data: it prints, compares, and
 * points with paths into the object it was made from.
 */

/** Of a connection's set-up, seen from the pod under policy. A value, so that one function serves both. */
export type Direction = 'ingress' | 'egress';
export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

export interface PodMatch {
  readonly namespaces: NamespaceMatch;
  readonly pods: Selector;
}

export type NamespaceMatch =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'labelled'; readonly selector: Selector };

export type PeerMatch =
  /** Every pod, node and address (NP-13). */
  | { readonly kind: 'anyone' }
  | { readonly kind: 'pods'; readonly match: PodMatch }
  /** Addresses in the block and in none of the exceptions (NP-31). */
  | {
      readonly kind: 'addresses';
      readonly block: AddressRange;
      readonly except: readonly AddressRange[];
    }
  /** Nodes by their labels: every address they have, and the hostNetwork pods on them (CNP-20). */
  | { readonly kind: 'nodes'; readonly selector: Selector }
  /** Something that is not understood: it may match anybody, so what it touches is unknown. */
  | { readonly kind: 'not-understood'; readonly message: string };

export interface CompiledPeer {
  readonly path: FieldPath;
  readonly match: PeerMatch;
}

export type PortMatch =
  | { readonly kind: 'all-of-protocol'; readonly protocol: Protocol }
  /** Closed range; `endPort` says that the end was given as such, for plugins without it (NP-19). */
  | {
      readonly kind: 'range';
      readonly protocol: Protocol;
      readonly first: number;
      readonly last: number;
    }
  /** A container port of the destination pod (NP-38), of one protocol or of whichever it has (CNP-24). */
  | { readonly kind: 'named'; readonly protocol: Protocol | 'any'; readonly name: string };

export interface CompiledPort {
  readonly path: FieldPath;
  readonly match: PortMatch;
}

/** deny: final, nothing later permits it. pass: the next tier decides (CNP-5). */
export type Action = 'allow' | 'deny' | 'pass';

export interface CompiledRule {
  /** Position in the policy's list for this direction, from 0. */
  readonly index: number;
  readonly path: FieldPath;
  readonly action: Action;
  /** Any of them (NP-21); never empty: a rule for everybody has one peer `anyone`. */
  readonly peers: readonly CompiledPeer[];
  /** Any of them; `all` reaches every protocol (NP-14). */
  readonly ports: readonly CompiledPort[] | 'all';
}

/** Whether being selected isolates a pod in one direction, and where the object says so. */
export type Isolation =
  /** Policies of a tier that leaves what it does not match to the next isolate nobody (CNP-9). */
  | { readonly isolates: 'no' }
  /** `defaulted`: policyTypes was absent, and the API server would fill it in (NP-3). */
  | { readonly isolates: 'yes'; readonly path: FieldPath; readonly defaulted: boolean }
  /** The object is invalid: refused by a server, but perhaps stored by an older one. */
  | { readonly isolates: 'unknown'; readonly message: string };

export interface CompiledPolicy {
  readonly ref: PolicyRef;
  readonly tier: Tier;
  /** Within a tier of first matches, lower first; null where the kind knows no priority. */
  readonly priority: number | null;
  readonly subject: PodMatch;
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
    };
