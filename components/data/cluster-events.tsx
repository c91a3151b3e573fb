'use client';

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { type GraphDelta, withDelta } from '#lib/view/graph-delta.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import type { TaggedView } from './fetch-view.ts';
import { CLUSTERS_KEY } from './use-clusters.ts';
import { viewKey } from './view-query.ts';

/** Whether this page hears from the Sightline server. */
export type Connection = 'connecting' | 'open' | 'lost';

/** A graph that this page is told the changes of. */
interface Followed {
  readonly cluster: string;
  /** `graph?namespace=shop` */
  readonly path: string;
}

interface Events {
  readonly connection: Connection;
  /** The newest tag of the graph that is followed; null while its changes are not told. */
  readonly tag: { readonly of: Followed; readonly tag: string | null } | null;
  readonly follow: (graph: Followed | null) => void;
}

const EventsContext = createContext<Events>({
  connection: 'connecting',
  tag: null,
  follow: () => {},
});

export function useConnection(): Connection {
  return useContext(EventsContext).connection;
}

/**
 * Follows a graph while the component is there: its changes are put to what was read of it. Gives
 * the tag that the graph has now, or null while nobody tells, and it has to be read again as other
 * views are. One graph at a time: a browser allows few streams.
 */
export function useFollowedTag(cluster: string, path: string, enabled: boolean): string | null {
  const { tag, follow } = useContext(EventsContext);
  useEffect(() => {
    if (!enabled) return;
    follow({ cluster, path });
    return () => follow(null);
  }, [cluster, path, enabled, follow]);
  return enabled && tag?.of.cluster === cluster && tag.of.path === path ? tag.tag : null;
}

const RETRY_MS = 3000;
/** Another graph needs another stream; who clicks through several is waited for. */
const SETTLE_MS = 500;

function storeSummary(queries: QueryClient, summary: ClusterSummary): void {
  queries.setQueryData<readonly ClusterSummary[]>(CLUSTERS_KEY, (known = []) =>
    known.some(({ name }) => name === summary.name)
      ? known.map((cluster) => (cluster.name === summary.name ? summary : cluster))
      : [...known, summary],
  );
}

/** Whoever has another state of the graph finds by the tag that it is old, and reads it. */
function storeDelta(queries: QueryClient, { cluster, path }: Followed, delta: GraphDelta): void {
  queries.setQueryData<TaggedView<GraphView>>(viewKey(cluster, path), (known) =>
    known?.tag === delta.from ? { tag: delta.to, view: withDelta(known.view, delta) } : known,
  );
}

function isSame(a: Followed | null, b: Followed | null): boolean {
  return a?.cluster === b?.cluster && a?.path === b?.path;
}

function streamUrl(followed: Followed | null): string {
  if (followed === null) return '/api/events';
  const view = `${encodeURIComponent(followed.cluster)}/${followed.path}`;
  return `/api/events?${new URLSearchParams({ view })}`;
}

/**
 * Listens to the server's events and keeps the summaries of all clusters current, and the graph that
 * is followed. A hidden tab lets go of its stream, because a browser opens only six connections to
 * one server over HTTP/1.1; nothing is lost, since every stream starts with whole summaries and the
 * tag of the graph.
 */
export function ClusterEvents({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');
  const [followed, setFollowed] = useState<Followed | null>(null);
  const [tag, setTag] = useState<Events['tag']>(null);
  const settling = useRef<ReturnType<typeof setTimeout>>(undefined);
  const follow = useCallback((graph: Followed | null) => {
    clearTimeout(settling.current);
    settling.current = setTimeout(
      () => setFollowed((known) => (isSame(known, graph) ? known : graph)),
      SETTLE_MS,
    );
  }, []);
  useEffect(() => () => clearTimeout(settling.current), []);

  useEffect(() => {
    let stream: EventSource | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;

    const told = (newest: string | null) =>
      setTag(followed === null ? null : { of: followed, tag: newest });
    const listen = (to: EventSource) => {
      to.addEventListener('open', () => setConnection('open'));
      to.addEventListener('summary', ({ data }: MessageEvent<string>) =>
        storeSummary(queries, JSON.parse(data)),
      );
      to.addEventListener('view', ({ data }: MessageEvent<string>) => told(JSON.parse(data).tag));
      to.addEventListener('delta', ({ data }: MessageEvent<string>) => {
        const delta = JSON.parse(data) as GraphDelta;
        if (followed !== null) storeDelta(queries, followed, delta);
        told(delta.to);
      });
      to.addEventListener('error', () => {
        setConnection('lost');
        told(null);
        // EventSource comes back by itself after a cut, but not after an HTTP error.
        if (to.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
      });
    };
    const close = () => {
      clearTimeout(retry);
      stream?.close();
      stream = null;
    };
    const open = () => {
      close();
      stream = new EventSource(streamUrl(followed));
      listen(stream);
    };
    const show = () => {
      if (document.visibilityState === 'visible') return open();
      told(null);
      close();
    };

    show();
    document.addEventListener('visibilitychange', show);
    return () => {
      document.removeEventListener('visibilitychange', show);
      close();
      setTag(null);
    };
  }, [queries, followed]);

  const events = useMemo(() => ({ connection, tag, follow }), [connection, tag, follow]);
  return <EventsContext value={events}>{children}</EventsContext>;
}
