'use client';

import { Maximize, Minus, Plus, RefreshCw } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { type CameraControls, GraphCanvas, type OnPoint } from './graph-canvas.tsx';
import { GraphLegend } from './graph-legend.tsx';
import type { LayoutDrift } from './keep-places.ts';
import type { Layout, LayoutStep } from './use-layout.ts';

/** The picture with what floats over it: the legend, the camera's buttons, and how the layout does. */
export function GraphViewPane({
  layout,
  placeholder,
  selected,
  filter,
  onSelect,
  onPoint,
  onToggle,
  onReady,
  onShowTable,
}: {
  readonly layout: Layout;
  /** Stands in until there is a picture. */
  readonly placeholder: ReactNode;
  readonly selected: string | null;
  readonly filter: string;
  readonly onSelect: (id: string | null) => void;
  readonly onPoint: OnPoint;
  readonly onToggle: (namespace: string) => void;
  readonly onReady: (controls: CameraControls | null) => void;
  readonly onShowTable: () => void;
}) {
  const [controls, setControls] = useState<CameraControls | null>(null);
  const [ready] = useState(() => (next: CameraControls | null) => {
    setControls(next);
    onReady(next);
  });
  const { picture, progress, step, drift } = layout;
  return (
    <div className="flex size-full flex-col">
      <div className="relative min-h-0 flex-1 overflow-hidden">
        <GraphCanvas
          picture={picture}
          selected={selected}
          filter={filter}
          onSelect={onSelect}
          onPoint={onPoint}
          onToggle={onToggle}
          onReady={ready}
        />
        {picture === null && <div className="absolute inset-0">{placeholder}</div>}
        <div className="pointer-events-none absolute inset-x-3 top-3 flex justify-center">
          {progress === 'slow' && (
            <Floating>
              <RefreshCw aria-hidden className="size-3.5 animate-spin text-accent-text" />
              <span className="tabular-nums">{workingWords(step)}</span>
              <Button size="sm" onClick={layout.cancel}>
                Cancel
              </Button>
            </Floating>
          )}
          {(progress === 'cancelled' || progress === 'failed') && (
            <Floating>
              {progress === 'failed'
                ? 'This map cannot be arranged; its cards stand in plain columns.'
                : 'Arranging was cancelled; some cards stand in plain columns.'}
              <Button size="sm" onClick={layout.rearrange}>
                Arrange again
              </Button>
              <Button size="sm" onClick={onShowTable}>
                Show as table
              </Button>
            </Floating>
          )}
          {progress === 'done' && driftWords(drift) !== null && (
            <Floating>
              <span>
                Layout is out of date: <strong className="font-medium">{driftWords(drift)}</strong>
              </span>
              <Button size="sm" onClick={layout.rearrange}>
                Re-arrange
              </Button>
            </Floating>
          )}
        </div>
        <CameraButtons controls={controls} />
      </div>
      <GraphLegend />
    </div>
  );
}

function workingWords(step: LayoutStep | null): string {
  return step === null
    ? 'Arranging the map…'
    : `Arranging the map: ${step.done} of ${step.total} namespaces`;
}

/** `2 new, 1 gone`; null when the layout is up to date. */
function driftWords({ added, removed, edges }: LayoutDrift): string | null {
  const words = [
    added > 0 && `${added} new`,
    removed > 0 && `${removed} gone`,
    edges > 0 && `${edges} new ${edges === 1 ? 'connection' : 'connections'}`,
  ].filter((word) => word !== false);
  return words.length === 0 ? null : words.join(', ');
}

function Floating({ children }: { readonly children: ReactNode }) {
  return (
    <div
      role="status"
      className="pointer-events-auto flex animate-enter items-center gap-2.5 rounded-lg border border-line bg-raised py-1.5 pr-1.5 pl-3 text-sm shadow-pop"
    >
      {children}
    </div>
  );
}

const STEP = 1.3;

function CameraButtons({ controls }: { readonly controls: CameraControls | null }) {
  const buttons = [
    { label: 'Zoom in', icon: Plus, act: () => controls?.zoomBy(STEP) },
    { label: 'Zoom out', icon: Minus, act: () => controls?.zoomBy(1 / STEP) },
    { label: 'Fit all (f)', icon: Maximize, act: () => controls?.fit() },
  ];
  return (
    <div className="absolute right-3 bottom-3 flex flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-card">
      {buttons.map(({ label, icon: Icon, act }) => (
        <Tooltip key={label} content={label} side="left">
          <Button
            variant="quiet"
            size="icon"
            aria-label={label}
            onClick={act}
            className="rounded-none outline-offset-[-2px]"
          >
            <Icon className="size-4" />
          </Button>
        </Tooltip>
      ))}
    </div>
  );
}
