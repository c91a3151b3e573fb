import { spawn } from 'node:child_process';

/**
 * Runs a command to its end and gives `{ code, output }`: the exit code (null when a signal or the
 * time limit ended it) and both streams as they came. Never throws; a command that cannot be
 * started has a null code and says why in its output.
 */
export function run(command, args, { cwd, env = process.env, minutes = 20, shell = false } = {}) {
  return new Promise((resolve) => {
    const pieces = [];
    const started = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    const limit = setTimeout(() => {
      pieces.push(`\nStopped after ${minutes} minutes.\n`);
      started.kill('SIGKILL');
    }, minutes * 60_000);
    const finish = (code) => {
      clearTimeout(limit);
      resolve({ code, output: pieces.join('') });
    };
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (piece) => pieces.push(piece));
    }
    started.on('error', (error) => {
      pieces.push(`${error.message}\n`);
      finish(null);
    });
    started.on('close', finish);
  });
}
