import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CannotStart, type Configuration } from './configuration.ts';

const MOST_TRIES = 20;

/** Where the server listens now. */
export interface Place {
  readonly port: number;
  /** The port that was wanted and is taken; null when it was had. */
  readonly taken: number | null;
  /** For people and browsers. */
  readonly url: string;
}

/**
 * Listens; on the next free port when the wanted one is taken and may move. Throws CannotStart with
 * the reason otherwise.
 */
export async function listen(
  server: Server,
  { host, port, portMayMove }: Pick<Configuration, 'host' | 'port' | 'portMayMove'>,
): Promise<Place> {
  for (let candidate = port; ; candidate++) {
    try {
      server.listen(candidate, host);
      await once(server, 'listening');
      break;
    } catch (error) {
      const reason = codeOf(error);
      const next = reason === 'EADDRINUSE' && portMayMove && candidate < port + MOST_TRIES;
      if (!next || candidate >= 65535) throw new CannotStart(whyNot(reason, host, candidate), 69);
    }
  }
  const { port: actual } = server.address() as AddressInfo;
  const taken = port !== 0 && actual !== port ? port : null;
  return { port: actual, taken, url: `http://${readable(host)}:${actual}/` };
}

function whyNot(reason: string, host: string, port: number): string {
  switch (reason) {
    case 'EADDRINUSE':
      return `port ${port} is taken by another program; choose one with --port or PORT`;
    case 'EACCES':
      return `port ${port} needs more rights than this program has; choose one above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine; check --host or HOST`;
    default:
      return `cannot listen on ${host} port ${port}: ${reason}`;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** What to type into a browser here: "everywhere" is no place. */
function readable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
