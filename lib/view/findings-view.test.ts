import { expect, test } from 'vitest';
import { lint } from '#lib/findings/lint.ts';
import { scenario } from '#lib/testing/scenario.ts';
import { findingsView } from './findings-builder.ts';
import type { FindingsQuery } from './findings-view.ts';

/** What of a report is answered. */

const CONTEXT = { cluster: 'fixture', revision: 3, readAt: null };

const ACCEPTED = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: accepted
  namespace: ops
  annotations: {sightline.dev/ignore: PIT-SEL-1, sightline.dev/ignore-reason: it comes later}
spec: {podSelector: {matchLabels: {app: promm}}}
`;

const { connectivity } = scenario(
  {
    'shop/typo': 'podSelector: {matchLabels: {app: wbe}}',
    'shop/ignored': '{podSelector: {}, policyTypes: [Ingress], egress: [{}]}',
  },
  { objects: ACCEPTED },
);

function view(query: Partial<FindingsQuery> = {}) {
  const all = { namespace: null, about: null, severity: null, limit: 100, ...query };
  return findingsView(
    lint(connectivity, { now: null, entries: [] }),
    CONTEXT,
    all,
    ({ id }) => `${id}.yaml:1`,
  );
}

test('the gravest come first, each with its check', () => {
  const { findings, checks, revision } = view();
  expect(revision).toBe(3);
  expect(findings[0]).toMatchObject({
    id: 'PIT-DIR-5',
    severity: 'error',
    object: { name: 'ignored' },
    writtenAt: 'PIT-DIR-5.yaml:1',
  });
  expect(new Set(checks.map(({ id }) => id))).toEqual(new Set(findings.map(({ id }) => id)));
});

test('a namespace has its own, and those about itself', () => {
  const { findings } = view({ namespace: 'ops' });
  expect(findings.map(({ id, object }) => `${id} ${object.name}`)).toEqual([
    'PIT-DIR-1 ops',
    'PIT-SEL-1 accepted',
    'PIT-DIR-2 ops',
  ]);
});

test('what was accepted is there, and counts apart', () => {
  const { findings, counts } = view({ namespace: 'ops' });
  expect(counts).toEqual({ error: 0, warning: 1, info: 1, suppressed: 1 });
  expect(findings.filter(({ isSuppressed }) => isSuppressed)).toMatchObject([
    { object: { name: 'accepted' }, suppression: { reason: 'it comes later' } },
  ]);
});

test('an object has those that name it', () => {
  const { findings } = view({ about: 'shop/web[Pod]' });
  expect(findings.map(({ id }) => id)).toContain('PIT-DIR-2');
  expect(findings.map(({ object }) => object.name)).not.toContain('ops');
});

test('the counts are of all, whatever is shown', () => {
  const all = view();
  const none = view({ severity: 'error', limit: 0 });
  expect(none.findings).toEqual([]);
  expect(none.checks).toEqual([]);
  expect(none.counts).toEqual(all.counts);
  expect(view({ severity: 'error' }).findings.every(({ severity }) => severity === 'error')).toBe(
    true,
  );
});

test('checks that were not run say what they lack', () => {
  expect(view().notRun).toContainEqual({ id: 'PIT-PORT-12', lacks: ['flows'] });
});
