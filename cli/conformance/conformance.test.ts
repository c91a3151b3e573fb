import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
          'x/c => x/b TCP 80: there is no such pod',
        ],
      },
    },
  ]);
});

test('where a tool tells what each side says, both are compared', async () => {
  const sides = { ...probe('x/a', 'x/b', 81, false), egress: true, ingress: false };
  addCase('one/right', POD('a') + POD('b') + POLICY, { probes: [sides] });
  const wrong = { ...sides, egress: false };
  addCase('one/wrong', POD('a') + POD('b') + POLICY, { probes: [wrong] });
  const differences = ['x/a => x/b TCP 81 as egress: expected blocked, got allowed'];
  expect((await outcomes()).map(({ outcome }) => outcome)).toEqual([
    { kind: 'passed' },
    { kind: 'failed', differences },
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

test('what comes in through an ingress controller is compared as well', async () => {
  const service = (ports: string) =>
    `---\n{apiVersion: v1, kind: Service, metadata: {name: s, namespace: x}, spec: {selector: {pod: b}, ports: [${ports}]}}\n`;
  const ingress = (port: number) =>
    `---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: x}, spec: {defaultBackend: {service: {name: s, port: {number: ${port}}}}}}\n`;
  const listed = POD('b', 'spec: {containers: [{ports: [{containerPort: 80}]}]}\n');
  const inward = [{ src: '{ingress-controller}', dst: 'x/b[Pod]', ports: http }];
  const world = [
    { src: 'x/b[Pod]', dst: '0.0.0.0-255.255.255.255[External]', ports: all },
    { src: '0.0.0.0-255.255.255.255[External]', dst: 'x/b[Pod]', ports: all },
  ];
  const ports = '{name: a, port: 8080, targetPort: 80}, {name: b, port: 9, targetPort: 9}';
  const expected = { connections: [...world, ...inward] };
  addCase('port', listed + service(ports) + ingress(8080), expected);
  addCase('target-port', listed + service(ports) + ingress(80), expected);
  addCase('not-listed', POD('b') + service(ports) + ingress(8080), { connections: world });
  addCase('none', listed + service(ports), expected);
  const [none, notListed, port, targetPort] = await outcomes();
  expect(port?.outcome).toEqual({ kind: 'passed' });
  expect(targetPort?.outcome).toMatchObject({ kind: 'explained', by: [{ rule: 'GEN-11' }] });
  expect(notListed?.outcome).toMatchObject({ kind: 'explained', by: [{ rule: 'GEN-8' }] });
  expect(none?.outcome.kind).toBe('failed');
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

test('what another tool refuses, and an API server takes, is explained', async () => {
  const admin = (name: string) =>
    `apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: ${name}}\nspec: {priority: 5, subject: {namespaces: {}}}\n---\n`;
  const manifests = POD('a') + admin('one') + admin('other');
  const warnings = ['Error: Admin Network Policies: one and other have same priority;'];
  addCase('same-priority', manifests, { connections: [], rc: 1, warnings });
  addCase('something-else', manifests, { connections: [], rc: 1, warnings: ['Error: no'] });
  const [known, unknown] = await outcomes();
  expect(known?.outcome).toMatchObject({ kind: 'explained', by: [{ rule: 'ANP-7' }] });
  expect(unknown?.outcome.kind).toBe('failed');
});

test('an object that is there twice in the same words is noticed', async () => {
  addCase('twice', POD('a') + POD('a'), { connections: [], rc: 1 });
  expect((await outcomes())[0]?.outcome).toEqual({ kind: 'passed' });
});

test('kinds that are not evaluated are counted, not judged', async () => {
  const firewall = 'apiVersion: k8s.ovn.org/v1\nkind: EgressFirewall\nmetadata: {name: c}\n';
  addCase('firewall', POD('a') + firewall, { probes: [probe('x/a', 'x/b', 80, true)] });
  expect(await outcomes()).toEqual([
    {
      name: 'firewall',
      checks: 0,
      outcome: { kind: 'not-evaluated', kinds: ['EgressFirewall'] },
    },
  ]);
});

describe('two folders of another suite', () => {
  const CLOSED = POLICY.replace(/ {2}ingress: .*/, '');
  const change = (src: string, dst: string, dir1: string, dir2: string) => ({
    type: 'changed',
    src,
    dst,
    dir1,
    dir2,
    info: '',
  });
  const removed = [
    change('x/a[Pod]', 'x/b[Pod]', 'TCP 80', 'No Connections'),
    change('10.0.0.0-10.127.255.255[External]', 'x/b[Pod]', 'TCP 80', 'No Connections'),
    change('10.128.0.0-10.255.255.255[External]', 'x/b[Pod]', 'TCP 80', 'No Connections'),
  ];

  function addPair(dir1: string, dir2: string, changes: readonly object[] | null, rc = 0): void {
    mkdirSync(join(root, 'one-diff'), { recursive: true });
    const file = join(root, `one-diff/${dir1}__${dir2}.json`);
    writeFileSync(file, JSON.stringify({ dir1, dir2, rc, error: '', changes }));
  }

  test('are compared by what differs, as functions of the address', async () => {
    addCase('one/open', POD('a') + POD('b') + POLICY, { connections });
    addCase('one/closed', POD('a') + POD('b') + CLOSED, { connections: [] });
    addPair('open', 'closed', removed);
    addPair('closed', 'open', removed);
    addPair('open', 'open', []);
    const pairs = (await outcomes()).filter(({ name }) => name.startsWith('one-diff/'));
    expect(pairs).toEqual([
      {
        name: 'one-diff/closed__open',
        checks: 2,
        outcome: {
          kind: 'failed',
          differences: [
            'outside => x/b[Pod] at 10.0.0.0-10.127.255.255: expected TCP 80 -> none, got none -> TCP 80',
            'outside => x/b[Pod] at 10.128.0.0-10.255.255.255: expected TCP 80 -> none, got none -> TCP 80',
            'x/a[Pod] => x/b[Pod]: expected TCP 80 -> none, got none -> TCP 80',
          ],
        },
      },
      { name: 'one-diff/open__closed', checks: 2, outcome: { kind: 'passed' } },
      { name: 'one-diff/open__open', checks: 0, outcome: { kind: 'passed' } },
    ]);
  });

  test('one of which is refused are refused', async () => {
    addCase('one/open', POD('a') + POD('b') + POLICY, { connections });
    addCase('one/broken', `${POD('a')}kind: "`, { connections: [], rc: 1 });
    addPair('open', 'broken', null, 1);
    addPair('open', 'open', null, 1);
    const pairs = (await outcomes()).filter(({ name }) => name.startsWith('one-diff/'));
    expect(pairs.map(({ outcome }) => outcome.kind)).toEqual(['passed', 'failed']);
  });
});

describe('the command', { timeout: 30_000 }, () => {
  const report = () => join(root, 'report.md');
  const command = (...words: string[]) =>
    new Promise<{ code: unknown; out: string }>((resolve) => {
      const line = ['cli/conformance.ts', ...words];
      execFile(process.execPath, line, (error, out) => resolve({ code: error?.code ?? 0, out }));
    });

  test('writes a report, ends with the totals and fails with a failed case', async () => {
    addCase('good/a', POD('a') + POD('b') + POLICY, { connections });
    addCase('good/b', POD('a'), { connections: [] });
    const { code, out } = await command(root, '--write', report());
    expect(code).toBe(1);
    expect(out).toContain('good/b: 2 answers differ\n');
    expect(out).toMatch(
      /^good: 1 passed, 1 failed, 0 explained, 0 not evaluated \(\d+ answers compared\)$/m,
    );
    expect(out.endsWith('1 passed, 1 failed\n')).toBe(true);
    expect(readFileSync(report(), 'utf8')).toContain('| good | 2 | 1 | 1 | 0 | 0 |');
    expect((await command(root, '--suite', 'other')).code).toBe(1);
  });

  test('leaves alone what follows its report, and finds a report that is out of step', async () => {
    addCase('good/a', POD('a') + POD('b') + POLICY, { connections });
    await command(root, '--write', report());
    const written = readFileSync(report(), 'utf8');
    writeFileSync(report(), `${written}\n## More\n`);
    expect((await command(root, '--check', report())).code).toBe(0);
    await command(root, '--write', report());
    expect(readFileSync(report(), 'utf8')).toBe(`${written}\n## More\n`);
    writeFileSync(report(), written.replace('| good | 1 | 1 | 0 |', '| good | 1 | 0 | 1 |'));
    const stale = await command(root, '--check', report());
    expect(stale.code).toBe(1);
    expect(stale.out.endsWith('1 passed, 1 failed\n')).toBe(true);
    // Of another number of cases the report says nothing.
    addCase('good/b', POD('a') + POD('b') + POLICY, { connections });
    expect((await command(root, '--check', report())).code).toBe(0);
  });

  test('names a folder that is missing, and goes on after a case without manifests', async () => {
    expect((await command(join(root, 'none'))).code).toBe(2);
    addCase('good/a', POD('a') + POD('b') + POLICY, { connections });
    mkdirSync(join(root, 'good-diff'));
    const pair = { dir1: 'a', dir2: 'gone', rc: 0, changes: [] };
    writeFileSync(join(root, 'good-diff/a__gone.json'), JSON.stringify(pair));
    const { out } = await command(root);
    expect(out).toMatch(/good-diff\/a__gone: 1 answers differ\n {2}.*gone\/manifests/);
    expect(out.endsWith('1 passed, 1 failed\n')).toBe(true);
  });
});
