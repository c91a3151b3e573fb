import { describe, expect, test } from 'vitest';
import { type ScenarioOptions, scenario } from '#lib/testing/scenario.ts';

/** Peers that are blocks of addresses (NP-31 … NP-35). */

/** Egress of web to these peers. */
function webTo(peers: string, options: ScenarioOptions = {}) {
  return scenario(
    { 'shop/web': `{podSelector: {matchLabels: {app: web}}, egress: [{to: ${peers}}]}` },
    options,
  );
}

/** Ingress of a pod from these peers. */
function into(app: string, peers: string, options: ScenarioOptions = {}) {
  return scenario(
    { [`shop/${app}`]: `{podSelector: {matchLabels: {app: ${app}}}, ingress: [{from: ${peers}}]}` },
    options,
  );
}

const WITH_EXCEPTION = '[{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.5/32]}}]';

describe('a block with an exception', () => {
  test.each`
    from          | to                 | port   | verdict
    ${'shop/web'} | ${'203.0.113.6'}   | ${443} | ${'allowed'}
    ${'shop/web'} | ${'203.0.113.0'}   | ${443} | ${'allowed'}
    ${'shop/web'} | ${'203.0.113.255'} | ${443} | ${'allowed'}
    ${'shop/web'} | ${'203.0.113.5'}   | ${443} | ${'blocked'}
    ${'shop/web'} | ${'203.0.114.0'}   | ${443} | ${'blocked'}
    ${'shop/web'} | ${'203.0.112.255'} | ${443} | ${'blocked'}
  `('NP-31 is the block without it: $from → $to:$port is $verdict', webTo(WITH_EXCEPTION).check);

  test.each`
    from          | to               | port   | verdict
    ${'shop/web'} | ${'203.0.113.5'} | ${443} | ${'allowed'}
    ${'shop/web'} | ${'203.0.113.6'} | ${443} | ${'allowed'}
    ${'shop/web'} | ${'203.0.114.0'} | ${443} | ${'blocked'}
  `(
    'NP-31a another policy still allows the exception: $from → $to:$port is $verdict',
    scenario({
      'shop/web': `egress: [{to: ${WITH_EXCEPTION}}]`,
      'shop/more': 'egress: [{to: [{ipBlock: {cidr: 203.0.113.5/32}}]}]',
    }).check,
  );

  test('NP-31a so does another item of the same rule', () => {
    const { verdict } = webTo(
      `[${WITH_EXCEPTION.slice(1, -1)}, {ipBlock: {cidr: 203.0.113.5/32}}]`,
    );
    expect(verdict('shop/web', '203.0.113.5', 443)).toBe('allowed');
  });

  test('NP-31 each of several exceptions counts', () => {
    const { verdict } = webTo(
      '[{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.5/32, 203.0.113.128/25]}}]',
    );
    expect(verdict('shop/web', '203.0.113.5', 443)).toBe('blocked');
    expect(verdict('shop/web', '203.0.113.200', 443)).toBe('blocked');
    expect(verdict('shop/web', '203.0.113.6', 443)).toBe('allowed');
  });

  test('NP-31 an empty list of exceptions removes nothing', () => {
    const { verdict } = webTo('[{ipBlock: {cidr: 203.0.113.0/24, except: []}}]');
    expect(verdict('shop/web', '203.0.113.5', 443)).toBe('allowed');
  });
});

describe('a block with host bits', () => {
  const { check, connectivity } = webTo('[{ipBlock: {cidr: 203.0.113.9/24}}]');

  test.each`
    from          | to               | port   | verdict
    ${'shop/web'} | ${'203.0.113.5'} | ${443} | ${'allowed'}
    ${'shop/web'} | ${'203.0.114.9'} | ${443} | ${'blocked'}
  `('NP-31b means the whole block: $from → $to:$port is $verdict', check);

  test('NP-31b a note says what it means', () => {
    expect(connectivity.snapshot.policies[0]?.notes).toContainEqual({
      kind: 'host-bits-dropped',
      path: ['spec', 'egress', 0, 'to', 0, 'ipBlock', 'cidr'],
      written: '203.0.113.9/24',
      meant: '203.0.113.0/24',
    });
  });
});

describe('a block around the addresses of pods', () => {
  const POD_RANGE = '[{ipBlock: {cidr: 10.0.0.0/16, except: [10.0.2.0/24]}}]';

  test.each`
    from          | to            | port    | verdict
    ${'shop/web'} | ${'shop/api'} | ${8081} | ${'allowed'}
    ${'ops/prom'} | ${'shop/api'} | ${8081} | ${'blocked'}
  `(
    'NP-32 matches them where the plugin sees addresses: $from → $to:$port is $verdict',
    into('api', POD_RANGE, { cni: 'calico' }).check,
  );

  test.each`
    from           | to            | port    | verdict
    ${'shop/web'}  | ${'shop/api'} | ${8081} | ${'blocked'}
    ${'10.0.77.1'} | ${'shop/api'} | ${8081} | ${'allowed'}
  `(
    'NP-32 does not where it sees identities: $from → $to:$port is $verdict',
    into('api', POD_RANGE, { cni: 'cilium' }).check,
  );

  test('NP-32 is unknown where the plugin is not known', () => {
    const { verdict, causes } = into('api', POD_RANGE, {
      flags: { ipBlockMatchesPods: 'unknown' },
    });
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('unknown');
    expect(causes('shop/web', 'shop/api', 8081)).toEqual([
      { kind: 'cni-flag', flag: 'ipBlockMatchesPods' },
    ]);
    expect(verdict('ops/prom', 'shop/api', 8081)).toBe('blocked');
    expect(verdict('10.0.77.1', 'shop/api', 8081)).toBe('allowed');
  });
});

describe('a block around the addresses of nodes', () => {
  const NODES = '[{ipBlock: {cidr: 192.168.0.2/32}}]';

  test.each`
    from             | to           | port    | verdict
    ${'192.168.0.2'} | ${'shop/db'} | ${5432} | ${'allowed'}
    ${'192.168.0.3'} | ${'shop/db'} | ${5432} | ${'blocked'}
  `(
    'NP-33 matches them where the plugin says so: $from → $to:$port is $verdict',
    into('db', NODES, { flags: { ipBlockMatchesNodes: 'yes' } }).check,
  );

  test('NP-33 does not where it says no', () => {
    const { verdict } = into('db', NODES, { flags: { ipBlockMatchesNodes: 'no' } });
    expect(verdict('192.168.0.2', 'shop/db', 5432)).toBe('blocked');
  });

  test.each([['192.168.0.1'], ['ops/agent']])(
    'NP-33 is unknown for %s where the plugin is not known',
    (from) => {
      const { verdict, causes } = into('api', '[{ipBlock: {cidr: 192.168.0.1/32}}]', {
        flags: { ipBlockMatchesNodes: 'unknown' },
      });
      expect(verdict(from, 'shop/api', 8081)).toBe('unknown');
      expect(causes(from, 'shop/api', 8081)).toEqual([
        { kind: 'cni-flag', flag: 'ipBlockMatchesNodes' },
      ]);
    },
  );
});

describe('a block around the addresses of services', () => {
  test('NP-34 does not reach what stands behind them', () => {
    const { verdict } = webTo('[{ipBlock: {cidr: 10.96.0.0/12}}]');
    expect(verdict('shop/web', 'svc/shop/api', 80)).toBe('blocked');
  });

  test('NP-34 the addresses of the pods count', () => {
    const { verdict } = webTo('[{ipBlock: {cidr: 10.0.1.11/32}}]');
    expect(verdict('shop/web', 'svc/shop/api', 80)).toBe('allowed');
  });
});

describe('every IPv4 address', () => {
  test.each`
    from          | to               | port   | verdict
    ${'shop/web'} | ${'203.0.113.5'} | ${443} | ${'allowed'}
    ${'shop/web'} | ${'2001:db8::1'} | ${443} | ${'blocked'}
  `(
    'NP-35 is no IPv6 address: $from → $to:$port is $verdict',
    webTo('[{ipBlock: {cidr: 0.0.0.0/0}}]').check,
  );

  test('NP-35 it is not everybody: pods are matched as the plugin does', () => {
    const { verdict } = webTo('[{ipBlock: {cidr: 0.0.0.0/0}}]', { cni: 'cilium' });
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('blocked');
    expect(verdict('shop/web', '192.168.0.2', 10250)).toBe('blocked');
    expect(verdict('shop/web', '203.0.113.5', 443)).toBe('allowed');
  });
});
