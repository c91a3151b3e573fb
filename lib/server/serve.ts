import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Application, setApplication } from './application.ts';
import { createClusters } from './clusters.ts';
import { composeApplication, createAnnouncer } from './compose.ts';
import {
  CannotStart,
  type Configuration,
  readConfiguration,
  type ServeOptions,
} from './configuration.ts';
import { STREAM_LIMITS } from './event-streams.ts';
import { createEdge, type Pages } from './http-server.ts';
import { listen } from './listen.ts';
import { createLog, type Log } from './log.ts';
import { isLoopback } from './loopback.ts';
import { startNext } from './next-pages.ts';
import { openBrowser } from './open-browser.ts';

/** A server that listens. */
export interface Running {
  readonly url: string;
  readonly port: number;
  readonly application: Application;
  /** Lines for the person who started it. */
  readonly announcement: readonly string[];
  /**
   * Not ready any more, streams told bye, what runs finished or, after some seconds, cut. Fulfilled
   * when nothing is left; the same promise every time.
   */
  stop(): Promise<void>;
}

/** What answers pages: Next on the build of this project. */
export interface PageServer {
  readonly pages: Pages;
  /** Settled once it is loaded, for better or worse; absent when there is nothing to load. */
  readonly ready?: Promise<void>;
  close(): Promise<void>;
}

/** How long a request that runs may go on when the server stops; with the rest under ten seconds. */
const DRAIN_MS = 5000;
const RELEASE_MS = 3000;

/**
 * Starts the server, and answers once it listens and its pages are loaded: that keeps this thread
 * busy for a second, in which the first cluster is read in its own.
 */
export async function startServer(
  configuration: Configuration,
  pageServer: (log: Log) => PageServer,
): Promise<Running> {
  const log = createLog(configuration.logLevel);
  const announcer = createAnnouncer(log);
  const clusters = createClusters(configuration, log, announcer.announce);
  const application = composeApplication({ clusters, log }, announcer);
  setApplication(application);
  const next = pageServer(log);
  const edge = createEdge({
    rules: {
      allowedHosts: configuration.allowedHosts,
      anyAddress: !isLoopback(configuration.host),
    },
    pages: next.pages,
    application,
    log,
    streams: { ...STREAM_LIMITS, perAddress: configuration.streamsPerAddress },
  });
  const place = await listen(edge.server, configuration);
  clusters.list()[0]?.start();
  // What failed was logged; data is answered all the same.
  await next.ready?.catch(() => {});

  let stopped: Promise<void> | null = null;
  async function stopOnce(): Promise<void> {
    edge.drain();
    const closed = new Promise((resolve) => edge.server.close(resolve));
    edge.server.closeIdleConnections();
    await Promise.race([closed, setTimeout(DRAIN_MS, undefined, { ref: false })]);
    edge.server.closeAllConnections();
    await closed;
    // A source that does not let go must not keep the process.
    const patience = setTimeout(RELEASE_MS, undefined, { ref: false });
    await Promise.race([Promise.allSettled([clusters.stop(), next.close()]), patience]);
  }

  const moved =
    place.taken === null
      ? []
      : [`Port ${place.taken} is taken; listening on ${place.port} instead.`];
  return {
    url: place.url,
    port: place.port,
    application,
    announcement: [...moved, `${clusters.announcement}.`, `Sightline is at ${place.url}`],
    stop() {
      stopped ??= stopOnce();
      return stopped;
    },
  };
}

function nextOf(log: Log): PageServer {
  const project = projectOf(import.meta.dirname);
  if (!existsSync(join(project, '.next/BUILD_ID'))) {
    throw new CannotStart('the pages are not built; run `npm run build` first', 69);
  }
  const next = startNext(project);
  next.ready.catch((error: unknown) => log.fatal({ err: error }, 'the pages cannot be served'));
  return next;
}

/** The project's folder: in a bundle this module stands elsewhere than in the sources. */
function projectOf(directory: string): string {
  if (existsSync(join(directory, 'package.json'))) return directory;
  const parent = dirname(directory);
  return parent === directory ? process.cwd() : projectOf(parent);
}

/**
 * `sightline serve`: reads the configuration, starts, tells the person where and what, and stops on
 * SIGTERM and SIGINT. Throws CannotStart with a line for the person and an exit code.
 */
export async function serve(
  options: ServeOptions,
  pageServer: (log: Log) => PageServer = nextOf,
): Promise<Running> {
  const configuration = readConfiguration(options);
  const running = await startServer(configuration, pageServer);
  process.stdout.write(`${running.announcement.join('\n')}\n`);
  if (configuration.openBrowser) openBrowser(running.url);
  stopOnSignals(running);
  return running;
}

/** Ends the process when it is told to; told twice, it does not wait for anybody. */
function stopOnSignals(running: Running): void {
  let asked = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(130);
      asked = true;
      void running.stop().then(() => process.exit(0));
    });
  }
}
