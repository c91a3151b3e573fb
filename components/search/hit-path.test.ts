import { expect, test } from 'vitest';
import type { SearchHit } from '#lib/view/search-view.ts';
import { hitPath } from './hit-path.ts';

const named = (kind: string, namespace: string | null, name: string) => ({ kind, namespace, name });

test.each<[SearchHit['kind'], SearchHit['ref'], string]>([
  ['namespace', named('Namespace', null, 'shop'), '/c/dev/ns/shop'],
  ['workload', named('Deployment', 'shop', 'web'), '/c/dev/ns/shop?sel=shop%2Fweb%5BDeployment%5D'],
  ['pod', named('Pod', 'shop', 'web-0'), '/c/dev/ns/shop/pod/web-0'],
  ['service', named('Service', 'shop', 'web'), '/c/dev/ns/shop'],
  ['policy', named('AdminNetworkPolicy', null, 'all'), '/c/dev'],
])('a %s is shown at its place', (kind, ref, path) => {
  expect(hitPath('dev', { kind, ref, workload: null })).toBe(path);
});
