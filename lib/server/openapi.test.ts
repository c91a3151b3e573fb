import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openApiDocument } from './openapi.ts';

const text = JSON.stringify(openApiDocument());
const { paths, components } = JSON.parse(text);

/** `app/api/clusters/[cluster]/route.ts` as `/api/clusters/{cluster}`. */
const routes = globSync('app/api/**/route.ts').map((file) => ({
  path: file.replace(/^app|\/route\.ts$/g, '').replace(/\[(\w+)\]/g, '{$1}'),
  source: readFileSync(file, 'utf8'),
}));

/** Those that say nothing about a cluster: what is not found, and the description itself. */
const APART = ['/api/[...path]', '/api/openapi.json'];
const OF_THE_EDGE = ['/api/events', '/api/health', '/api/ready'];

test('describes every route there is, and no other', () => {
  const described = Object.keys(paths).sort();
  const there = routes.map(({ path }) => path).filter((path) => !APART.includes(path));
  expect(described).toEqual([...there, ...OF_THE_EDGE].sort());
});

test('every route answers through the one door', () => {
  expect(routes.length).toBeGreaterThan(7);
  for (const { source } of routes) {
    expect(source).toMatch(
      /import \{ answer(View|Upload|Export)? \} from '#lib\/server\/answer\.ts'/,
    );
    expect(source).toMatch(/return answer(View|Upload|Export)?\(request/);
  }
});

test('there is no Server Action', () => {
  const sources = globSync('{app,components,lib}/**/*.{ts,tsx}', { exclude: ['**/*.test.ts'] });
  expect(sources.length).toBeGreaterThan(100);
  for (const file of sources) expect(readFileSync(file, 'utf8')).not.toMatch(/^\s*['"]use server/m);
});

test('every reference leads somewhere', () => {
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(30);
  for (const [, name] of references) expect(Object.keys(components.schemas)).toContain(name);
});

test('parameters are those that are read', () => {
  const graph = paths['/api/clusters/{cluster}/graph'].get;
  const names = graph.parameters.map((parameter: { name: string }) => parameter.name);
  expect(names).toEqual(['cluster', 'namespace', 'expanded', 'opened', 'open', 'dns', 'focus']);
  expect(JSON.stringify(components.schemas.ClusterSummary)).toContain('date-time');
});
