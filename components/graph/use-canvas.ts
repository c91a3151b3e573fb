'use client';

import { useTheme } from 'next-themes';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { Canvas, type CanvasEvents } from './canvas.ts';
import { readTheme } from './theme.ts';

/** Below this zoom the small print of cards cannot be read, and goes. */
const FAR_ZOOM = 0.52;

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
}

/** A canvas for as long as the component lives, in the page's theme and size; the cards move with its camera. */
export function useCanvas(events: Events): CanvasHandle {
  const containerRef = useRef<HTMLDivElement>(null);
  const layerRef = useRef<HTMLDivElement>(null);
  const paperRef = useRef<HTMLDivElement>(null);
  const [canvas, setCanvas] = useState<Canvas | null>(null);
  const [labelScale, setLabelScale] = useState(1);
  const { resolvedTheme } = useTheme();
  const latest = useRef(events);
  useEffect(() => {
    latest.current = events;
  }, [events]);

  useEffect(() => {
    const container = containerRef.current;
    if (container === null) return;
    const created = new Canvas(container, {
      onHover(id) {
        container.style.cursor = id === null ? '' : 'pointer';
        latest.current.onHover(id);
      },
      onSelect: (id) => latest.current.onSelect(id),
      onOpen: (id) => latest.current.onOpen(id),
      onCamera({ x, y }, zoom) {
        const layer = layerRef.current;
        const paper = paperRef.current;
        if (layer) {
          layer.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
          layer.dataset.distance = zoom < FAR_ZOOM ? 'far' : 'near';
        }
        setLabelScale(labelScaleAt(zoom));
        if (paper) paper.style.backgroundPosition = `${x}px ${y}px`;
      },
    });
    const observer = new ResizeObserver(() => created.resize());
    observer.observe(container);
    setCanvas(created);
    return () => {
      observer.disconnect();
      created.destroy();
      setCanvas(null);
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's variables change with it
  useEffect(() => {
    if (containerRef.current !== null) canvas?.paint(readTheme(containerRef.current));
  }, [canvas, resolvedTheme]);

  return { containerRef, layerRef, paperRef, canvas, labelScale };
}
