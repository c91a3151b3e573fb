import { describe, expect, test } from 'vitest';
import {
  CannotStart,
  type Environment,
  pluginSearch,
  readConfiguration,
  type ServeOptions,
} from './configuration.ts';

const DESK = { platform: 'linux', terminal: true, memory: 16 * 1024 ** 3 };

function read(environment: Environment = {}, options: ServeOptions = {}, surroundings = DESK) {
  return readConfiguration(options, environment, surroundings);
}

function refusal(environment: Environment, options: ServeOptions = {}): CannotStart {
  try {
    read(environment, options);
  } catch (error) {
    if (error instanceof CannotStart) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test('nothing said: this machine, port 3000', () => {
  expect(read()).toEqual({
    host: '127.0.0.1',
    port: 3000,
    portMayMove: true,
    allowedHosts: [],
    openBrowser: false,
    logLevel: 'info',
    streamsPerAddress: 50,
    clusterMemory: 4096,
    manifests: null,
    kubeconfig: null,
    context: null,
    cni: { name: null, flags: {} },
    environment: {},
  });
});

test.each([
  [64 * 1024 ** 3, {}, 4096],
  [2 * 1024 ** 3, {}, 1024],
  [256 * 1024 ** 2, {}, 256],
  [2 * 1024 ** 3, { SIGHTLINE_CLUSTER_MEMORY_MB: '700' }, 700],
])('of %d bytes and %j a cluster may use %d MB', (memory, environment, expected) => {
  expect(read(environment, {}, { ...DESK, memory }).clusterMemory).toBe(expected);
});

test('the command line wins over the environment, and an empty variable is not set', () => {
  const environment = { PORT: '4000', HOST: '', LOG_LEVEL: 'debug' };
  expect(read(environment)).toMatchObject({ port: 4000, host: '127.0.0.1', logLevel: 'debug' });
  expect(read(environment, { port: '5000', host: '::1' })).toMatchObject({
    port: 5000,
    host: '::1',
  });
});

describe('without a login nobody else may see it', () => {
  test.each(['0.0.0.0', '::', '192.168.1.5', 'my-laptop', '127.0.0.1.evil.example'])(
    'HOST=%s is refused',
    (HOST) => {
      const { exitCode, message } = refusal({ HOST });
      expect(exitCode).toBe(78);
      expect(message).toContain('--i-understand-no-auth');
      expect(message).not.toContain('\n');
    },
  );

  test.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost', 'LOCALHOST'])(
    'HOST=%s is fine',
    (HOST) => {
      expect(read({ HOST }).host).toBe(HOST);
    },
  );

  test.each([
    ['0', false],
    ['no', false],
    ['false', false],
    ['', false],
    ['yes', true],
    ['1', true],
  ])('SIGHTLINE_NO_AUTH=%s: %s', (value, accepted) => {
    const environment = { HOST: '0.0.0.0', SIGHTLINE_NO_AUTH: value };
    if (accepted) expect(read(environment)).toMatchObject({ host: '0.0.0.0', portMayMove: false });
    else expect(refusal(environment).exitCode).toBe(78);
  });

  test('the option says so too', () => {
    expect(read({ HOST: '0.0.0.0' }, { noAuth: true }).host).toBe('0.0.0.0');
  });
});

describe('mistakes are named in one line', () => {
  test.each<[Environment, ServeOptions, string]>([
    [{ PORT: 'http' }, {}, 'PORT must be a number from 0 to 65535'],
    [{ PORT: '70000' }, {}, 'PORT is at most 65535'],
    [{ PORT: '0x50' }, {}, 'PORT must be'],
    [{}, { port: '-1' }, '--port must be'],
    [{ LOG_LEVEL: 'loud' }, {}, 'LOG_LEVEL must be one of fatal, error'],
    [{ SIGHTLINE_ALLOWED_HOSTS: 'a.example:80' }, {}, 'SIGHTLINE_ALLOWED_HOSTS lists host names'],
    [{ SIGHTLINE_STREAMS_PER_ADDRESS: '0' }, {}, 'SIGHTLINE_STREAMS_PER_ADDRESS is at least 1'],
    [{}, { cni: 'calicoo' }, '--cni must be one of kubernetes, undetected, calico'],
    [{}, { set: ['endPort'] }, '--set endPort must be yes, no or unknown'],
    [{}, { set: ['constructor=yes'] }, '--set knows the flags enforces'],
    [{}, { manifests: '.', context: 'kind' }, 'choose either --manifests or a cluster'],
  ])('%j %j', (environment, options, message) => {
    const refused = refusal(environment, options);
    expect(refused.message).toContain(message);
    expect(refused.exitCode).toBe(78);
  });
});

test('names of hosts are lower-case, without blanks', () => {
  const { allowedHosts } = read({ SIGHTLINE_ALLOWED_HOSTS: ' Sightline.Example , b.example,' });
  expect(allowedHosts).toEqual(['sightline.example', 'b.example']);
});

describe('a browser opens for a person at the machine', () => {
  const display = { DISPLAY: ':0' };
  test.each<[Environment, ServeOptions, typeof DESK, boolean]>([
    [display, {}, DESK, true],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, {}, DESK, true],
    [{}, {}, { ...DESK, platform: 'darwin' }, true],
    [{}, {}, DESK, false],
    [{ ...display, CI: 'true' }, {}, DESK, false],
    [{ ...display, BROWSER: 'none' }, {}, DESK, false],
    [{ ...display, SSH_CONNECTION: '10.0.0.1 22' }, {}, DESK, false],
    [display, {}, { ...DESK, terminal: false }, false],
    [display, { host: '0.0.0.0', noAuth: true }, DESK, false],
    [display, { open: false }, DESK, false],
    [{}, { open: true }, DESK, true],
  ])('%j %j %j: %s', (environment, options, surroundings, expected) => {
    expect(read(environment, options, surroundings).openBrowser).toBe(expected);
  });
});

describe('network plugins', () => {
  test('one may be stated, and single habits of it', () => {
    const { cni } = read({}, { cni: 'cilium', set: ['endPort=no', 'sctp=yes'] });
    expect(cni).toEqual({ name: 'cilium', flags: { endPort: 'no', sctp: 'yes' } });
  });
  test('nothing said: it is looked for, and files may not be all there is', () => {
    const { cni } = read();
    expect(cni).toEqual({ name: null, flags: {} });
    expect(pluginSearch({ kind: 'demo' }, cni)).toEqual({ detectIn: 'cluster', choice: cni });
    expect(pluginSearch({ kind: 'manifests', path: 'x' }, cni).detectIn).toBe('manifests');
  });
});
