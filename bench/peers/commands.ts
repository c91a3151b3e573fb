import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Other tools, if they are on PATH; nothing is ever installed. */
export function findOnPath(names: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((each) => each !== '');
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return files.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Ended {
  /** Wall seconds from start to end. */
  readonly seconds: number;
  /** It was ended because it took too long. */
  readonly late: boolean;
}

/** Runs a command, its output thrown away. Rejects when it fails by itself. */
export function runCommand(
  command: string,
  args: readonly string[],
  limitSeconds: number,
): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const start = performance.now();
  const child = spawn(command, args, { stdio: 'ignore' });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, limitSeconds * 1000);
  child.on('error', reject);
  child.on('close', (code) => {
    clearTimeout(timer);
    const seconds = (performance.now() - start) / 1000;
    if (late || code === 0) resolve({ seconds, late });
    else reject(new Error(`${command} ended with exit code ${code}`));
  });
  return promise;
}
