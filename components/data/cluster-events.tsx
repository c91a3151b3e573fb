'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { CLUSTERS_KEY } from './use-clusters.ts';

/** Whether this page hears from the Sightline server. */
export type Connection = 'connecting' | 'open' | 'lost';

const ConnectionContext = createContext<Connection>('connecting');

export function useConnection(): Connection {
  return useContext(ConnectionContext);
}

const RETRY_MS = 3000;

/**
 * Listens to the server's events and keeps the summaries of all clusters current. A hidden tab
 * lets go of its stream, because a browser opens only six connections to one server over HTTP/1.1;
 * nothing is lost, since every stream starts with the whole summary.
 */
export function ClusterEvents({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');

  useEffect(() => {
    let stream: EventSource | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;

    const store = (event: MessageEvent<string>) => {
      const summary = JSON.parse(event.data) as ClusterSummary;
      queries.setQueryData<readonly ClusterSummary[]>(CLUSTERS_KEY, (known = []) =>
        known.some(({ name }) => name === summary.name)
          ? known.map((cluster) => (cluster.name === summary.name ? summary : cluster))
          : [...known, summary],
      );
    };
    const close = () => {
      clearTimeout(retry);
      stream?.close();
      stream = null;
    };
    const open = () => {
      close();
      stream = new EventSource('/api/events');
      stream.addEventListener('open', () => setConnection('open'));
      stream.addEventListener('summary', store);
      stream.addEventListener('error', () => {
        setConnection('lost');
        // EventSource comes back by itself after a cut, but not after an HTTP error.
        if (stream?.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
      });
    };
    const follow = () => (document.visibilityState === 'hidden' ? close() : open());

    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      close();
    };
  }, [queries]);

  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}
