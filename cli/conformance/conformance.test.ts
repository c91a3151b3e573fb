import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findCases } from './cases.ts';
import { runCase } from './run-case.ts';

const POD = (name: string, more = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: x, labels: {pod: ${name}}}\n${more}---\n`;
const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: to-b, namespace: x}
spec:
  podSelector: {matchLabels: {pod: b}}
  policyTypes: [Ingress]
  ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}, {ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 80}]}]
`;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'conformance-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function addCase(name: string, manifests: string, expected: object): void {
  mkdirSync(join(root, name, 'manifests'), { recursive: true });
  writeFileSync(join(root, name, 'manifests/all.yaml'), manifests);
  writeFileSync(join(root, name, 'expected.json'), JSON.stringify(expected));
}

async function outcomes() {
  const results = await Promise.all(findCases(root, null).map(runCase));
  return results.map(({ case: each, checks, outcome }) => ({ name: each.name, checks, outcome }));
}

const probe = (src: string, dst: string, port: number, allowed: boolean) => ({
  src,
  dst,
  protocol: 'TCP',
  port,
  allowed,
});

test('probes are compared one by one, but for a pod and itself', async () => {
  addCase('one/case/step1', POD('a') + POD('b') + POLICY, {
    probes: [
      probe('x/a', 'x/b', 80, true),
      probe('x/a', 'x/b', 81, false),
      probe('x/b', 'x/a', 81, true),
      probe('x/b', 'x/b', 81, false),
    ],
  });
  addCase('two/case', POD('a') + POD('b') + POLICY, {
    probes: [probe('x/a', 'x/b', 80, false), probe('x/c', 'x/b', 80, false)],
  });
  expect(await outcomes()).toEqual([
    { name: 'one/case/step1', checks: 3, outcome: { kind: 'passed' } },
    {
      name: 'two/case',
      checks: 2,
      outcome: {
        kind: 'failed',
        differences: [
          'x/a => x/b TCP 80: expected blocked, got allowed',
          'x/c => x/b TCP 80: expected blocked, got no such pod',
        ],
      },
    },
  ]);
});

const all = { all: true };
const http = { all: false, TCP: [[80, 80]] };
const connections = [
  { src: 'x/a[Pod]', dst: 'x/b[Pod]', ports: http },
  { src: 'x/b[Pod]', dst: 'x/a[Pod]', ports: all },
  { src: 'x/a[Pod]', dst: '0.0.0.0-255.255.255.255[External]', ports: all },
  { src: 'x/b[Pod]', dst: '0.0.0.0-255.255.255.255[External]', ports: all },
  // The same answer in other pieces.
  { src: '0.0.0.0-1.255.255.255,2.0.0.0-255.255.255.255[External]', dst: 'x/a[Pod]', ports: all },
  { src: '10.0.0.0-10.9.255.255[External]', dst: 'x/b[Pod]', ports: http },
  { src: '10.10.0.0-10.255.255.255[External]', dst: 'x/b[Pod]', ports: http },
  { src: '{ingress-controller}', dst: 'x/b[Pod]', ports: http },
];

test('connections are compared as functions of the address', async () => {
  addCase('same', POD('a') + POD('b') + POLICY, { connections });
  addCase('wider', POD('a') + POD('b') + POLICY, {
    connections: [
      ...connections,
      { src: '11.0.0.0-11.255.255.255[External]', dst: 'x/b[Pod]', ports: all },
    ],
  });
  const [same, wider] = await outcomes();
  expect(same?.outcome).toEqual({ kind: 'passed' });
  expect(wider?.outcome).toEqual({
    kind: 'failed',
    differences: [
      'outside => x/b[Pod] at 11.0.0.0-11.255.255.255: expected TCP, UDP, SCTP, got none',
    ],
  });
});

test('a known departure explains a difference only when it explains all of it', async () => {
  const manifests = POD('a', 'status: {phase: Succeeded}\n') + POD('b') + POLICY;
  addCase('finished', manifests, { connections });
  addCase('finished-and-more', manifests, { connections: connections.slice(1) });
  const [finished, more] = await outcomes();
  expect(finished?.outcome).toMatchObject({ kind: 'explained', by: [{ rule: 'GEN-18' }] });
  expect(more?.outcome.kind).toBe('failed');
});

test('what another tool refuses has to be an error here', async () => {
  addCase('refused', `${POD('a')}kind: "`, { connections: [], rc: 1 });
  addCase('taken', POD('a'), { connections: [], rc: 1 });
  const [refused, taken] = await outcomes();
  expect(refused?.outcome).toEqual({ kind: 'passed' });
  expect(taken?.outcome).toMatchObject({ kind: 'failed' });
});

test('kinds that are not evaluated are counted, not judged', async () => {
  const admin = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c}\n';
  addCase('cilium', POD('a') + admin, { probes: [probe('x/a', 'x/b', 80, true)] });
  expect(await outcomes()).toEqual([
    {
      name: 'cilium',
      checks: 0,
      outcome: { kind: 'not-evaluated', kinds: ['CiliumNetworkPolicy'] },
    },
  ]);
});

test('the command writes a report, ends with the totals and fails with a failed case', async () => {
  addCase('good/a', POD('a') + POD('b') + POLICY, { connections });
  addCase('good/b', POD('a'), { connections: [] });
  const report = join(root, 'report.md');
  const command = (...words: string[]) =>
    new Promise<{ code: unknown; out: string }>((resolve) => {
      const line = ['cli/conformance.ts', root, ...words];
      execFile(process.execPath, line, (error, out) => resolve({ code: error?.code ?? 0, out }));
    });
  const { code, out } = await command('--write', report);
  expect(code).toBe(1);
  expect(out).toContain('good/b: 2 answers differ\n');
  expect(out).toMatch(
    /^good: 1 passed, 1 failed, 0 explained, 0 not evaluated \(\d+ answers compared\)$/m,
  );
  expect(out.endsWith('1 passed, 1 failed\n')).toBe(true);
  expect(readFileSync(report, 'utf8')).toContain('| good | 1 | 1 | 0 | 0 |');
  expect((await command('--suite', 'other')).code).toBe(1);
});
