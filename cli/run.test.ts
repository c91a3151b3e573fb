import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SHOP, typed } from './typed-command.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  await writeFile(join(folder, 'shop.yaml'), SHOP);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sightline = (command: string, stdin = '') =>
  typed(command.replaceAll('FOLDER', folder), stdin);

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

  test('in groups, as few rows as there are ways to be treated', async () => {
    const { code, out } = await sightline('list --grouped --manifests FOLDER');
    expect(out).toBe(
      [
        '0.0.0.0-192.0.1.255,192.0.2.0-192.0.2.255,192.0.3.0-255.255.255.255 => shop/web[Deployment] : all',
        '192.0.2.0-192.0.2.255 => shop/api[Deployment] : all',
        'shop/web[Deployment] => 0.0.0.0-255.255.255.255 : all',
        'shop/web[Deployment] => shop/api[Deployment] : TCP 8080',
        '',
      ].join('\n'),
    );
    expect(code).toBe(0);
  });

  test('in groups as JSON, with the members of each set', async () => {
    const { out } = await sightline('list --grouped -o json --manifests FOLDER');
    const { rows, sets, problems } = JSON.parse(out);
    expect(problems).toEqual([]);
    const members = (id: number) => sets.find((set: { id: number }) => set.id === id).members;
    expect(members(rows[0].targets)).toEqual(['shop/web[Deployment]']);
    expect(members(rows[0].sources)).toHaveLength(3);
    expect(rows[0].allowed).toEqual({ all: true });
  });

  test('in groups in the forms that have them', async () => {
    const csv = await sightline('list --grouped -o csv --manifests FOLDER');
    expect(csv.out.split('\n')[0]).toBe('sources,destinations,allowed,unknown');
    const table = await sightline('list --grouped -o md --manifests FOLDER');
    expect(table.out).toContain('| 192.0.2.0-192.0.2.255 |');
    const graph = await sightline('list --grouped -o dot --manifests FOLDER');
    expect(graph).toMatchObject({ code: 2, out: '' });
    expect(graph.err).toBe('error: --grouped cannot be written as dot\n');
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
      'notes',
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
    expect(err).toMatch(/^Usage: sightline/);
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

describe('diff', () => {
  const changed = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return `${folder}/shop.yaml ${folder}/${name}`;
  };
  const OPENED = SHOP.replace('    - port: http\n', '    - port: 8080\n    - port: 9090\n');

  test('as text, a line for each connection that differs', async () => {
    const { code, out, err } = await sightline(`diff ${await changed('new.yaml', OPENED)}`);
    expect(out).toBe(
      'changed shop/web[Deployment] => shop/api[Deployment] : TCP 8080 -> TCP 8080,9090\n',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const none = await sightline('diff FOLDER FOLDER');
    expect(none.out).toBe('The same connections are allowed.\n');
  });

  test('as JSON, with what was wrong in each', async () => {
    const files = await changed('new.yaml', OPENED.replace('port: 9090', 'port: "90"'));
    const { code, out } = await sightline(`diff ${files} -o json`);
    expect(code).toBe(1);
    const { changes, problems } = JSON.parse(out);
    expect(changes).toContainEqual({
      change: 'changed',
      src: 'shop/web[Deployment]',
      dst: 'shop/api[Deployment]',
      before: { ports: { TCP: [[8080, 8080]] } },
      after: { ports: {}, unknown: { all: true } },
    });
    expect(problems).toMatchObject({ before: [], after: [{ code: 'policy-invalid' }] });
  });

  test('as CSV and Markdown', async () => {
    const files = await changed('new.yaml', OPENED);
    const cells = ['changed', 'shop/web[Deployment]', 'shop/api[Deployment]', 'TCP 8080'];
    expect((await sightline(`diff ${files} -o csv`)).out).toBe(
      `change,source,destination,before,after\n${cells.join(',')},"TCP 8080,9090"\n`,
    );
    expect((await sightline(`diff ${files} -o md`)).out).toContain(
      '| changed | shop/web\\[Deployment\\] | shop/api\\[Deployment\\] | TCP 8080 | TCP 8080,9090 |\n',
    );
  });

  test('two places are needed, and have to be there', async () => {
    expect((await sightline('diff FOLDER')).code).toBe(2);
    const { code, err } = await sightline('diff FOLDER FOLDER/none');
    expect(code).toBe(3);
    expect(err).toMatch(/^error: .*none.*\n$/);
  });
});
