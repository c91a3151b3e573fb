import { describe, expect, test } from 'vitest';
import { arrangement, compareTiers, LAST_ORDER, type Tier } from './tiers.ts';

/** In which order a plugin asks layers (semantics ORD). */

const LAYERS = ['baseline', 'network-policy', 'admin'];

function calicoTier(name: string, order: number): Tier {
  const rest = { combine: 'first-match', onNoMatch: 'block-if-isolated' } as const;
  return { id: `calico:${name}`, name, order, ...rest };
}

function asked(order: 'plain' | 'calico' | 'cilium', layers: readonly string[], own: Tier[] = []) {
  const placeOf = arrangement({ order }, own);
  const tiers = new Set(layers.map((layer) => placeOf({ layer, priority: null }).tier));
  return [...tiers].sort(compareTiers).map(({ name }) => name);
}

describe('ORD', () => {
  test('without a plugin of its own kinds: Admin, NetworkPolicy, Baseline', () => {
    expect(asked('plain', LAYERS)).toEqual(['Admin', 'NetworkPolicy', 'Baseline']);
  });

  test('CIL-18 Cilium’s kinds and NetworkPolicy are one tier', () => {
    expect(asked('cilium', [...LAYERS, 'cilium'])).toEqual(['Admin', 'Cilium', 'Baseline']);
  });

  test('CAL-3 Calico’s tiers stand by their order around those of Kubernetes', () => {
    const own = [calicoTier('late', 20_000_000), calicoTier('sec', 100), calicoTier('mid', 5000)];
    const layers = [...LAYERS, 'calico:default', 'calico:sec', 'calico:mid', 'calico:late'];
    expect(asked('calico', layers, own)).toEqual([
      'sec',
      'kube-admin',
      'mid',
      'default',
      'kube-baseline',
      'late',
    ]);
  });

  test('CAL-2 a tier without an order comes last, one that nobody made after it, and ties go by name', () => {
    const own = [calicoTier('z', LAST_ORDER), calicoTier('b', 7), calicoTier('a', 7)];
    const layers = ['calico:missing', 'calico:z', 'calico:b', 'calico:a', 'calico:default'];
    expect(asked('calico', layers, own)).toEqual(['a', 'b', 'default', 'z', 'missing']);
  });

  test('CAL-40 NetworkPolicy stands at 1000 in Calico’s default tier', () => {
    const placeOf = arrangement({ order: 'calico' }, []);
    const kubernetes = placeOf({ layer: 'network-policy', priority: null });
    expect(kubernetes.priority).toBe(1000);
    expect(placeOf({ layer: 'calico:default', priority: 5 })).toEqual({
      tier: kubernetes.tier,
      priority: 5,
    });
  });

  test('CAL-13 a tier that objects define replaces the one that is built in', () => {
    const own: Tier = { ...calicoTier('default', 3), onNoMatch: 'next-tier' };
    const { tier } = arrangement({ order: 'calico' }, [own])({
      layer: 'network-policy',
      priority: null,
    });
    expect(tier).toBe(own);
  });
});
