import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { Problem } from '#lib/model/problem.ts';
import { fileProblem } from './source-problems.ts';

/** The manifests under a path. */

export interface ManifestFile {
  /** Relative to what was opened, with `/` on every system. */
  readonly name: string;
  readonly path: string;
}

export interface FileTree {
  /** Sorted by name in code units. */
  readonly files: readonly ManifestFile[];
  readonly problems: readonly Problem[];
}

const MAX_FILES = 20_000;

/**
 * A file itself, whatever it is called; in a folder every `.yaml`, `.yml` and `.json` file, at any
 * depth. Hidden folders and node_modules are skipped. Throws when the path cannot be read.
 */
export async function findManifests(path: string): Promise<FileTree> {
  const root = await realpath(path);
  if (!(await stat(root)).isDirectory())
    return { files: [{ name: basename(path), path: root }], problems: [] };
  const walk = new Walk(root);
  await walk.folder(root);
  return { files: walk.sorted(), problems: walk.problems };
}

class Walk {
  readonly problems: Problem[] = [];
  readonly #root: string;
  /** By real path, so that a file is read once, whatever links to it. */
  readonly #files = new Map<string, ManifestFile>();

  constructor(root: string) {
    this.#root = root;
  }

  sorted(): readonly ManifestFile[] {
    return [...this.#files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async folder(path: string): Promise<void> {
    let entries: Dirent[];
    try {
      entries = await readdir(path, { withFileTypes: true });
    } catch (error) {
      // The root has to be readable; a folder inside it is a problem like an unreadable file.
      if (path === this.#root) throw error;
      this.problems.push(fileProblem(this.#name(path), error));
      return;
    }
    for (const entry of entries) await this.#entry(join(path, entry.name), entry);
  }

  async #entry(path: string, entry: Dirent): Promise<void> {
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && entry.name !== 'node_modules') await this.folder(path);
      return;
    }
    if (!/\.(?:ya?ml|json)$/i.test(entry.name)) return;
    if (entry.isFile()) this.#add(path, path);
    else if (entry.isSymbolicLink()) await this.#link(path);
  }

  /** A link to a file inside the root is followed: it is how Kubernetes mounts ConfigMaps. */
  async #link(path: string): Promise<void> {
    try {
      const target = await realpath(path);
      if (!target.startsWith(this.#root + sep) || !(await stat(target)).isFile()) return;
      if (!this.#files.has(target)) this.#add(path, target);
    } catch (error) {
      this.problems.push(fileProblem(this.#name(path), error));
    }
  }

  #add(path: string, target: string): void {
    if (this.#files.size < MAX_FILES)
      this.#files.set(target, { name: this.#name(path), path: target });
    else if (this.problems.at(-1)?.code !== 'too-many-files')
      this.problems.push({
        code: 'too-many-files',
        severity: 'error',
        message: `there are more than ${MAX_FILES} manifests; only the first were read`,
        hint: 'Open a smaller folder.',
        object: null,
        path: [],
        origin: null,
      });
  }

  #name(path: string): string {
    return relative(this.#root, path).replaceAll(sep, '/');
  }
}
