'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { GraphEdge, GraphView } from '#lib/view/graph-view.ts';
import { flowDirection } from './elk-graph.ts';
import type { Geometry } from './geometry.ts';
import { keepPlaces, type LayoutDrift, layoutDrift } from './keep-places.ts';
import { type LayoutJob, layOut, prepareLayout } from './layout-worker.ts';

/** A layout that takes longer than this says so, and can be cancelled. */
const SLOW_MS = 1000;

/** A view and the question it answers. */
export interface AskedView {
  /** What a person asked for. A new layout is made when it changes, never for live changes. */
  readonly key: string;
  readonly view: GraphView;
  /** What was asked for beside rules. What is drawn of it only around the selection is not laid out. */
  readonly bases: ReadonlySet<GraphEdge['basis']>;
}

/** A view with its places: they are shown together or not at all. */
export interface Picture {
  readonly key: string;
  readonly view: GraphView;
  readonly geometry: Geometry;
  /** As the layout made it, before live changes. */
  readonly laidOut: Geometry;
}

export type LayoutProgress = 'done' | 'working' | 'slow' | 'cancelled' | 'failed';

export interface Layout {
  /** Null until the first layout is made. */
  readonly picture: Picture | null;
  readonly progress: LayoutProgress;
  readonly drift: LayoutDrift;
  rearrange(): void;
  cancel(): void;
}

const NO_DRIFT: LayoutDrift = { added: 0, removed: 0, edges: 0 };

/** With more edges, those that no rule names would fill the picture with channels for their lines. */
const MOST_LAID_OUT = 150;

/** What a layout is made of; all other edges are drawn straight, from card to card. */
function toLayOut({ view, bases }: AskedView): GraphView {
  const asked = view.edges.filter(({ basis }) => bases.has(basis));
  const edges =
    asked.length <= MOST_LAID_OUT ? asked : asked.filter(({ basis }) => basis === 'rules');
  return { ...view, edges };
}

/**
 * Lays a view out when its key changes; keeps everything in its place while only the data does.
 * Until a new layout is ready the picture before it stays.
 */
export function useLayout(asked: AskedView | null, isNarrow: boolean): Layout {
  const [picture, setPicture] = useState<Picture | null>(null);
  const [progress, setProgress] = useState<LayoutProgress>('working');
  const [turn, setTurn] = useState(0);
  const job = useRef<LayoutJob | null>(null);
  const latest = useRef(asked);
  useEffect(prepareLayout, []);
  useEffect(() => {
    latest.current = asked;
  }, [asked]);
  const key = asked === null ? null : `${turn} ${isNarrow} ${asked.key}`;

  useEffect(() => {
    const started = latest.current;
    if (key === null || started === null) return;
    let current = true;
    setProgress('working');
    const slow = setTimeout(() => setProgress('slow'), SLOW_MS);
    job.current = layOut(toLayOut(started), flowDirection(started.view, isNarrow));
    job.current.done.then(
      (laidOut) => {
        clearTimeout(slow);
        if (!current) return;
        const { view } = latest.current ?? started;
        setPicture({ key, view, geometry: keepPlaces(laidOut, view), laidOut });
        setProgress('done');
      },
      () => {
        clearTimeout(slow);
        if (current) setProgress('failed');
      },
    );
    return () => {
      current = false;
      clearTimeout(slow);
    };
  }, [key, isNarrow]);

  useEffect(() => {
    if (asked === null) return;
    const { view } = asked;
    setPicture((shown) =>
      shown === null || shown.key !== key || shown.view === view
        ? shown
        : { ...shown, view, geometry: keepPlaces(shown.geometry, view) },
    );
  }, [asked, key]);

  const rearrange = useCallback(() => setTurn((before) => before + 1), []);
  const cancel = useCallback(() => {
    job.current?.cancel();
    setProgress('cancelled');
  }, []);
  const drift =
    picture !== null && picture.key === key ? layoutDrift(picture.laidOut, picture.view) : NO_DRIFT;
  return { picture, progress, drift, rearrange, cancel };
}
