import { readFile, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { MAX_MANIFEST_BYTES } from '#lib/manifests/text-encoding.ts';
import { type Manifest, type ManifestObject, readManifest } from '#lib/manifests/yaml-documents.ts';
import type { Problem } from '#lib/model/problem.ts';
import { findManifests, type ManifestFile } from './file-tree.ts';
import { fileProblem } from './source-problems.ts';

/** Reads everything that was opened; again and again, when files change. */

export interface Reading {
  readonly objects: readonly ManifestObject[];
  readonly problems: readonly Problem[];
  /** How many files were looked at; 1 for a text. */
  readonly files: number;
}

/** Throws when what was opened cannot be read at all. */
export type ManifestReader = () => Promise<Reading>;

export function textReader(text: string, name: string): ManifestReader {
  return () => Promise.resolve({ ...readManifest(text, name), files: 1 });
}

/** Reads a stream to its end, once; anything beyond the limit is refused unread. */
export function streamReader(stream: Readable, name: string): ManifestReader {
  return async () => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of stream) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      chunks.push(bytes);
      size += bytes.length;
      if (size > MAX_MANIFEST_BYTES) break;
    }
    return { ...readManifest(Buffer.concat(chunks), name), files: 1 };
  };
}

/** Reads a file or folder; a file that has not changed since the last time is not parsed again. */
export function pathReader(path: string): ManifestReader {
  let known = new Map<string, { readonly stamp: string; readonly manifest: Manifest }>();
  return async () => {
    const tree = await findManifests(path);
    const current: typeof known = new Map();
    for (const file of tree.files) {
      const stamp = await stampOf(file.path);
      const before = known.get(file.path);
      const manifest =
        before !== undefined && before.stamp === stamp ? before.manifest : await readFileOnce(file);
      current.set(file.path, { stamp, manifest });
    }
    known = current;
    const manifests = [...current.values()].map(({ manifest }) => manifest);
    return {
      objects: manifests.flatMap(({ objects }) => objects),
      problems: [...tree.problems, ...manifests.flatMap(({ problems }) => problems)],
      files: tree.files.length,
    };
  };
}

async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    // Reading it tells why.
    return '';
  }
}

async function readFileOnce({ name, path }: ManifestFile): Promise<Manifest> {
  try {
    const { size } = await stat(path);
    if (size > MAX_MANIFEST_BYTES) throw new RangeError('it is larger than 25 MiB');
    return readManifest(await readFile(path), name);
  } catch (error) {
    return { objects: [], problems: [fileProblem(name, error)] };
  }
}
