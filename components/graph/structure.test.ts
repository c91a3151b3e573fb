import { expect, test } from 'vitest';
import { structureKey } from './structure.ts';
import { edge, frame, view, workload } from './test-view.ts';

const web = workload('shop', 'web');
const api = workload('shop', 'api');
const before = view([frame('shop'), web, api], [edge(web, api)]);

test('counts, badges and ports do not ask for a new layout', () => {
  const nodes = [
    frame('shop', { pods: 9, ingress: 'isolated' }),
    { ...web, pods: 7, ingress: 'isolated' as const },
    api,
  ];
  const after = view(nodes, [edge(web, api, { ports: 'TCP 443', connections: 3 })]);
  expect(structureKey(after)).toBe(structureKey(before));
});

test('neither does the order of what comes', () => {
  const after = view([...before.nodes].reverse(), before.edges);
  expect(structureKey(after)).toBe(structureKey(before));
});

test.each([
  ['a node', view([...before.nodes, workload('shop', 'db')], before.edges)],
  ['an edge', view(before.nodes, [...before.edges, edge(api, web)])],
  ['a collapsed namespace', view([frame('shop', { collapsed: true })])],
])('%s makes another structure', (_what, after) => {
  expect(structureKey(after)).not.toBe(structureKey(before));
});
