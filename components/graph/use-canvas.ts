'use client';

import { useTheme } from 'next-themes';
import { type RefObject, startTransition, useEffect, useRef, useState } from 'react';
import { Canvas, type CanvasEvents } from './canvas.ts';
import { CardLayer, isNear } from './card-layer.ts';
import { readTheme } from './theme.ts';

/** The paper's pattern repeats after so many pixels (globals.css). */
const PAPER_STEP = 22;

/** Text beside edges grows in steps when the picture is far away. */
function labelScaleAt(zoom: number): number {
  return zoom < 0.42 ? 2.4 : zoom < 0.6 ? 1.8 : zoom < 0.85 ? 1.3 : 1;
}

type Events = Omit<CanvasEvents, 'onCamera'>;

export interface CanvasHandle {
  readonly containerRef: RefObject<HTMLDivElement | null>;
  readonly layerRef: RefObject<HTMLDivElement | null>;
  readonly paperRef: RefObject<HTMLDivElement | null>;
  /** Null until the page is there. */
  readonly canvas: Canvas | null;
  readonly labelScale: number;
  /** Whether the small print of cards can be read; late, when there is much of it. */
  readonly isClose: boolean;
}

/** A canvas for as long as the component lives, in the page's theme and size; the cards move with its camera. */
export function useCanvas(events: Events): CanvasHandle {
  const containerRef = useRef<HTMLDivElement>(null);
  const layerRef = useRef<HTMLDivElement>(null);
  const paperRef = useRef<HTMLDivElement>(null);
  const [canvas, setCanvas] = useState<Canvas | null>(null);
  const [labelScale, setLabelScale] = useState(1);
  const [isClose, setIsClose] = useState(false);
  const { resolvedTheme } = useTheme();
  const latest = useRef(events);
  useEffect(() => {
    latest.current = events;
  }, [events]);

  useEffect(() => {
    const container = containerRef.current;
    if (container === null) return;
    const layer = new CardLayer(() => layerRef.current);
    const created = new Canvas(container, {
      onHover(id) {
        container.style.cursor = id === null ? '' : 'pointer';
        latest.current.onHover(id);
      },
      onPress: (id) => latest.current.onPress(id),
      onSelect: (id) => latest.current.onSelect(id),
      onOpen: (id) => latest.current.onOpen(id),
      onCamera(pan, zoom) {
        layer.move(pan, zoom);
        setLabelScale(labelScaleAt(zoom));
        startTransition(() => setIsClose(isNear(zoom)));
        const paper = paperRef.current;
        if (paper) {
          const [x, y] = [pan.x % PAPER_STEP, pan.y % PAPER_STEP];
          paper.style.transform = `translate(${x}px, ${y}px)`;
        }
      },
    });
    const observer = new ResizeObserver(() => created.resize());
    observer.observe(container);
    setCanvas(created);
    return () => {
      observer.disconnect();
      layer.rest();
      created.destroy();
      setCanvas(null);
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's variables change with it
  useEffect(() => {
    if (containerRef.current !== null) canvas?.paint(readTheme(containerRef.current));
  }, [canvas, resolvedTheme]);

  return { containerRef, layerRef, paperRef, canvas, labelScale, isClose };
}
