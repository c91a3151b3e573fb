import { type FSWatcher, realpathSync, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** An editor writes a file in several steps, and a checkout writes many files. */
const QUIET_MS = 150;

/**
 * Calls back when something under the path may have changed and then was quiet for a moment.
 * Returns the end of the watch. A path that cannot be watched calls nobody: reading it tells why.
 */
export function watchPath(path: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const touched = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, QUIET_MS);
  };
  const watcher = open(path, touched);
  // The watch ends with what is watched; the reading that follows says so.
  watcher?.on('error', touched);
  return () => {
    clearTimeout(timer);
    watcher?.close();
  };
}

function open(path: string, touched: () => void): FSWatcher | null {
  try {
    const root = realpathSync(path);
    if (statSync(root).isDirectory()) return watch(root, { recursive: true }, touched);
    // A file is replaced rather than written by many editors: its folder sees both.
    return watch(dirname(root), (_, name) => {
      if (name === null || name === basename(root)) touched();
    });
  } catch {
    return null;
  }
}
