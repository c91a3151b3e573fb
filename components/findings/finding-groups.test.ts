import { expect, test } from 'vitest';
import type { FindingView } from '#lib/view/findings-view.ts';
import { findingAnchor, findingGroups } from './finding-groups.ts';

const check = (id: string, title: string) => ({
  id,
  title,
  scenario: '',
  evidence: '',
  fix: '',
  rules: [],
});

const finding = (id: string, name: string, isSuppressed = false): FindingView => ({
  id,
  severity: 'warning',
  object: { kind: 'NetworkPolicy', namespace: 'shop', name, group: 'networking.k8s.io' },
  path: ['spec', 'ingress', 0],
  message: `about ${name}`,
  related: [],
  patch: null,
  writtenAt: null,
  suppression: null,
  isSuppressed,
});

const view = {
  findings: [finding('PIT-A-1', 'web'), finding('PIT-B-1', 'web'), finding('PIT-A-1', 'db', true)],
  checks: [check('PIT-B-1', 'Port'), check('PIT-A-1', 'Peer')],
};

const shown = (filter: string, all = false) =>
  findingGroups(view, filter, all).map(({ check: { id }, findings }) => [
    id,
    findings.map(({ object }) => object.name),
  ]);

test('findings stand by check, in the order in which they come', () => {
  expect(shown('', true)).toEqual([
    ['PIT-A-1', ['web', 'db']],
    ['PIT-B-1', ['web']],
  ]);
});

test('accepted ones are left out unless asked for', () => {
  expect(shown('')).toEqual([
    ['PIT-A-1', ['web']],
    ['PIT-B-1', ['web']],
  ]);
});

test('every word of the filter counts, in titles and in objects', () => {
  expect(shown('PORT shop/web')).toEqual([['PIT-B-1', ['web']]]);
  expect(shown('port peer')).toEqual([]);
});

test('a link names the check, the object and the field', () => {
  expect(findingAnchor(finding('PIT-A-1', 'web'))).toBe(
    'PIT-A-1/shop/web[NetworkPolicy]/spec.ingress[0]',
  );
});
