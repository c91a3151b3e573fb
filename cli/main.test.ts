import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SHOP } from './typed-command.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  await writeFile(join(folder, 'shop.yaml'), SHOP);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

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

  test('help that nobody reads is no error either', async () => {
    expect(await shell('sightline --help | true')).toMatchObject({ code: 0, err: '' });
    expect(await shell('sightline list --help | true')).toMatchObject({ code: 0, err: '' });
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
