'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { GraphEdge, GraphView } from '#lib/view/graph-view.ts';
import type { Geometry } from './geometry.ts';
import { keepPlaces, type LayoutDrift, layoutDrift } from './keep-places.ts';
import { layOut, prepareLayout } from './layout-worker.ts';
import { isLarge } from './packed-layout.ts';

/** A layout that takes longer than this says so, and can be cancelled. */
const SLOW_MS = 1000;
/** A large picture stands in a plain arrangement after so long; a small one when its layout is slow. */
const DRAFT_MS = 60;

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
  /** The view it was made for. */
  readonly laidOutFor: GraphView;
  /** A plain arrangement, until the layout is there or after it was cancelled. */
  readonly isDraft: boolean;
}

export type LayoutProgress = 'done' | 'working' | 'slow' | 'cancelled' | 'failed';

export interface LayoutStep {
  readonly done: number;
  readonly total: number;
}

export interface Layout {
  /** Null until the first layout is made. */
  readonly picture: Picture | null;
  readonly progress: LayoutProgress;
  /** How many namespaces of how many are laid out; null where they are not laid out one by one. */
  readonly step: LayoutStep | null;
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
 * Until a new layout is ready the picture before it stays, and when the wait is long a plain
 * arrangement of the new one takes its place.
 */
export function useLayout(asked: AskedView | null, isNarrow: boolean): Layout {
  const [picture, setPicture] = useState<Picture | null>(null);
  const [progress, setProgress] = useState<LayoutProgress>('working');
  const [step, setStep] = useState<LayoutStep | null>(null);
  const [turn, setTurn] = useState(0);
  const running = useRef<{ readonly cancel: () => void } | null>(null);
  const latest = useRef(asked);
  useEffect(prepareLayout, []);
  useEffect(() => {
    latest.current = asked;
  }, [asked]);
  const key = asked === null ? null : `${turn} ${isNarrow} ${asked.key}`;

  useEffect(() => {
    const started = latest.current;
    if (key === null || started === null) return;
    setProgress('working');
    setStep(null);
    const job = layOut(toLayOut(started), isNarrow, (done, total) => setStep({ done, total }));
    const show = (laidOut: Geometry, isDraft: boolean) => {
      const { view } = latest.current ?? started;
      const geometry = keepPlaces(laidOut, view);
      setPicture({ key, view, geometry, laidOut, laidOutFor: started.view, isDraft });
    };
    const draft = setTimeout(
      () => show(job.draft(), true),
      isLarge(started.view) ? DRAFT_MS : SLOW_MS,
    );
    const slow = setTimeout(() => setProgress('slow'), SLOW_MS);
    let isOver = false;
    const end = () => {
      isOver = true;
      clearTimeout(draft);
      clearTimeout(slow);
    };
    job.done.then(
      (laidOut) => {
        if (isOver) return;
        end();
        show(laidOut, false);
        setProgress('done');
      },
      () => {
        if (isOver) return;
        end();
        show(job.draft(), true);
        setProgress('failed');
      },
    );
    running.current = {
      cancel() {
        if (isOver) return;
        end();
        job.cancel();
        show(job.draft(), true);
        setProgress('cancelled');
      },
    };
    return () => {
      if (isOver) return;
      end();
      job.cancel();
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
  const cancel = useCallback(() => running.current?.cancel(), []);
  const drift =
    picture !== null && picture.key === key && !picture.isDraft
      ? layoutDrift(picture.laidOutFor, picture.view)
      : NO_DRIFT;
  return { picture, progress, step, drift, rearrange, cancel };
}
