import { describe, expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';

/** How policies, rules, peers and ports combine (NP-11 … NP-21). */

const DB = 'podSelector: {matchLabels: {app: db}}';
const FROM_WEB = 'from: [{podSelector: {matchLabels: {app: web}}}]';

/** Ingress rules for db. */
function dbIngress(rules: string) {
  return scenario({ 'shop/db': `{${DB}, ingress: ${rules}}` });
}

describe('a policy that denies all, and one that lets web in to db', () => {
  test.each`
    from             | to            | port    | verdict
    ${'shop/web'}    | ${'shop/db'}  | ${5432} | ${'allowed'}
    ${'shop/api'}    | ${'shop/db'}  | ${5432} | ${'blocked'}
    ${'shop/web'}    | ${'shop/api'} | ${8081} | ${'blocked'}
    ${'203.0.113.5'} | ${'shop/db'}  | ${5432} | ${'blocked'}
  `(
    'NP-11 add up: $from → $to:$port is $verdict',
    scenario({ 'shop/deny-all': '{}', 'shop/db': `{${DB}, ingress: [{${FROM_WEB}}]}` }).check,
  );
});

describe('a rule with a peer and a port', () => {
  test.each`
    from          | to           | port    | verdict
    ${'shop/web'} | ${'shop/db'} | ${5432} | ${'allowed'}
    ${'shop/web'} | ${'shop/db'} | ${22}   | ${'blocked'}
    ${'shop/api'} | ${'shop/db'} | ${5432} | ${'blocked'}
    ${'shop/api'} | ${'shop/db'} | ${22}   | ${'blocked'}
  `(
    'NP-12 needs both to match: $from → $to:$port is $verdict',
    dbIngress(`[{${FROM_WEB}, ports: [{port: 5432}]}]`).check,
  );
});

describe.each([
  ['[{ports: [{port: 5432}]}]'],
  ['[{from: [], ports: [{port: 5432}]}]'],
  ['[{from: null, ports: [{port: 5432}]}]'],
])('the rule %s', (rules) => {
  test.each`
    from             | to           | port    | verdict
    ${'203.0.113.5'} | ${'shop/db'} | ${5432} | ${'allowed'}
    ${'2001:db8::1'} | ${'shop/db'} | ${5432} | ${'allowed'}
    ${'192.168.0.2'} | ${'shop/db'} | ${5432} | ${'allowed'}
    ${'ops/prom'}    | ${'shop/db'} | ${5432} | ${'allowed'}
    ${'ops/prom'}    | ${'shop/db'} | ${5433} | ${'blocked'}
  `('NP-13 admits everybody on its port: $from → $to:$port is $verdict', dbIngress(rules).check);
});

describe.each([[`[{${FROM_WEB}}]`], [`[{${FROM_WEB}, ports: []}]`], [`[{${FROM_WEB}, ports: }]`]])(
  'the rule %s',
  (rules) => {
    const { check, answer } = dbIngress(rules);

    test.each`
      from          | to           | port            | verdict
      ${'shop/web'} | ${'shop/db'} | ${'999/UDP'}    | ${'allowed'}
      ${'shop/web'} | ${'shop/db'} | ${1}            | ${'allowed'}
      ${'shop/web'} | ${'shop/db'} | ${'65535/SCTP'} | ${'allowed'}
      ${'shop/api'} | ${'shop/db'} | ${'999/UDP'}    | ${'blocked'}
    `('NP-14 is for every port of every protocol: $from → $to:$port is $verdict', check);

    test('NP-14 and for protocols without ports', () => {
      expect(answer('shop/web', 'shop/db').ports.allowed.other).toBe(true);
    });
  },
);

describe('an egress rule to the DNS pods on port 53 without a protocol', () => {
  test.each`
    from          | to                       | port        | verdict
    ${'shop/web'} | ${'kube-system/coredns'} | ${53}       | ${'allowed'}
    ${'shop/web'} | ${'kube-system/coredns'} | ${'53/UDP'} | ${'blocked'}
  `(
    'NP-15 means TCP: $from → $to:$port is $verdict',
    scenario({
      'shop/policy': `
egress:
  - to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]
    ports: [{port: 53}]`,
    }).check,
  );
});

describe.each([['[{ports: [{}]}]'], ['[{ports: [null]}]'], ['[{ports: [{protocol: TCP}]}]']])(
  'the rule %s',
  (rules) => {
    const { check, answer } = dbIngress(rules);

    test.each`
      from             | to           | port        | verdict
      ${'203.0.113.5'} | ${'shop/db'} | ${1}        | ${'allowed'}
      ${'203.0.113.5'} | ${'shop/db'} | ${65535}    | ${'allowed'}
      ${'203.0.113.5'} | ${'shop/db'} | ${'53/UDP'} | ${'blocked'}
      ${'203.0.113.5'} | ${'shop/db'} | ${'1/SCTP'} | ${'blocked'}
    `('NP-16 is every TCP port and no other: $from → $to:$port is $verdict', check);

    test('NP-16 protocols without ports do not pass', () => {
      expect(answer('203.0.113.5', 'shop/db').ports.allowed.other).toBe(false);
    });
  },
);

describe('an entry with a protocol alone', () => {
  test.each`
    from             | to           | port          | verdict
    ${'203.0.113.5'} | ${'shop/db'} | ${'5000/UDP'} | ${'allowed'}
    ${'203.0.113.5'} | ${'shop/db'} | ${5000}       | ${'blocked'}
  `(
    'NP-17 is every port of it: $from → $to:$port is $verdict',
    dbIngress('[{ports: [{protocol: UDP}]}]').check,
  );
});

describe('a range of ports, and one of a single port', () => {
  test.each`
    from          | to           | port          | verdict
    ${'shop/web'} | ${'shop/db'} | ${7999}       | ${'blocked'}
    ${'shop/web'} | ${'shop/db'} | ${8000}       | ${'allowed'}
    ${'shop/web'} | ${'shop/db'} | ${8090}       | ${'allowed'}
    ${'shop/web'} | ${'shop/db'} | ${8091}       | ${'blocked'}
    ${'shop/web'} | ${'shop/db'} | ${'8040/UDP'} | ${'blocked'}
    ${'shop/web'} | ${'shop/db'} | ${90}         | ${'allowed'}
    ${'shop/web'} | ${'shop/db'} | ${91}         | ${'blocked'}
  `(
    'NP-18 holds both its ends: $from → $to:$port is $verdict',
    dbIngress('[{ports: [{port: 8000, endPort: 8090}, {port: 90, endPort: 90}]}]').check,
  );
});

describe('a range where the plugin knows no endPort', () => {
  const rules = `{${DB}, ingress: [{ports: [{port: 8000, endPort: 8090}, {port: 90, endPort: 90}]}]}`;
  const withFlag = (endPort: 'no' | 'unknown') =>
    scenario({ 'shop/db': rules }, { flags: { endPort } });

  test.each`
    from          | to           | port    | verdict
    ${'shop/web'} | ${'shop/db'} | ${8000} | ${'allowed'}
    ${'shop/web'} | ${'shop/db'} | ${8001} | ${'blocked'}
    ${'shop/web'} | ${'shop/db'} | ${90}   | ${'allowed'}
  `('NP-19 only its first port counts: $from → $to:$port is $verdict', withFlag('no').check);

  test.each`
    from          | to           | port    | verdict
    ${'shop/web'} | ${'shop/db'} | ${8000} | ${'allowed'}
    ${'shop/web'} | ${'shop/db'} | ${8001} | ${'unknown'}
    ${'shop/web'} | ${'shop/db'} | ${8090} | ${'unknown'}
    ${'shop/web'} | ${'shop/db'} | ${8091} | ${'blocked'}
    ${'shop/web'} | ${'shop/db'} | ${90}   | ${'allowed'}
  `('NP-19 or perhaps only that: $from → $to:$port is $verdict', withFlag('unknown').check);

  test('NP-19 the flag is named', () => {
    expect(withFlag('unknown').causes('shop/web', 'shop/db', 8001)).toEqual([
      { kind: 'cni-flag', flag: 'endPort' },
    ]);
  });
});

describe('an entry for SCTP', () => {
  const spec = `{${DB}, ingress: [{ports: [{protocol: SCTP, port: 81}]}]}`;

  test.each`
    from          | to           | port         | verdict
    ${'shop/web'} | ${'shop/db'} | ${'81/SCTP'} | ${'allowed'}
    ${'shop/web'} | ${'shop/db'} | ${'82/SCTP'} | ${'blocked'}
    ${'shop/web'} | ${'shop/db'} | ${81}        | ${'blocked'}
  `(
    'NP-20 is never one for TCP: $from → $to:$port is $verdict',
    scenario({ 'shop/db': spec }).check,
  );

  test.each(['no', 'unknown'] as const)('NP-20 with sctp: %s it stays unknown', (sctp) => {
    const { verdict, causes } = scenario({ 'shop/db': spec }, { flags: { sctp } });
    expect(verdict('shop/web', 'shop/db', '81/SCTP')).toBe('unknown');
    expect(causes('shop/web', 'shop/db', '81/SCTP')).toEqual([{ kind: 'cni-flag', flag: 'sctp' }]);
    expect(verdict('shop/web', 'shop/db', 81)).toBe('blocked');
    expect(verdict('shop/web', 'shop/db', '82/SCTP')).toBe('blocked');
  });
});

describe('one rule with two peers and two ports', () => {
  test.each`
    from             | to           | port | verdict
    ${'shop/web'}    | ${'shop/db'} | ${1} | ${'allowed'}
    ${'shop/web'}    | ${'shop/db'} | ${2} | ${'allowed'}
    ${'203.0.113.5'} | ${'shop/db'} | ${1} | ${'allowed'}
    ${'203.0.113.5'} | ${'shop/db'} | ${2} | ${'allowed'}
    ${'shop/api'}    | ${'shop/db'} | ${1} | ${'blocked'}
    ${'shop/web'}    | ${'shop/db'} | ${3} | ${'blocked'}
  `(
    'NP-21 allows all four combinations: $from → $to:$port is $verdict',
    dbIngress(`
      [{from: [{podSelector: {matchLabels: {app: web}}}, {ipBlock: {cidr: 203.0.113.0/24}}],
        ports: [{port: 1}, {port: 2}]}]`).check,
  );
});

describe('two rules with a peer and a port each', () => {
  test.each`
    from             | to           | port | verdict
    ${'shop/web'}    | ${'shop/db'} | ${1} | ${'allowed'}
    ${'shop/web'}    | ${'shop/db'} | ${2} | ${'blocked'}
    ${'203.0.113.5'} | ${'shop/db'} | ${1} | ${'blocked'}
    ${'203.0.113.5'} | ${'shop/db'} | ${2} | ${'allowed'}
  `(
    'NP-21 do not mix: $from → $to:$port is $verdict',
    dbIngress(`[
      {${FROM_WEB}, ports: [{port: 1}]},
      {from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 2}]}]`).check,
  );
});
