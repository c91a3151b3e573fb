import type { CameraControls } from '#components/graph/graph-canvas.tsx';
import { neighbour, type Side } from '#components/graph/neighbour.ts';
import type { Layout } from '#components/graph/use-layout.ts';
import type { Shortcuts } from '#components/shell/use-shortcuts.ts';
import type { MapUrl } from './use-map-url.ts';

const PAN = 80;

/** The keys of the map. Arrows go from the selected card to the next in that direction, or move the picture. */
export function mapShortcuts({
  url,
  layout,
  camera,
  focusFilter,
  showHelp,
}: {
  readonly url: MapUrl;
  readonly layout: Layout;
  readonly camera: CameraControls | null;
  readonly focusFilter: () => void;
  readonly showHelp: () => void;
}): Shortcuts {
  const go = (side: Side, x: number, y: number) => () => {
    if (layout.picture === null) return;
    const next = url.selected === null ? null : neighbour(layout.picture, url.selected, side);
    if (next !== null) url.select(next);
    else if (url.selected === null) camera?.panBy(x, y);
  };
  return {
    '/': focusFilter,
    '?': showHelp,
    t: () => url.setForm(url.form === 'table' ? 'graph' : 'table'),
    f: () => camera?.fit(),
    '+': () => camera?.zoomBy(1.3),
    '-': () => camera?.zoomBy(1 / 1.3),
    Escape: () => {
      if (layout.progress === 'slow') layout.cancel();
      else if (url.selected !== null) url.select(null);
      else if (url.filter !== '') url.setFilter('');
    },
    ArrowLeft: go('left', PAN, 0),
    ArrowRight: go('right', -PAN, 0),
    ArrowUp: go('up', 0, PAN),
    ArrowDown: go('down', 0, -PAN),
  };
}
