import { expect, test } from 'vitest';
import type { Verdict } from '#lib/engine/explanation.ts';
import { NO_PORTS } from '#lib/model/port-set.ts';
import type { ExplanationPart } from '#lib/view/explanation-view.ts';
import { namedParts } from './part-choice.ts';

function part(to: string, verdict: Verdict, port: ExplanationPart['port'] = null): ExplanationPart {
  const ports = { allowed: NO_PORTS, unknown: NO_PORTS };
  const reason = { kind: 'no-policy' } as const;
  const side = { verdict, reason, ports, requests: [], considered: [], nearMiss: null };
  const end = (name: string) =>
    ({ kind: 'workload', ref: { kind: 'Deployment', namespace: 'shop', name }, pods: 1 }) as const;
  return {
    from: end('web'),
    to: end(to),
    port,
    pairs: 1,
    answer: {
      verdict,
      ports,
      egress: { ...side, direction: 'egress' },
      ingress: { ...side, direction: 'ingress' },
    },
  };
}

test('what is allowed comes first, else the order is kept', () => {
  const parts = [
    part('a', 'blocked'),
    part('b', 'unknown'),
    part('c', 'allowed'),
    part('d', 'blocked'),
  ];
  expect(namedParts(parts).map(({ name }) => name)).toEqual([
    'shop/deployment/web>shop/deployment/c',
    'shop/deployment/web>shop/deployment/b',
    'shop/deployment/web>shop/deployment/a',
    'shop/deployment/web>shop/deployment/d',
  ]);
});

test('names tell ports apart, and parts that read the same', () => {
  const port = { protocol: 'UDP', port: 53 } as const;
  const parts = [part('a', 'allowed', port), part('a', 'allowed'), part('a', 'blocked')];
  expect(namedParts(parts).map(({ name }) => name)).toEqual([
    'shop/deployment/web>shop/deployment/a:53/UDP',
    'shop/deployment/web>shop/deployment/a',
    'shop/deployment/web>shop/deployment/a~2',
  ]);
});
