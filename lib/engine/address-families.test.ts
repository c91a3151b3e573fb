import { describe, expect, test } from 'vitest';
import { scenario } from '#lib/testing/scenario.ts';

/** GEN-20: pods with addresses of both families, and blocks of one. */

const pod = (name: string, ips: readonly string[]) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIPs: [${ips.map((ip) => `{ip: "${ip}"}`).join(', ')}]}
`;
const OBJECTS = [
  pod('dual-a', ['10.0.3.1', 'fd00::1']),
  pod('dual-b', ['10.0.3.2', 'fd00::2']),
  pod('four', ['10.0.3.3']),
  pod('six', ['fd00::6']),
].join('---');

/** Egress of the two pods with both families, to these blocks alone. */
function withBlocks(...blocks: readonly string[]) {
  const to = blocks.map((cidr) => `{ipBlock: {cidr: "${cidr}"}}`).join(', ');
  return scenario(
    {
      'shop/out': `
podSelector: {matchExpressions: [{key: app, operator: In, values: [dual-a, dual-b, six]}]}
policyTypes: [Egress]
egress: [{to: [${to}]}]`,
    },
    { objects: OBJECTS },
  );
}

describe('GEN-20 a block of one family', () => {
  const { check, causes } = withBlocks('10.0.0.0/8');

  test.each`
    from             | to               | port  | verdict
    ${'shop/dual-a'} | ${'shop/four'}   | ${80} | ${'allowed'}
    ${'shop/dual-a'} | ${'shop/six'}    | ${80} | ${'blocked'}
    ${'shop/dual-a'} | ${'shop/dual-b'} | ${80} | ${'unknown'}
    ${'shop/six'}    | ${'shop/dual-b'} | ${80} | ${'blocked'}
    ${'shop/four'}   | ${'shop/dual-b'} | ${80} | ${'allowed'}
  `('is for connections of that family: $from → $to is $verdict', check);

  test('is the cause where both ends have both', () => {
    expect(causes('shop/dual-a', 'shop/dual-b', 80)).toEqual([{ kind: 'address-family' }]);
  });
});

test('GEN-20 blocks of both families are for every connection', () => {
  const { verdict } = withBlocks('10.0.0.0/8', 'fd00::/8');
  expect(verdict('shop/dual-a', 'shop/dual-b', 80)).toBe('allowed');
});

test('GEN-20 blocks that hold neither address are for none', () => {
  const { verdict } = withBlocks('172.16.0.0/12', 'fd01::/16');
  expect(verdict('shop/dual-a', 'shop/dual-b', 80)).toBe('blocked');
});
