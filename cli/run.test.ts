import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PODS, REPLICA_SETS } from '#lib/model/resource.ts';
import { NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import { createAuthority } from '#lib/testing/certificates.ts';
import { FakeApiServer } from '#lib/testing/fake-api-server.ts';
import { kubeConfigText } from '#lib/testing/fake-kubeconfig.ts';
import { run } from './run.ts';

const SHOP = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: to-api, namespace: shop}
spec:
  podSelector: {matchLabels: {app: api}}
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - podSelector: {matchLabels: {app: web}}
    ports:
    - port: http
  - from:
    - ipBlock: {cidr: 192.0.2.0/24}
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  await writeFile(join(folder, 'shop.yaml'), SHOP);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a command as if it were typed; `--manifests` is the folder unless the words say otherwise. */
async function sightline(command: string, stdin = '', manifests = folder) {
  const streams = {
    stdin: Readable.from([stdin]),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  };
  const words = command.split(' ').map((word) => (word === 'FOLDER' ? manifests : word));
  const code = await run(words, streams);
  streams.stdout.end();
  streams.stderr.end();
  return { code, out: await text(streams.stdout), err: await text(streams.stderr) };
}

describe('list', () => {
  test('as text, a line for each connection', async () => {
    const { code, out, err } = await sightline('list --manifests FOLDER');
    expect(out).toBe(
      [
        '0.0.0.0-192.0.1.255 => shop/web[Deployment] : all',
        '192.0.2.0-192.0.2.255 => shop/api[Deployment] : all',
        '192.0.2.0-192.0.2.255 => shop/web[Deployment] : all',
        '192.0.3.0-255.255.255.255 => shop/web[Deployment] : all',
        'shop/web[Deployment] => 0.0.0.0-255.255.255.255 : all',
        'shop/web[Deployment] => shop/api[Deployment] : TCP 8080',
        '',
      ].join('\n'),
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('as JSON, exactly connections and problems', async () => {
    const { code, out } = await sightline('list --manifests FOLDER -o json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      connections: [
        { src: '0.0.0.0-192.0.1.255', dst: 'shop/web[Deployment]', ports: { all: true } },
        { src: '192.0.2.0-192.0.2.255', dst: 'shop/api[Deployment]', ports: { all: true } },
        { src: '192.0.2.0-192.0.2.255', dst: 'shop/web[Deployment]', ports: { all: true } },
        { src: '192.0.3.0-255.255.255.255', dst: 'shop/web[Deployment]', ports: { all: true } },
        { src: 'shop/web[Deployment]', dst: '0.0.0.0-255.255.255.255', ports: { all: true } },
        {
          src: 'shop/web[Deployment]',
          dst: 'shop/api[Deployment]',
          ports: { TCP: [[8080, 8080]] },
        },
      ],
      problems: [],
    });
  });

  test('what is unknown is told apart, with its cause', async () => {
    const { code, out } = await sightline('list --manifests FOLDER -o json --set enforces=no');
    expect(code).toBe(0);
    const { connections, unknown } = JSON.parse(out);
    expect(connections).toContainEqual({
      src: 'shop/web[Deployment]',
      dst: 'shop/api[Deployment]',
      ports: { TCP: [[8080, 8080]] },
    });
    expect(unknown).toContainEqual({
      src: 'shop/web[Deployment]',
      dst: 'shop/api[Deployment]',
      ports: {
        TCP: [
          [1, 8079],
          [8081, 65535],
        ],
        UDP: [[1, 65535]],
        SCTP: [[1, 65535]],
      },
      causes: [{ kind: 'cni-flag', flag: 'enforces' }],
    });
    const words = await sightline('list --manifests FOLDER --set enforces=no');
    expect(words.out).toContain(
      'shop/web[Deployment] => shop/api[Deployment] : unknown for TCP 1-8079,8081-65535; UDP; SCTP',
    );
  });

  test('from standard input, for pipes and editors', async () => {
    const { code, out } = await sightline('list --manifests - -o csv', SHOP);
    expect(code).toBe(0);
    expect(out.split('\n').slice(0, 2)).toEqual([
      'source,destination,allowed,unknown',
      '0.0.0.0-192.0.1.255,shop/web[Deployment],all,',
    ]);
  });

  test('as Markdown and DOT', async () => {
    const table = await sightline('list --manifests FOLDER -o md');
    expect(table.out).toContain(
      '| shop/web\\[Deployment\\] | shop/api\\[Deployment\\] | TCP 8080 |  |\n',
    );
    const graph = await sightline('list --manifests FOLDER -o dot');
    expect(graph.out).toMatch(/^digraph connections \{\n(?: .*\n)+\}\n$/);
    expect(graph.out).toContain(
      '  "shop/web[Deployment]" -> "shop/api[Deployment]" [label="TCP 8080"];\n',
    );
  });

  test('a policy that is refused makes its verdicts unknown and the exit code 1', async () => {
    await writeFile(join(folder, 'shop.yaml'), SHOP.replace('port: http\n', 'port: "80"\n'));
    const { code, out, err } = await sightline('list --manifests FOLDER -o json');
    expect(code).toBe(1);
    const { problems, connections, unknown } = JSON.parse(out);
    expect(problems).toMatchObject([
      {
        code: 'policy-invalid',
        severity: 'error',
        object: 'shop/to-api[NetworkPolicy]',
        path: 'spec.ingress[0].ports[0].port',
        file: 'shop.yaml',
        line: 19,
      },
    ]);
    const toApi = { src: 'shop/web[Deployment]', dst: 'shop/api[Deployment]' };
    expect(connections).not.toContainEqual(expect.objectContaining(toApi));
    expect(unknown).toContainEqual(expect.objectContaining(toApi));
    expect(err).toMatch(
      /^1 error in what was read: shop\.yaml:19: shop\/to-api\[NetworkPolicy\] spec\.ingress\[0\]\.ports\[0\]\.port: [^\n]+\n$/,
    );
  });

  test('warnings count only with --strict', async () => {
    await writeFile(join(folder, 'values.yaml'), 'replicas: 3\n');
    const relaxed = await sightline('list --manifests FOLDER');
    expect(relaxed.code).toBe(0);
    expect(relaxed.err).toBe(
      '1 warning in what was read: values.yaml:1: not a Kubernetes object: it has no apiVersion and kind\n',
    );
    expect((await sightline('list --manifests FOLDER --strict')).code).toBe(1);
  });

  test('an empty folder is no empty cluster', async () => {
    await rm(join(folder, 'shop.yaml'));
    const { code, out, err } = await sightline('list --manifests FOLDER');
    expect({ code, out, err }).toEqual({
      code: 1,
      out: 'No connection is allowed.\n',
      err: '1 error in what was read: there is no .yaml, .yml or .json file here\n',
    });
  });

  test('names that a spreadsheet, a terminal or Markdown would act on are only text', async () => {
    const names = ['=1+2', '-a', '\u001b]0;title\u0007', 'x|<b>'].map((name) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: name },
    }));
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: names });
    const csv = await sightline('list --manifests - -o csv', list);
    const cells = csv.out.split('\n').flatMap((row) => row.split(','));
    expect(cells.filter((cell) => /^[=+@-]/.test(cell))).toEqual([]);
    expect(cells).toContain("'=1+2/p[Pod]");
    for (const format of ['text', 'md', 'dot', 'csv', 'json']) {
      const { out } = await sightline(`list --manifests - -o ${format}`, list);
      expect(out).not.toContain('\u001b');
    }
    const markdown = await sightline('list --manifests - -o md', list);
    expect(markdown.out).toContain('x\\|\\<b\\>/p\\[Pod\\]');
  });
});

describe('explain', () => {
  test('a permitted connection, with the lines that permit it', async () => {
    const { code, out } = await sightline(
      'explain --manifests FOLDER --from shop/web --to shop/api --port 8080',
    );
    expect(code).toBe(0);
    // What exactly a rule fails on is for those who write the words.
    expect(
      out.replaceAll(/does not match: .*/g, 'does not match'),
    ).toBe(`shop/web can reach shop/api on TCP 8080

Egress of shop/web: allowed
  No policy selects shop/web for egress: every connection may go out.

Ingress of shop/api: allowed
  Rule 1 of policy to-api permits it.

  NetworkPolicy shop/to-api (shop.yaml:19)
    isolates shop/api for ingress (spec.policyTypes[0])
    rule 1 permits it: spec.ingress[0].from[0], spec.ingress[0].ports[0]
    rule 2 does not match

      19 apiVersion: networking.k8s.io/v1
      20 kind: NetworkPolicy
      21 metadata: {name: to-api, namespace: shop}
      22 spec:
      23   podSelector: {matchLabels: {app: api}}
      24   policyTypes: [Ingress, Egress]
      25   ingress:
      26   - from:   # <- rule 1 permits it
    > 27     - podSelector: {matchLabels: {app: web}}
      28     ports:
    > 29     - port: http
      30   - from:   # <- rule 2 does not match
      31     - ipBlock: {cidr: 192.0.2.0/24}
`);
  });

  test('a blocked connection, with the policies that isolate and the nearest rule', async () => {
    const { code, out } = await sightline(
      'explain --manifests FOLDER --from shop/web --to shop/deployment/api --port 9090',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^shop\/web is blocked from shop\/api on TCP 9090\n/);
    expect(out).toContain('shop/api is isolated for ingress by policy to-api');
    expect(out).toContain('Closest: rule 1 of policy to-api');
    expect(out).toMatch(
      /^ {4}> 24 {3}policyTypes: \[Ingress, Egress\] {3}# <- isolates for ingress$/m,
    );
  });

  test.each([
    ['svc/shop/api --port 80', 'shop/web can reach service shop/api on TCP 80'],
    ['shop/api --port http', 'shop/web can reach shop/api on TCP 8080'],
    ['shop/api --port 53/UDP', 'shop/web is blocked from shop/api on UDP 53'],
    ['shop/api --port UDP/53', 'shop/web is blocked from shop/api on UDP 53'],
    ['192.0.2.7 --port 443', 'shop/web can reach 192.0.2.7 on TCP 443'],
    ['192.0.2.0/24', 'shop/web can reach 192.0.2.0/24 on every port'],
  ])('from shop/web to %s: %s', async (question, headline) => {
    const { code, out } = await sightline(
      `explain --manifests FOLDER --from shop/web --to ${question}`,
    );
    expect(out.split('\n')[0]).toBe(headline);
    expect(code).toBe(0);
  });

  test('as JSON, with the reasons as data', async () => {
    const { out } = await sightline(
      'explain --manifests FOLDER --from 192.0.2.1 --to shop/api -o json',
    );
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({
      verdict: 'allowed',
      parts: [
        {
          answer: {
            egress: { verdict: 'allowed', reason: { kind: 'outside' } },
            ingress: {
              verdict: 'allowed',
              reason: { kind: 'rules', rules: [{ policy: { name: 'to-api' }, index: 1 }] },
            },
          },
        },
      ],
      documents: [{ writtenAt: 'shop.yaml:19' }],
      problems: [],
    });
    expect(Object.keys(answer)).toEqual([
      'asked',
      'verdict',
      'service',
      'parts',
      'documents',
      'problems',
    ]);
  });
});

describe('what is refused', () => {
  test.each([
    ['lst', "unknown command 'lst'"],
    ['list --manifest x', "unknown option '--manifest'"],
    ['list --manifests FOLDER extra', 'too many arguments'],
    ['list --manifests FOLDER -o xml', 'Allowed choices are text, json, md, dot, csv'],
    ['list --manifests FOLDER --cni nothing', '--cni must be one of kubernetes'],
    ['list --manifests FOLDER --set colour=yes', '--set knows the flags enforces'],
    ['list --manifests FOLDER --set sctp=maybe', '--set sctp must be yes, no or unknown'],
    ['list --manifests FOLDER --context a', 'choose either --manifests or a cluster'],
    ['list --manifests FOLDER --timeout soon', 'It is a number of seconds'],
    ['explain --manifests FOLDER --from shop/web', "required option '--to <end>' not specified"],
    [
      'explain --manifests FOLDER --from shop/web --to shop/api --port 70000',
      '--port 70000 is not a port',
    ],
    ['explain --manifests FOLDER --from shop/web --to shop/api --port icmp/1', 'is not a port'],
    [
      'explain --manifests FOLDER --from shop/wbe --to shop/api',
      '--from: there is no workload or pod shop/wbe',
    ],
    ['explain --manifests FOLDER --from web --to shop/api', '--from: write namespace/name'],
    [
      'explain --manifests FOLDER --from shop/web --to svc/shop/api --port 81',
      '--port: say which port',
    ],
  ])('%s: exit code 2', async (command, message) => {
    const { code, out, err } = await sightline(command);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error: /);
    expect(err).toContain(message);
  });

  test.each([
    ['list --manifests /nowhere/at-all', 'there is no such file or folder: /nowhere/at-all'],
    ['list --kubeconfig /nowhere/config', '/nowhere/config'],
  ])('%s: exit code 3', async (command, message) => {
    const { code, out, err } = await sightline(command);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err.trimEnd().split('\n').at(-1)).toMatch(/^error: /);
    expect(err).toContain(message);
  });

  test('without a command, help on stderr and exit code 2', async () => {
    const { code, err } = await sightline('');
    expect(code).toBe(2);
    expect(err).toContain("unknown command ''");
  });

  test.each(['--help', 'list --help', 'explain --help', 'serve --help'])(
    '%s explains the exit codes',
    async (command) => {
      const { code, out } = await sightline(command);
      expect(code).toBe(0);
      expect(out).toContain('Exit codes:\n  0  answered\n');
    },
  );
});

describe('a cluster', () => {
  const authority = createAuthority('cli-test');
  const { cert, key } = authority.issue({
    commonName: 'server',
    use: 'server',
    hosts: ['127.0.0.1'],
  });
  let server: FakeApiServer;

  beforeEach(async () => {
    server = await FakeApiServer.start({ resources: [NETWORK_POLICIES], tls: { cert, key } });
    const cluster = { 'certificate-authority-data': btoa(authority.cert) };
    const config = kubeConfigText({ server: server.url, cluster });
    await writeFile(join(folder, 'config'), config, { mode: 0o600 });
  });
  afterEach(() => server.close());

  const controlled = (kind: string, name: string) => ({
    ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: 'u', controller: true }],
  });

  test('is read whole before it is answered from', async () => {
    const labels = { app: 'web' };
    server.store.set(REPLICA_SETS, {
      metadata: { name: 'web-1', namespace: 'shop', ...controlled('Deployment', 'web') },
    });
    for (const name of ['web-1-a', 'web-1-b'])
      server.store.set(PODS, {
        metadata: { name, namespace: 'shop', labels, ...controlled('ReplicaSet', 'web-1') },
        status: { phase: 'Running' },
      });
    server.store.set(NETWORK_POLICIES, {
      metadata: { name: 'closed', namespace: 'shop' },
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    });
    const { code, out, err } = await sightline(`list --kubeconfig ${folder}/config --cni calico`);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: 'shop/web[Deployment] => 0.0.0.0-255.255.255.255 : all\n',
      err: '',
    });
    const unsure = await sightline(`list --kubeconfig ${folder}/config`);
    expect(unsure.err).toContain('name it with --cni');
  });

  test('whose policies may not be read gives no verdict, and says so', async () => {
    server.store.set(PODS, { metadata: { name: 'a', namespace: 'shop' } });
    server.intercept(({ path }) =>
      path.includes('networkpolicies') ? { kind: 'status', code: 403, reason: 'Forbidden' } : null,
    );
    const { code, out, err } = await sightline(
      `list --kubeconfig ${folder}/config --cni calico -o json`,
    );
    expect(code).toBe(1);
    const { connections, unknown, problems } = JSON.parse(out);
    expect(connections).toEqual([]);
    expect(unknown[0]).toMatchObject({
      dst: 'shop/a[Pod]',
      ports: { all: true },
      causes: [{ kind: 'not-readable' }],
    });
    expect(problems).toMatchObject([{ code: 'not-readable', severity: 'error' }]);
    expect(err).toContain('networkpolicies.networking.k8s.io');
  });

  test('that never answers is exit code 3 when the time is over', async () => {
    server.intercept(() => ({ kind: 'hang' }));
    const { code, out, err } = await sightline(
      `list --kubeconfig ${folder}/config --cni calico --timeout 1.5`,
    );
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toBe(
      'reading …\nerror: pods were not read within 1.5 s; --timeout gives it longer\n',
    );
  });

  test('that cannot be reached is exit code 3, after a second attempt', async () => {
    await server.close();
    const { code, out, err } = await sightline(`list --kubeconfig ${folder}/config --cni calico`);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err.trimEnd().split('\n').at(-1)).toMatch(/^error: .*ECONNREFUSED/);
  });
});

describe('as a process', () => {
  /** Runs a line of shell; `sightline` is the command from source. */
  function shell(line: string): Promise<{ code: number | null; out: string; err: string }> {
    const command = `"${process.execPath}" cli/main.ts`;
    const child = spawn('bash', [
      '-c',
      `set -o pipefail; ${line.replaceAll('sightline', command)}`,
    ]);
    const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
    return new Promise((resolve) => {
      child.on('close', async (code) => {
        const [out, err] = await outputs;
        resolve({ code, out, err });
      });
    });
  }

  test('a reader that stops early is no error', async () => {
    const pods = Array.from(
      { length: 60 },
      (_, i) => `apiVersion: v1\nkind: Pod\nmetadata: {name: pod-${i}}\n`,
    );
    await writeFile(join(folder, 'shop.yaml'), pods.join('---\n'));
    const all = await shell(`sightline list --manifests ${folder} | wc -l`);
    expect(Number(all.out)).toBe(60 * 59 + 2 * 60);
    const { out, err } = await shell(`sightline list --manifests ${folder} | head -n 1`);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toBe('');
  });

  test('the exit code is the command’s, and a pipe is read to its end', async () => {
    const { code, out } = await shell(
      `cat ${folder}/shop.yaml | sightline list --manifests - -o json`,
    );
    expect(code).toBe(0);
    expect(JSON.parse(out).connections).toHaveLength(6);
    expect((await shell('sightline list --manifests /nowhere')).code).toBe(3);
  });
});
