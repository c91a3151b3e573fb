/** The stages a connection's direction passes through until one of them decides (semantics ORD). */

export interface Tier {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Lower decides first. */
  readonly order: number;
  /**
   * union-of-allows: everything some rule permits (NP-11). first-match: the first rule that matches,
   * by the priority of its policy and its place there, says what happens (CNP-2, CNP-4).
   */
  readonly combine: 'union-of-allows' | 'first-match';
  /** What no rule matches: blocked where a policy of the tier isolates (NP-5), or left to the next tier (CNP-9). */
  readonly onNoMatch: 'block-if-isolated' | 'next-tier';
}

/** Administrators' rules that nobody overrides (CNP-1). */
export const ADMIN_TIER: Tier = {
  id: 'admin',
  name: 'Admin',
  order: 100,
  combine: 'first-match',
  onNoMatch: 'next-tier',
};

/** NetworkPolicy: final for the pods it isolates, in that direction (CNP-7). */
export const NETWORK_POLICY_TIER: Tier = {
  id: 'network-policy',
  name: 'NetworkPolicy',
  order: 200,
  combine: 'union-of-allows',
  onNoMatch: 'block-if-isolated',
};

/** Administrators' defaults, for pods that no NetworkPolicy isolates in that direction (CNP-8). */
export const BASELINE_TIER: Tier = {
  id: 'baseline',
  name: 'Baseline',
  order: 300,
  combine: 'first-match',
  onNoMatch: 'next-tier',
};
