import { describe, expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';

/** Plugins that let pass what policies deny. */

const CLOSED = { 'shop/closed': '{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}' };
const OPEN = {
  'shop/open':
    '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}',
};

describe('CIL-13: in audit mode', () => {
  const { verdict, causes } = scenario(OPEN, { cni: 'cilium', flags: { dropsDenied: 'no' } });

  test('what policies deny may pass all the same, and that is the cause', () => {
    expect(verdict('shop/api', 'shop/db', 5432)).toBe('unknown');
    expect(causes('shop/api', 'shop/db', 5432)).toEqual([
      { kind: 'cni-flag', flag: 'dropsDenied' },
    ]);
  });

  test('what they permit, and what they do not touch, passes', () => {
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('allowed');
  });
});

describe('GEN-25: where nothing is enforced', () => {
  test.each(['flannel', 'none'])('%s: what policies deny is unknown', (cni) => {
    const { verdict, causes } = scenario(CLOSED, { cni });
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('unknown');
    expect(causes('shop/web', 'shop/db', 5432)).toContainEqual({
      kind: 'cni-flag',
      flag: 'enforces',
    });
  });
});

describe('CIL-14: with NetworkPolicy switched off in Cilium', () => {
  const { verdict } = scenario(CLOSED, { cni: 'cilium', flags: { enforces: 'no' } });

  test('it is not asked at all, neither for what it denies', () => {
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('allowed');
  });

  test('nor for what it permits, of pods that Cilium isolates', () => {
    const isolating = scenario(OPEN, {
      cni: 'cilium',
      flags: { enforces: 'no', isolatesEverything: 'yes' },
    });
    expect(isolating.verdict('shop/web', 'shop/db', 5432)).toBe('blocked');
  });
});

test('CIL-14: with NetworkPolicy switched off, and perhaps its own kinds, it may be asked or not', () => {
  const flags = { enforces: 'no', enforcesCilium: 'unknown' } as const;
  const { verdict, causes } = scenario(OPEN, { cni: 'cilium', flags });
  expect(verdict('shop/api', 'shop/db', 5432)).toBe('unknown');
  expect(causes('shop/api', 'shop/db', 5432)).toEqual([
    { kind: 'cni-flag', flag: 'enforcesCilium' },
  ]);
});
