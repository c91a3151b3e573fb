import { compareText } from '#lib/model/object-ref.ts';
import type { CniProfile } from './cni-profile.ts';
import type { CompiledPolicy } from './compiled-policy.ts';

/**
 * The stages a connection's direction passes through until one of them decides, in the order in
 * which the plugin asks them (semantics ORD).
 */

export interface Tier {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Lower decides first. */
  readonly order: number;
  /**
   * union-of-allows: everything some rule permits (NP-11). first-match: the first rule that matches,
   * by the priority of its policy and its place there, says what happens (CNP-2, CNP-4).
   * deny-overrides: everything some rule permits and none denies (CIL-15).
   */
  readonly combine: 'union-of-allows' | 'first-match' | 'deny-overrides';
  /** What no rule matches: blocked where a policy of the tier isolates (NP-5, CAL-7), or left to the next tier (CNP-9). */
  readonly onNoMatch: 'block-if-isolated' | 'next-tier';
}

export function compareTiers(a: Tier, b: Tier): number {
  return Math.sign(a.order - b.order) || compareText(a.id, b.id);
}

/** Where a plugin asks a policy: in which tier, and when in there. */
export interface Place {
  readonly tier: Tier;
  readonly priority: number | null;
}

function tier(
  id: string,
  name: string,
  order: number,
  combine: Tier['combine'],
  onNoMatch: Tier['onNoMatch'],
): Tier {
  return { id, name, order, combine, onNoMatch };
}

/** CNP-1: administrators' rules that nobody overrides, NetworkPolicy, and administrators' defaults. */
const PLAIN: readonly Tier[] = [
  tier('admin', 'Admin', 100, 'first-match', 'next-tier'),
  // Final for the pods it isolates, in that direction (CNP-7).
  tier('network-policy', 'NetworkPolicy', 200, 'union-of-allows', 'block-if-isolated'),
  tier('baseline', 'Baseline', 300, 'first-match', 'next-tier'),
];

/** CIL-15, CIL-18: Cilium's own kinds and NetworkPolicy are one, and what denies wins in it. */
const CILIUM = tier('cilium', 'Cilium', 200, 'deny-overrides', 'block-if-isolated');

const CALICO_PREFIX = 'calico:';
const DEFAULT_TIER = `${CALICO_PREFIX}default`;
/** CAL-40: where NetworkPolicies stand among Calico's. */
const NETWORK_POLICY_ORDER = 1000;
/** CAL-3: an order that is left out comes after every other. */
export const LAST_ORDER = Number.MAX_VALUE;

/** CAL-3: tiers that are there without being written. */
const CALICO: readonly Tier[] = [
  tier('admin', 'kube-admin', 1000, 'first-match', 'next-tier'),
  tier(DEFAULT_TIER, 'default', 1_000_000, 'first-match', 'block-if-isolated'),
  tier('baseline', 'kube-baseline', 10_000_000, 'first-match', 'next-tier'),
];

function byId(tiers: readonly Tier[]): ReadonlyMap<string, Tier> {
  return new Map(tiers.map((each) => [each.id, each]));
}

/** CAL-2, AMB-17: a tier that nobody made comes after all that somebody did. */
function missingTier(id: string): Tier {
  return tier(
    id,
    id.startsWith(CALICO_PREFIX) ? id.slice(CALICO_PREFIX.length) : id,
    Number.POSITIVE_INFINITY,
    'first-match',
    'block-if-isolated',
  );
}

/** How the plugin arranges policies; `written` are the tiers that objects of the cluster define. */
export function arrangement(
  { order }: Pick<CniProfile, 'order'>,
  written: readonly Tier[],
): (policy: Pick<CompiledPolicy, 'layer' | 'priority'>) => Place {
  const builtIn = {
    plain: byId(PLAIN),
    cilium: byId([...PLAIN, CILIUM]),
    calico: byId(CALICO),
  }[order];
  const tiers = new Map([...builtIn, ...byId(written)]);
  const missing = new Map<string, Tier>();
  const find = (layer: string): Tier => {
    const found = tiers.get(layer) ?? missing.get(layer) ?? missingTier(layer);
    if (!tiers.has(layer)) missing.set(layer, found);
    return found;
  };
  const joins = { plain: null, cilium: 'cilium', calico: DEFAULT_TIER }[order];
  return ({ layer, priority }) =>
    layer === 'network-policy' && joins !== null
      ? { tier: find(joins), priority: NETWORK_POLICY_ORDER }
      : { tier: find(layer), priority };
}
