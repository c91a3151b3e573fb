'use client';

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { GraphView } from '#lib/view/graph-view.ts';
import type { Canvas } from './canvas.ts';
import { frameTitle, isFrame } from './card-size.ts';
import { Cards } from './cards.tsx';
import { type EdgeLabel, placeLabels } from './edge-labels.ts';
import { toElements } from './elements.ts';
import { type Emphasis, emphasize } from './emphasis.ts';
import { type Box, centre, type Geometry } from './geometry.ts';
import { useCanvas } from './use-canvas.ts';
import type { Picture } from './use-layout.ts';

/** Movements of the camera that a person asks for from outside the canvas. */
export interface CameraControls {
  fit(): void;
  zoomBy(factor: number): void;
  panBy(x: number, y: number): void;
}

/** Somebody points at a node or edge, or no more; `now` when they are about to select it. */
export type OnPoint = (id: string | null, now?: 'now') => void;

export interface GraphCanvasProps {
  readonly picture: Picture | null;
  readonly selected: string | null;
  readonly filter: string;
  readonly onSelect: (id: string | null) => void;
  readonly onPoint: OnPoint;
  /** A namespace was double-clicked. */
  readonly onToggle: (namespace: string) => void;
  readonly onReady: (controls: CameraControls | null) => void;
}

const NOTHING: readonly never[] = [];
/** So few cards that their small print is kept in the page when it cannot be read. */
const FEW_CARDS = 150;

/**
 * The picture. Hidden from assistive technology: the table beside it says the same, and is the way
 * for keyboards and screen readers.
 */
export function GraphCanvas(props: GraphCanvasProps) {
  const { picture, selected, filter, onSelect, onPoint, onToggle, onReady } = props;
  const [hovered, setHovered] = useState<string | null>(null);
  const { containerRef, layerRef, paperRef, canvas, labelScale, isClose } = useCanvas({
    onHover(id) {
      setHovered(id);
      onPoint(id);
    },
    onPress: (id) => onPoint(id, 'now'),
    onSelect,
    onOpen(id) {
      const node = picture?.view.nodes.find((candidate) => candidate.id === id);
      if (node?.kind === 'namespace') onToggle(node.namespace);
    },
  });
  const emphasis = useMemo(
    () => (picture === null ? null : emphasize(picture.view, { hovered, selected, filter })),
    [picture, hovered, selected, filter],
  );
  const labels = useMemo(
    () =>
      picture === null || emphasis === null
        ? NOTHING
        : labelsOf(picture.view, picture.geometry, emphasis, labelScale),
    [picture, emphasis, labelScale],
  );

  // Before the page is painted, as the camera's move: cards, edges and camera change in one frame.
  useLayoutEffect(() => {
    if (picture !== null) canvas?.draw(toElements(picture.view, picture.geometry));
  }, [canvas, picture]);
  useCamera(canvas, picture, selected, onReady);

  return (
    <div aria-hidden className="absolute inset-0 overflow-hidden bg-canvas">
      <div ref={paperRef} className="graph-paper absolute -inset-[22px]" />
      {/* Isolated: the canvas has layers of its own, which stay under the cards. */}
      <div ref={containerRef} className="relative isolate size-full" />
      {picture !== null && emphasis !== null && (
        <Cards
          view={picture.view}
          geometry={picture.geometry}
          emphasis={emphasis}
          selected={selected}
          labels={labels}
          isDetailed={isClose || picture.view.nodes.length <= FEW_CARDS}
          layerRef={layerRef}
        />
      )}
    </div>
  );
}

/**
 * Fits a new layout into sight, or holds still what stood when a person has moved the camera. At
 * once, without gliding: its cards stand elsewhere already, and what is read or clicked must not
 * slide away. Only movements that a person asks for glide.
 */
function useCamera(
  canvas: Canvas | null,
  picture: Picture | null,
  selected: string | null,
  onReady: (controls: CameraControls | null) => void,
): void {
  const shown = useRef<Picture | null>(null);

  useLayoutEffect(() => {
    if (canvas === null || picture === null) return;
    const before = shown.current;
    shown.current = picture;
    if (before?.laidOut === picture.laidOut) return;
    const anchor = before && canvas.moved ? commonNode(before, picture, selected) : null;
    if (anchor) canvas.anchor(anchor.before, anchor.after);
    else canvas.fit(drawnBoxes(picture), false);
  }, [canvas, picture, selected]);

  useEffect(() => {
    const box = selected === null ? undefined : shown.current?.geometry.boxes.get(selected);
    // A frame, when the panel opens beside it, shrinks the canvas first.
    if (box) setTimeout(() => canvas?.reveal(box, glides()), 60);
  }, [canvas, selected]);

  useEffect(() => {
    if (canvas === null) return;
    onReady({
      fit: () => shown.current && canvas.fit(drawnBoxes(shown.current), glides()),
      zoomBy: (factor) => canvas.zoomBy(factor, glides()),
      panBy: (x, y) => canvas.panBy(x, y),
    });
    return () => onReady(null);
  }, [canvas, onReady]);
}

function glides(): boolean {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function drawnBoxes({ view, geometry }: Picture): readonly Box[] {
  return view.nodes.flatMap(({ id }) => geometry.boxes.get(id) ?? []);
}

/** Something that stands in both pictures: the selection if it does. */
function commonNode(
  before: Picture,
  after: Picture,
  selected: string | null,
): { readonly before: Box; readonly after: Box } | null {
  const ids = [selected, ...before.view.nodes.map(({ id }) => id)];
  for (const id of ids) {
    const from = id === null ? undefined : before.geometry.boxes.get(id);
    const to = id === null ? undefined : after.geometry.boxes.get(id);
    if (from && to) return { before: from, after: to };
  }
  return null;
}

/** The ports of the edges that stand out; an edge that is perhaps allowed says so always. */
function labelsOf(
  view: GraphView,
  geometry: Geometry,
  emphasis: Emphasis,
  scale: number,
): readonly EdgeLabel[] {
  const { boxes, routes } = geometry;
  const labelled = view.edges.flatMap((edge) => {
    const source = boxes.get(edge.source);
    const target = boxes.get(edge.target);
    if (!source || !target) return [];
    const unknown = edge.verdict === 'unknown';
    if (!unknown && !emphasis.labelled.has(edge.id)) return [];
    const text = unknown
      ? `? ${emphasis.labelled.has(edge.id) ? edge.ports : ''}`.trim()
      : edge.ports;
    const route = routes.get(edge.id) ?? [centre(source), centre(target)];
    return [{ id: edge.id, text, route }];
  });
  const taken = view.nodes.flatMap((node) => {
    const box = boxes.get(node.id);
    return box ? [isFrame(node) ? frameTitle(node, box) : box] : [];
  });
  return placeLabels(labelled, taken, scale);
}
