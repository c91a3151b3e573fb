import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { kubeConfigText, TemporaryDirectory } from '#lib/testing/fake-kubeconfig.ts';
import { resolveAccess } from './cluster-access.ts';
import { kubeContexts } from './kube-contexts.ts';
import { type KubeConfigOptions, loadKubeConfig } from './kubeconfig.ts';
import { KubeConfigError } from './kubeconfig-file.ts';

const server = 'https://127.0.0.1:6443';
let directory: TemporaryDirectory;

beforeEach(() => {
  directory = new TemporaryDirectory();
});
afterEach(() => {
  directory[Symbol.dispose]();
});

const at = (file: string): KubeConfigOptions => ({ file, environment: {} });

function access(content: string, context: string | null = null) {
  const options = at(directory.write('config', content));
  return resolveAccess(loadKubeConfig(options), context, options);
}

function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof KubeConfigError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

function config(changes: Record<string, unknown>): string {
  return JSON.stringify({ ...JSON.parse(kubeConfigText({ server })), ...changes });
}

const withUser = (user: Record<string, unknown>) => kubeConfigText({ server, user });

test('a context gives its cluster, server and namespace', () => {
  expect(access(kubeConfigText({ server, namespace: 'shop' }))).toMatchObject({
    context: 'test',
    cluster: 'test-cluster',
    server,
    namespace: 'shop',
    verifiesServer: true,
    plugin: null,
  });
});

test('contexts are listed, those that cannot be used with the reason', () => {
  const broken = { name: 'broken', context: { cluster: 'gone', user: 'test-user' } };
  const { contexts } = JSON.parse(kubeConfigText({ server }));
  const file = directory.write('config', config({ contexts: [...contexts, broken] }));
  expect(kubeContexts(at(file))).toEqual({
    current: 'test',
    warnings: [],
    contexts: [
      { name: 'test', cluster: 'test-cluster', server, namespace: null, problem: null },
      {
        name: 'broken',
        cluster: null,
        server: null,
        namespace: null,
        problem: `context "broken" names the cluster "gone", which is not in ${file}`,
      },
    ],
  });
});

test.each([
  ['', 'kubeconfig is empty: '],
  ['# only a comment\n', 'kubeconfig is empty: '],
  ['~', 'kubeconfig is empty: '],
  ['just text', 'not a kubeconfig: '],
  ['- a\n- b', 'not a kubeconfig: '],
  ['kind: Secret', 'not a kubeconfig: '],
  ['clusters: {}', 'not a kubeconfig: '],
  ['a: [\nb: "', 'kubeconfig is not valid YAML: '],
])('input 53: %j is refused by name', (content, message) => {
  const problem = refusal(() => access(content));
  expect(problem).toContain(message);
  expect(problem).toContain(directory.file('config'));
});

test('a broken line is named by number and never quoted', () => {
  const problem = refusal(() => access('users:\n- name: x\n  token: "s3cret\n\t- ]'));
  expect(problem).toMatch(/line \d/);
  expect(problem).not.toContain('s3cret');
});

test.each([
  ['no current-context', { 'current-context': '' }, 'names no current-context'],
  ['a missing context', { 'current-context': 'prod' }, 'there is no context "prod" in '],
  [
    'a missing cluster',
    { clusters: [] },
    'context "test" names the cluster "test-cluster", which is not in ',
  ],
  [
    'a missing user',
    { users: null },
    'context "test" names the user "test-user", which is not in ',
  ],
  [
    'a context without cluster',
    { contexts: [{ name: 'test', context: null }] },
    'context "test": cluster',
  ],
])('input 54: %s is named', (_, changes, message) => {
  expect(refusal(() => access(config(changes)))).toContain(message);
});

test('a context that is asked for and missing is named', () => {
  expect(refusal(() => access(kubeConfigText({ server }), 'prod'))).toContain('no context "prod"');
});

test('input 55: of two definitions the first wins, with a warning', () => {
  const first = directory.write('first', kubeConfigText({ server: 'https://first.example' }));
  const second = directory.write('second', kubeConfigText({ server: 'https://second.example' }));
  const options = { environment: { KUBECONFIG: [first, second].join(delimiter) } };
  expect(resolveAccess(loadKubeConfig(options), null, options).server).toBe(
    'https://first.example',
  );
  expect(kubeContexts(options).warnings).toEqual([
    `${second} defines the cluster "test-cluster" again, differently; the first is used`,
  ]);
});

test('KUBECONFIG may name files that are missing or empty, and entries may refer across files', () => {
  const { clusters, users, contexts } = JSON.parse(kubeConfigText({ server }));
  const files = [
    directory.file('missing'),
    directory.write('empty', ''),
    directory.write('a', JSON.stringify({ clusters, 'current-context': 'test' })),
    directory.write('b', JSON.stringify({ users, contexts, 'current-context': 'other' })),
  ];
  const options = { environment: { KUBECONFIG: files.join(delimiter) } };
  expect(resolveAccess(loadKubeConfig(options), null, options)).toMatchObject({
    context: 'test',
    server,
  });
});

test('without KUBECONFIG the file in the home directory counts', () => {
  mkdirSync(directory.file('.kube'));
  directory.write(join('.kube', 'config'), kubeConfigText({ server }));
  const options = { environment: { HOME: directory.path } };
  expect(kubeContexts(options).current).toBe('test');
  const missing = { environment: { HOME: '/nowhere' } };
  expect(refusal(() => loadKubeConfig(missing))).toBe(
    'no kubeconfig: there is no /nowhere/.kube/config',
  );
  expect(refusal(() => loadKubeConfig(at('/nowhere/x')))).toBe('there is no kubeconfig /nowhere/x');
});

test('in a pod, without a kubeconfig, the service account counts', () => {
  directory.write('token', 't\n');
  directory.write('ca.crt', '');
  directory.write('namespace', 'tools\n');
  const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  const options = { environment, serviceAccountDirectory: directory.path };
  expect(resolveAccess(loadKubeConfig(options), null, options)).toMatchObject({
    context: 'in-cluster',
    server: 'https://[fd00::1]',
    namespace: 'tools',
  });
});

test.each([
  [5, 'cluster "test-cluster": server: '],
  ['file:///etc/passwd', 'server must be an https URL'],
  ['http://api.example', 'server is http'],
])('input 56: server %j is refused', (value, message) => {
  const clusters = [{ name: 'test-cluster', cluster: { server: value } }];
  expect(refusal(() => access(config({ clusters })))).toContain(message);
});

test('a broken cluster does not hide the others', () => {
  const { clusters } = JSON.parse(kubeConfigText({ server }));
  const others = [
    { name: 'odd', cluster: { server: 5 } },
    { name: 'odder', cluster: 'text' },
  ];
  expect(access(config({ clusters: [...others, ...clusters] })).server).toBe(server);
});

test('relative paths start at the file that holds them', () => {
  const user = { 'client-certificate': 'c.crt', 'client-key': '/k.key', tokenFile: 'tokens/t' };
  const cluster = { 'certificate-authority': 'ca.crt' };
  const { kubeConfig } = access(kubeConfigText({ server, cluster, user }));
  expect(kubeConfig.clusters[0]?.caFile).toBe(directory.file('ca.crt'));
  expect(kubeConfig.users[0]).toMatchObject({
    certFile: directory.file('c.crt'),
    keyFile: '/k.key',
    authProvider: { config: { tokenFile: directory.file(join('tokens', 't')) } },
  });
});

test('input 59: impersonation is honoured in full', () => {
  const user = {
    as: 'jane',
    'as-uid': '42',
    'as-groups': ['dev', 'ops'],
    'as-user-extra': { 'example.com/scope': ['a', 'b'] },
  };
  const { kubeConfig, impersonation } = access(withUser(user));
  expect(kubeConfig.users[0]?.impersonateUser).toBe('jane');
  expect(impersonation).toEqual({
    'Impersonate-Uid': '42',
    'Impersonate-Group': ['dev', 'ops'],
    'Impersonate-Extra-example.com%2Fscope': ['a', 'b'],
  });
});

test('input 59: groups without a user to be are refused, as by kubectl', () => {
  expect(refusal(() => access(withUser({ 'as-groups': ['ops'] })))).toContain('need `as`');
});

test('credentials that cannot be honoured are refused', () => {
  expect(refusal(() => access(withUser({ 'auth-provider': { name: 'gcp' } })))).toContain(
    'auth-provider gcp is not supported',
  );
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'login',
    interactiveMode: 'Always',
  };
  expect(refusal(() => access(withUser({ exec })))).toContain('needs a terminal');
  expect(refusal(() => access(withUser({ exec: { ...exec, apiVersion: 'v1alpha1' } })))).toContain(
    'user "test-user": exec.apiVersion',
  );
});

test('a proxy of an unknown kind is refused', () => {
  const cluster = { 'proxy-url': 'ftp://proxy' };
  expect(refusal(() => access(kubeConfigText({ server, cluster })))).toContain('proxy-url');
});

test('insecure-skip-tls-verify shows', () => {
  const cluster = { 'insecure-skip-tls-verify': true };
  expect(access(kubeConfigText({ server, cluster })).verifiesServer).toBe(false);
});

test('input 60: a directory, a pipe and a huge file are refused', () => {
  expect(refusal(() => loadKubeConfig(at(directory.path)))).toContain('not a regular file');
  execFileSync('mkfifo', [directory.file('pipe')]);
  expect(refusal(() => loadKubeConfig(at(directory.file('pipe'))))).toContain('not a regular file');
  const huge = directory.write('huge', ' '.repeat(6 * 1024 * 1024));
  expect(refusal(() => loadKubeConfig(at(huge)))).toContain('over 5 MiB');
});

test('input 60: a file others can write gives a warning', () => {
  const file = directory.write('config', kubeConfigText({ server }));
  chmodSync(file, 0o666);
  expect(kubeContexts(at(file)).warnings).toEqual([
    expect.stringContaining('written by other users'),
  ]);
});

test('names that JavaScript objects know are names like others', () => {
  const text = kubeConfigText({ server }).replaceAll('test', 'constructor');
  expect(access(text).cluster).toBe('constructor-cluster');
  expect(refusal(() => access(kubeConfigText({ server }), '__proto__'))).toContain('no context');
});
