import { describe, expect, test } from 'vitest';
import {
  capitalized,
  code,
  counted,
  endpointName,
  listed,
  plainText,
  qualifiedPolicy,
  sentence,
  text,
} from './sentence.ts';

const POLICY = {
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  namespace: 'shop',
  name: 'a',
};

describe('sentences', () => {
  test('keep references, merge words and drop what is empty', () => {
    expect(sentence`see ${code('spec')}${''} of ${qualifiedPolicy(POLICY)}${'.'}`).toEqual([
      text('see '),
      code('spec'),
      text(' of '),
      { kind: 'policy', text: 'shop/a', policy: POLICY },
      text('.'),
    ]);
    expect(sentence`${1} of ${2}`).toEqual([text('1 of 2')]);
  });

  test.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
  ])('list %j as "%s"', (items, expected) => {
    expect(plainText(listed(items))).toBe(expected);
  });

  test('open with a capital, names excepted', () => {
    expect(capitalized(sentence`policies differ`)).toEqual([text('Policies differ')]);
    expect(plainText(capitalized(sentence`${qualifiedPolicy(POLICY)} differs`))).toBe(
      'shop/a differs',
    );
    expect(capitalized([])).toEqual([]);
  });

  test('name each kind of endpoint', () => {
    const pod = { kind: 'Pod', namespace: 'shop', name: 'web-1' };
    const web = { kind: 'Deployment', namespace: 'shop', name: 'web' };
    expect(endpointName({ kind: 'pod', ref: pod, workload: web }).text).toBe('shop/web-1');
    expect(endpointName({ kind: 'workload', ref: web, pods: 2 }).text).toBe('shop/web');
    expect(endpointName({ kind: 'node', name: 'n1', address: '192.168.0.1' }).text).toBe('node n1');
    expect(
      endpointName({
        kind: 'addresses',
        label: '203.0.113.0/24',
        first: '203.0.113.0',
      }).text,
    ).toBe('203.0.113.0/24');
  });

  test('count in the plural', () => {
    expect(counted(1, 'pod')).toBe('1 pod');
    expect(counted(0, 'pod')).toBe('0 pods');
    expect(counted(2, 'policy', 'policies')).toBe('2 policies');
  });
});
