import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { typed } from './typed-command.ts';

const TYPO = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web}]}
---
# closes the web
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: typo
  namespace: shop
  annotations: {ANNOTATIONS}
spec:
  podSelector:
    matchLabels: {app: webb}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}}
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lint-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function linted(options: string, annotations = '') {
  await writeFile(join(folder, 'a b.yaml'), TYPO.replace('ANNOTATIONS', annotations));
  return typed(`lint --manifests ${folder} ${options}`);
}

const findings = (out: string) =>
  JSON.parse(out).findings.filter(({ id }: { id: string }) => id === 'PIT-SEL-1');

test('as text: the line, the evidence, the fix, and the counts', async () => {
  const { out, err } = await linted('--fail-on never');
  expect(out).toContain(
    [
      'a b.yaml:14: warning PIT-SEL-1: Policy selects no pods',
      '  NetworkPolicy shop/typo spec.podSelector',
      '  Of 1 pod in scope none matches app=webb. 1 pod there has app=web, where it asks for app=webb.',
      '  Fix: Correct the selector, or delete the policy if its pods are gone for good.',
    ].join('\n'),
  );
  expect(out).toMatch(/\n\d+ errors?, \d+ warnings?, \d+ notes?\.\n/);
  expect(err).toBe('');
});

test.each([
  ['warning', 4],
  ['error', 0],
  ['never', 0],
])('--fail-on %s ends with %i', async (severity, code) => {
  expect((await linted(`--fail-on ${severity} --namespace shop`)).code).toBe(code);
});

test('--namespace leaves out the others', async () => {
  const { out } = await linted('-o json --namespace ops');
  expect(JSON.parse(out).findings).toEqual([]);
});

test('as JSON, with file and line, and what was not run', async () => {
  const { out } = await linted('-o json');
  expect(findings(out)).toMatchObject([
    {
      id: 'PIT-SEL-1',
      object: 'shop/typo[NetworkPolicy]',
      path: 'spec.podSelector',
      file: 'a b.yaml',
      line: 14,
      suppression: null,
      documentation: 'docs/findings.md#pit-sel-1',
    },
  ]);
  expect(JSON.parse(out).notRun).toContainEqual({ id: 'PIT-SEL-9', lacks: ['roles'] });
});

const IGNORE = '"sightline.dev/ignore": "PIT-X-1,PIT-SEL-1"';
const REASON = '"sightline.dev/ignore-reason": "next release"';

test('a suppression with a reason: counted apart, and no failure', async () => {
  const { code, out } = await linted('--fail-on warning --namespace shop', `${IGNORE}, ${REASON}`);
  expect(out).not.toContain('PIT-SEL-1');
  expect(out).toContain('1 suppressed.');
  expect(code).toBe(0);
});

test('a suppression without a reason is not honoured, and says so', async () => {
  const { code, out } = await linted('--fail-on warning --namespace shop', IGNORE);
  expect(out).toContain('counts all the same: sightline.dev/ignore-reason is missing.');
  expect(code).toBe(4);
});

test('a namespace’s annotation speaks for what is in it', async () => {
  await writeFile(
    join(folder, 'namespace.yaml'),
    `{apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: {${IGNORE}, ${REASON}}}}`,
  );
  const { out } = await linted('-o json');
  expect(findings(out)).toMatchObject([
    { suppression: { at: 'shop[Namespace]', reason: 'next release' } },
  ]);
});

test('as SARIF: rules with help, places as URIs, suppressions', async () => {
  const { out } = await linted('-o sarif', `${IGNORE}, ${REASON}`);
  const sarif = JSON.parse(out);
  const [run] = sarif.runs;
  expect(sarif.version).toBe('2.1.0');
  expect(run.invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
  const result = run.results.find(({ ruleId }: { ruleId: string }) => ruleId === 'PIT-SEL-1');
  expect(run.tool.driver.rules[result.ruleIndex]).toMatchObject({
    id: 'PIT-SEL-1',
    help: { text: expect.stringContaining('Reported when') },
  });
  expect(result).toMatchObject({
    level: 'warning',
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'a%20b.yaml' },
          region: { startLine: 14, endLine: 15 },
        },
      },
    ],
    suppressions: [{ kind: 'inSource', status: 'accepted', justification: 'next release' }],
  });
});

test('SARIF tells what was not understood', async () => {
  await writeFile(join(folder, 'broken.yaml'), 'kind: NetworkPolicy\nmetadata: {name: [');
  const { out } = await linted('-o sarif');
  const [{ toolExecutionNotifications }] = JSON.parse(out).runs[0].invocations;
  expect(toolExecutionNotifications).toMatchObject([
    { descriptor: { id: 'yaml-syntax' }, level: 'error' },
  ]);
});
