import { setTimeout as pass } from 'node:timers/promises';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { type Application, NotFound, Unreadable } from './application.ts';
import type { ClusterHost } from './cluster-host.ts';
import type { Clusters } from './clusters.ts';
import type { Log } from './log.ts';
import { scrap } from './problem-document.ts';

/** The parts that the application is put together from. */
export interface Parts {
  readonly clusters: Clusters;
  readonly log: Log;
}

/** Tells every subscriber; one that throws does not keep the others from hearing. */
export interface Announcer {
  announce(summary: ClusterSummary): void;
  subscribe(listener: (summary: ClusterSummary) => void): () => void;
}

export function createAnnouncer(log: Log): Announcer {
  const listeners = new Set<(summary: ClusterSummary) => void>();
  return {
    announce(summary) {
      for (const listener of listeners) {
        try {
          listener(summary);
        } catch (error) {
          log.error({ err: error, cluster: summary.name }, 'a listener failed');
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A hostile upload holds up nobody but itself, and not for long. */
const UPLOAD_MS = 15_000;

export function composeApplication({ clusters, log }: Parts, announcer: Announcer): Application {
  function visit(name: string): ClusterHost {
    const host = clusters.find(name);
    if (host === null) throw new NotFound(`There is no cluster "${scrap(name)}".`);
    host.start();
    return host;
  }

  return {
    clusters: () => clusters.list().map((host) => host.summary()),

    cluster: (name) => visit(name).summary(),

    ask: async (cluster, question, known) => visit(cluster).ask(question, known),

    openExport: async (cluster, asked) => visit(cluster).openExport(asked),

    watch: (cluster, question, listener) => visit(cluster).watch(question, listener),

    subscribe: announcer.subscribe,

    async upload(manifests) {
      const host = clusters.addUpload(manifests);
      host.start();
      const summary = await Promise.race([host.settled(), pass(UPLOAD_MS, null, { ref: false })]);
      if (summary === null) {
        await clusters.remove(host);
        throw new Unreadable(`Reading it takes longer than ${UPLOAD_MS / 1000} s.`, []);
      }
      if (summary.resources.some(({ objects }) => objects > 0)) return summary;
      await clusters.remove(host);
      throw new Unreadable('There is no Kubernetes object in what was sent.', summary.problems);
    },

    report: (error, requestId) => log.error({ err: error, id: requestId }, 'unexpected failure'),
  };
}
