import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PROGRAM = fileURLToPath(new URL('first-sync.ts', import.meta.url));

/** What a first sync takes in a process of its own, as a line for people. */
export async function measureFirstSync(kubeconfig: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, kubeconfig]);
  return `first sync: ${stdout.trim()}`;
}
