import { spawn } from 'node:child_process';

/** Opens the person's browser; when that does not work, the printed address has to do. */
export function openBrowser(url: string, platform: string = process.platform): void {
  const [command, ...before] =
    platform === 'darwin'
      ? ['open']
      : platform === 'win32'
        ? // `start` is a word of the shell; its first quoted argument is a window title.
          ['cmd', '/c', 'start', '""']
        : ['xdg-open'];
  if (command === undefined) return;
  const child = spawn(command, [...before, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
