import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import next from 'next';
import type { Pages } from './http-server.ts';

/** Next's pages and routes behind our server. */
export interface NextPages {
  readonly pages: Pages;
  /** Fulfilled when Next is ready; a request that comes sooner waits for it. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Starts Next on the build in `directory`; needs `next build` to have run there. */
export function startNext(directory: string): NextPages {
  // Next listens for upgrades on the server it is given, and would pass them on to anywhere. Given
  // one that never hears of any, our own treats an upgrade as a request, and refuses it.
  const httpServer = new EventEmitter() as Server;
  const app = next({ dev: false, dir: directory, quiet: true, httpServer });
  const ready = app.prepare();
  const handler = ready.then(() => app.getRequestHandler());
  // Who waits for `ready` hears of the failure; requests hear of it too.
  handler.catch(() => {});
  return {
    pages: async (request, response) => (await handler)(request, response),
    ready,
    close: () => app.close(),
  };
}
