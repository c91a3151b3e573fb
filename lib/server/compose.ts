import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { explanationView } from '#lib/view/explanation-builder.ts';
import { findingsView } from '#lib/view/findings-builder.ts';
import { graphView } from '#lib/view/graph-builder.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import { formatGraphQuery } from '#lib/view/query.ts';
import { searchView } from '#lib/view/search-builder.ts';
import { workloadView } from '#lib/view/workload-builder.ts';
import { type Application, BadRequest, NotFound, Unreadable } from './application.ts';
import type { ClusterHost, Picture } from './cluster-host.ts';
import type { Clusters } from './clusters.ts';
import { findingPlaces } from './finding-place.ts';
import { createLintReports } from './lint-reports.ts';
import type { Log } from './log.ts';
import { documentText } from './policy-document.ts';
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

/** Graphs drawn of a picture, by query: many viewers look at the same one. Gone with the picture. */
const MOST_GRAPHS = 32;

export function composeApplication({ clusters, log }: Parts, announcer: Announcer): Application {
  const drawn = new WeakMap<Picture, Map<string, GraphView>>();

  const lintReports = createLintReports();

  function visit(name: string): ClusterHost {
    const host = clusters.find(name);
    if (host === null) throw new NotFound(`There is no cluster "${scrap(name)}".`);
    host.start();
    return host;
  }

  function look(name: string) {
    const picture = visit(name).picture();
    const { connectivity, revision, readAt } = picture;
    return { picture, connectivity, context: { cluster: name, revision, readAt } };
  }

  return {
    clusters: () => clusters.list().map((host) => host.summary()),

    cluster: (name) => visit(name).summary(),

    graph(cluster, query) {
      const { picture, connectivity, context } = look(cluster);
      const graphs = drawn.get(picture) ?? new Map<string, GraphView>();
      drawn.set(picture, graphs);
      const key = formatGraphQuery(query);
      const view = graphs.get(key) ?? graphView(connectivity, context, query);
      if (view === null) throw new NotFound(`There is no namespace "${query.namespace}".`);
      if (graphs.size < MOST_GRAPHS) graphs.set(key, view);
      return view;
    },

    workload(cluster, namespace, kind, name) {
      const { connectivity, context } = look(cluster);
      const view = workloadView(connectivity, context, { kind, namespace, name });
      if (view !== null) return view;
      throw new NotFound(`There is no ${scrap(kind)} "${scrap(`${namespace}/${name}`)}".`);
    },

    explanation(cluster, from, to, port) {
      const { connectivity, context } = look(cluster);
      const { documents } = connectivity.snapshot;
      const answer = explanationView(connectivity, context, { from, to, port }, (key) => {
        const document = documents.get(key);
        return document === undefined ? null : documentText(document);
      });
      if (answer.ok) return answer.view;
      throw new BadRequest(answer.parameter, answer.message);
    },

    async findings(cluster, query) {
      const { report, picture } = await lintReports(cluster, look(cluster).picture);
      const { connectivity, revision, readAt } = picture;
      const placeOf = findingPlaces(connectivity.snapshot);
      return findingsView(report, { cluster, revision, readAt }, query, (finding) => {
        const place = placeOf(finding);
        return place === null ? null : `${place.file}:${place.first}`;
      });
    },

    search: (cluster, query, limit) => searchView(look(cluster).connectivity, query, limit),

    subscribe: announcer.subscribe,

    async upload(manifests) {
      const host = clusters.addUpload(manifests);
      host.start();
      const summary = await host.settled();
      if (summary.resources.some(({ objects }) => objects > 0)) return summary;
      await clusters.remove(host);
      throw new Unreadable('There is no Kubernetes object in what was sent.', summary.problems);
    },

    report: (error, requestId) => log.error({ err: error, id: requestId }, 'unexpected failure'),
  };
}
