'use client';

import { useEffect, useState } from 'react';
import type { RequestFailed } from '#components/data/fetch-json.ts';
import { useView } from '#components/data/use-view.ts';
import type { AskedView } from '#components/graph/use-layout.ts';
import type { GraphEdge, GraphView } from '#lib/view/graph-view.ts';
import { formatGraphQuery } from '#lib/view/query.ts';
import type { PictureQuery } from './use-map-url.ts';

const WORKLOAD = /^[^[\]>]+\[[A-Za-z]+\]$/;

/** Default-open traffic is drawn around a selected workload. */
function focusOf(selected: string | null): string | null {
  return selected !== null && WORKLOAD.test(selected) ? selected : null;
}

function bases(showOpen: boolean, showDns: boolean): AskedView['bases'] {
  const asked = new Set<GraphEdge['basis']>(['rules']);
  if (showOpen) asked.add('open');
  if (showDns) asked.add('dns');
  return asked;
}

export interface MapView {
  /** The newest view there is, with the question it answers; null until the first. */
  readonly asked: AskedView | null;
  readonly error: RequestFailed | null;
}

/**
 * Reads the picture. While the answer to a new question is under way the one before stays, under
 * its own question, so that the layout never takes one for the other.
 */
export function useMapView(cluster: string, query: PictureQuery, selected: string | null): MapView {
  const key = `${cluster}?${formatGraphQuery({ ...query, focus: null })}`;
  const path = `graph?${formatGraphQuery({ ...query, focus: focusOf(selected) })}`;
  const { data, error, isPlaceholderData } = useView<GraphView>(cluster, path, {
    follow: true,
    keepPrevious: true,
  });
  const [asked, setAsked] = useState<AskedView | null>(null);
  const { showOpen, showDns } = query;
  useEffect(() => {
    if (data && !isPlaceholderData) setAsked({ key, view: data, bases: bases(showOpen, showDns) });
  }, [data, isPlaceholderData, key, showOpen, showDns]);
  return { asked: asked?.view.cluster === cluster ? asked : null, error };
}
