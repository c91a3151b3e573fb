import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { environmentFor } from './runtime.mjs';

/**
 * Starts building the real API server that the cluster tests use: some minutes of Go the first
 * time, nothing afterwards. Everything else comes first on the processor meanwhile. The promise
 * gives `{ assets }`, the folder of the programs, or `{ output }` with why there is none.
 */
export function buildApiServer(root, runtime) {
  const script = join(root, 'test/kube-apiserver/build');
  const child = spawn(script, {
    detached: true,
    env: environmentFor(runtime),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  process.once('exit', stop);
  return new Promise((resolve) => {
    const printed = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8');
      child[name].on('data', (piece) => {
        printed[name] += piece;
      });
    }
    child.on('error', (error) => resolve({ output: error.message }));
    child.on('spawn', () => setPriority(child.pid, constants.priority.PRIORITY_LOW));
    child.on('close', (code) => {
      process.off('exit', stop);
      const assets = printed.stdout.trimEnd().split('\n').at(-1);
      resolve(code === 0 ? { assets } : { output: printed.stderr });
    });
  });
}
