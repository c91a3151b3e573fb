import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JsonObject } from '#lib/model/json.ts';
import type { Problem } from '#lib/model/problem.ts';
import { PODS, type Resource, resourceName, SERVICES } from '#lib/model/resource.ts';
import { clusterSourceContract } from '#lib/sources/cluster-source.contract.ts';
import type { ClusterSource, ListState, SourceSink } from '#lib/sources/cluster-source.ts';
import { type ManifestInput, openManifests } from './manifests-source.ts';

const POLICIES: Resource = {
  group: 'networking.k8s.io',
  version: 'v1',
  plural: 'networkpolicies',
  kind: 'NetworkPolicy',
  namespaced: true,
};
const RESOURCES = [PODS, SERVICES, POLICIES];

/** Keeps what a source told, as a snapshot would. */
class Recorder implements SourceSink {
  readonly objects = new Map<string, string>();
  readonly states = new Map<string, ListState>();
  problems: readonly Problem[] = [];
  batches = 0;

  changed(resource: Resource, changes: Parameters<SourceSink['changed']>[1]): void {
    this.batches++;
    for (const change of changes) {
      if (change.type === 'delete')
        this.objects.delete(`${resource.kind} ${change.namespace}/${change.name}`);
      else {
        const { body, origin } = change.object;
        const { namespace, name } = body.metadata as { namespace: string; name: string };
        this.objects.set(
          `${resource.kind} ${namespace}/${name}`,
          `${origin?.file}:${origin?.line}`,
        );
      }
    }
  }
  stateChanged(resource: Resource, state: ListState): void {
    this.states.set(resourceName(resource), state);
  }
  problemsChanged(problems: readonly Problem[]): void {
    this.problems = problems;
  }
  get status(): string | undefined {
    return this.states.get('pods')?.status;
  }
  /** `file:line code`, in the order they were told. */
  get faults(): readonly string[] {
    return this.problems.map(({ code, origin }) => `${origin?.file}:${origin?.line} ${code}`);
  }
}

/** A folder with a file for each object. */
clusterSourceContract('manifests', {
  contents: 'given',
  changes: true,
  open: async (objects) => {
    const path = await mkdtemp(join(tmpdir(), 'manifests-'));
    const fileOf = ({ kind, metadata }: JsonObject) => {
      const { namespace, name } = metadata as JsonObject;
      return join(path, `${kind}-${namespace}-${name}.json`);
    };
    const set = (object: JsonObject) => writeFile(fileOf(object), JSON.stringify(object));
    await Promise.all(objects.map(set));
    return {
      source: openManifests({ path, watch: true }),
      set,
      delete: (object) => rm(fileOf(object)),
      close: () => rm(path, { recursive: true }),
    };
  },
});

let folder: string;
let opened: ClusterSource[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifests-'));
});
afterEach(async () => {
  await Promise.all(opened.map((source) => source.stop()));
  opened = [];
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
}

function start(input: ManifestInput): Recorder {
  const recorder = new Recorder();
  const source = openManifests(input);
  opened.push(source);
  source.start(RESOURCES, recorder);
  return recorder;
}

/** Everything read once. */
async function read(input: ManifestInput): Promise<Recorder> {
  const recorder = start(input);
  await vi.waitFor(() => expect(recorder.status).not.toBe('syncing'));
  return recorder;
}

const pod = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\n`;

describe('a folder', () => {
  test('is read at any depth, but for what is hidden or is no manifest', async () => {
    await write('b.yaml', pod('b'));
    await write('a/deep/c.yml', `# comment\n---\n${pod('c')}`);
    await write('d.JSON', '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "d"}}');
    await write('.git/e.yaml', pod('e'));
    await write('node_modules/f.yaml', pod('f'));
    await write('notes.txt', pod('g'));
    const recorder = await read({ path: folder });
    expect([...recorder.objects]).toEqual([
      ['Pod default/c', 'a/deep/c.yml:3'],
      ['Pod default/b', 'b.yaml:1'],
      ['Pod default/d', 'd.JSON:1'],
    ]);
    expect(recorder.problems).toEqual([]);
    expect([...recorder.states]).toEqual(
      RESOURCES.map((resource) => [resourceName(resource), { status: 'live' }]),
    );
  });

  test('links to files inside it are read once, links out of it never', async () => {
    await write('..data/policy.yaml', pod('mounted'));
    await symlink('..data/policy.yaml', join(folder, 'policy.yaml'));
    await write('real.yaml', pod('real'));
    await symlink('real.yaml', join(folder, 'again.yaml'));
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await writeFile(join(outside, 'secret.yaml'), pod('secret'));
    await symlink(join(outside, 'secret.yaml'), join(folder, 'secret.yaml'));
    await symlink(outside, join(folder, 'folder.yaml'));
    const recorder = await read({ path: folder });
    await rm(outside, { recursive: true });
    expect([...recorder.objects.keys()].sort()).toEqual([
      'Pod default/mounted',
      'Pod default/real',
    ]);
  });

  test('a file that cannot be read is an error, and the others are read', async () => {
    await write('a.yaml', pod('a'));
    await write('b.yaml', 'kind: "unclosed');
    await symlink('nowhere.yaml', join(folder, 'c.yaml'));
    const recorder = await read({ path: folder });
    expect([...recorder.objects.keys()]).toEqual(['Pod default/a']);
    expect(recorder.problems).toMatchObject([
      { code: 'file-unreadable', severity: 'error', origin: { file: 'c.yaml' } },
      { code: 'yaml-syntax', severity: 'error', origin: { file: 'b.yaml', line: 1 } },
    ]);
  });

  test.each([
    ['nothing in it', {}, 'there is no .yaml, .yml or .json file here'],
    ['no object', { 'a.yaml': 'replicas: 3\n' }, 'there is no Kubernetes object here'],
    [
      'nothing that matters',
      { 'a.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n' },
      'there is no pod, workload, policy, namespace or service here',
    ],
  ])('with %s is no empty cluster', async (_, files, message) => {
    for (const [name, text] of Object.entries(files)) await write(name, text);
    const recorder = await read({ path: folder });
    expect(recorder.problems.at(-1)).toMatchObject({
      code: 'nothing-found',
      severity: 'error',
      message,
    });
  });
});

test('a single file is read whatever it is called', async () => {
  await write('release', pod('a'));
  const recorder = await read({ path: join(folder, 'release') });
  expect([...recorder.objects]).toEqual([['Pod default/a', 'release:1']]);
});

test('standard input and uploads are read like a file', async () => {
  const piped = await read({
    path: '-',
    stdin: Readable.from([pod('a').slice(0, 9), pod('a').slice(9)]),
  });
  expect([...piped.objects]).toEqual([['Pod default/a', 'stdin:1']]);
  const sent = await read({ text: pod('b'), name: 'upload-1' });
  expect([...sent.objects]).toEqual([['Pod default/b', 'upload-1:1']]);
});

test('endless standard input is refused at the limit', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 'a');
  let sent = 0;
  const endless = new Readable({
    read() {
      sent++;
      this.push(chunk);
    },
  });
  const recorder = await read({ path: '-', stdin: endless });
  expect(recorder.faults).toEqual(['stdin:1 manifest-too-large']);
  expect(sent).toBeLessThan(40);
});

test('a path that is not there has failed, which is not "there are none"', async () => {
  const recorder = await read({ path: join(folder, 'missing') });
  expect(recorder.states.get('networkpolicies.networking.k8s.io')).toEqual({
    status: 'failed',
    message: `there is no such file or folder: ${join(folder, 'missing')}`,
    attempt: 1,
  });
  expect(recorder.batches).toBe(0);
});

test.skipIf(process.getuid?.() === 0)('a folder without permission has failed', async () => {
  await chmod(folder, 0);
  const recorder = await read({ path: folder });
  await chmod(folder, 0o700);
  expect(recorder.states.get('pods')).toMatchObject({
    status: 'failed',
    message: `permission denied: ${folder}`,
  });
});

test('an exception of the sink does not stop the source', async () => {
  await write('a.yaml', pod('a'));
  const recorder = new Recorder();
  recorder.changed = () => {
    throw new Error('sink');
  };
  const source = openManifests({ path: folder });
  opened.push(source);
  source.start(RESOURCES, recorder);
  await vi.waitFor(() => expect(recorder.status).toBe('live'));
});

test('after stop the sink hears nothing, even of a reading under way', async () => {
  await write('a.yaml', pod('a'));
  const recorder = new Recorder();
  const source = openManifests({ path: folder });
  source.start(RESOURCES, recorder);
  await source.stop();
  await source.stop();
  expect(recorder.objects.size).toBe(0);
  expect(recorder.status).toBe('syncing');
});

describe('while watched', () => {
  const patience = { timeout: 8000, interval: 20 };

  test('changes of files become changes of objects', async () => {
    await write('a.yaml', `${pod('a')}---\n${pod('b')}`);
    const recorder = await read({ path: folder, watch: true });
    await write('sub/c.yaml', pod('c'));
    await vi.waitFor(() => expect(recorder.objects.has('Pod default/c')).toBe(true), patience);
    const batches = recorder.batches;
    await write('a.yaml', pod('a'));
    await vi.waitFor(() => expect(recorder.objects.has('Pod default/b')).toBe(false), patience);
    expect([...recorder.objects.keys()].sort()).toEqual(['Pod default/a', 'Pod default/c']);
    expect(recorder.batches).toBe(batches + 1);
  });

  test('a file that is replaced, as editors do, is seen', async () => {
    const file = join(folder, 'a.yaml');
    await write('a.yaml', pod('a'));
    const recorder = await read({ path: file, watch: true });
    await write('a.yaml.tmp', pod('b'));
    await rename(join(folder, 'a.yaml.tmp'), file);
    await vi.waitFor(
      () => expect([...recorder.objects.keys()]).toEqual(['Pod default/b']),
      patience,
    );
  });

  test('what was read stays, and is stale, while the folder is gone', async () => {
    const inner = join(folder, 'inner');
    await write('inner/a.yaml', pod('a'));
    const recorder = await read({ path: inner, watch: true });
    await rename(inner, join(folder, 'away'));
    await write('away/b.yaml', pod('b'));
    await vi.waitFor(() => expect(recorder.status).toBe('stale'), patience);
    expect([...recorder.objects.keys()]).toEqual(['Pod default/a']);
    await rename(join(folder, 'away'), inner);
    await vi.waitFor(() => expect(recorder.status).toBe('live'), patience);
    expect([...recorder.objects.keys()].sort()).toEqual(['Pod default/a', 'Pod default/b']);
  });
});
