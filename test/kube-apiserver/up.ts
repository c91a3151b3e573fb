/**
 * Starts a real API server to try things with, and stops it at the end.
 * usage: node test/kube-apiserver/up.ts [-- COMMAND ARGS...]
 * With a command: runs it with KUBECONFIG set and ends with its exit code. Without: prints the
 * kubeconfig's path and stays until it is interrupted.
 */
import { spawn } from 'node:child_process';
import { startApiServer } from './api-server.ts';

const [, , separator, command, ...args] = process.argv;
const server = await startApiServer();
if (separator === '--' && command !== undefined) {
  const env = { ...process.env, KUBECONFIG: server.kubeconfig };
  const child = spawn(command, args, { stdio: 'inherit', env });
  process.exitCode = await new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  });
} else {
  console.log(server.kubeconfig);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
  });
}
await server.stop();
