/** What Calico's tiers and the policies in them are called (CAL-1 … CAL-3). */

const DEFAULT = 'default';

/**
 * Tiers that Calico makes of the administrators' kinds (CAL-3, CAL-42). They are there without being
 * written, and objects of these names say nothing else.
 */
const BUILT_IN: ReadonlyMap<string, string> = new Map([
  ['kube-admin', 'admin'],
  ['kube-baseline', 'baseline'],
  ['adminnetworkpolicy', 'admin'],
  ['baselineadminnetworkpolicy', 'baseline'],
]);

export function isBuiltIn(tier: string): boolean {
  return BUILT_IN.has(tier);
}

/** The layer of the policies in a tier. */
export function layerOf(tier: string): string {
  return BUILT_IN.get(tier) ?? `calico:${tier === '' ? DEFAULT : tier}`;
}

/** CAL-1: names in the default tier stand with its name before them or without; they are the same. */
export function withoutTier(name: string, tier: string): string {
  const prefix = `${DEFAULT}.`;
  return (tier === '' || tier === DEFAULT) && name.startsWith(prefix) && name !== prefix
    ? name.slice(prefix.length)
    : name;
}
