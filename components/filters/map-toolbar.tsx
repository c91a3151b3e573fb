'use client';

import {
  ChevronsDownUp,
  ChevronsUpDown,
  Columns2,
  Search,
  Table2,
  Waypoints,
  X,
} from 'lucide-react';
import type { Ref } from 'react';
import { isExpandable } from '#components/map/expandable.ts';
import { restWords } from '#components/map/rest-words.ts';
import type { MapForm, MapUrl } from '#components/map/use-map-url.ts';
import { numberText } from '#components/status/count-text.ts';
import { Button } from '#components/ui/button.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { type Segment, Segmented } from '#components/ui/segmented.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import type { GraphView } from '#lib/view/graph-view.ts';

const FORMS: readonly Segment<MapForm>[] = [
  { value: 'graph', label: 'Graph', icon: <Waypoints aria-hidden /> },
  { value: 'table', label: 'Table', icon: <Table2 aria-hidden /> },
  { value: 'both', label: 'Both', icon: <Columns2 aria-hidden /> },
];

/** What is drawn and how: all of it is in the URL. */
export function MapToolbar({
  url,
  view,
  filterRef,
}: {
  readonly url: MapUrl;
  readonly view: GraphView | null;
  readonly filterRef: Ref<HTMLInputElement>;
}) {
  const left = view?.leftOut;
  return (
    <div
      role="toolbar"
      aria-label="Map"
      className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1.5"
    >
      <FilterBox value={url.filter} onChange={url.setFilter} inputRef={filterRef} />
      <Switch checked={url.showOpen} onChange={url.setShowOpen}>
        Default-open
        <LeftOut count={left?.open} shown={url.showOpen} />
      </Switch>
      <Switch checked={url.showDns} onChange={url.setShowDns}>
        DNS
        <LeftOut count={left?.dns} shown={url.showDns} />
      </Switch>
      {view !== null && url.form !== 'table' && <Drawn view={view} url={url} />}
      <div className="ml-auto flex">
        {view !== null && view.namespace === null && <ExpandButtons url={url} view={view} />}
      </div>
      <span aria-hidden className="-order-1 basis-full sm:hidden" />
      <div className="max-sm:-order-2">
        <Segmented label="Form" segments={FORMS} value={url.form} onChange={url.setForm} />
      </div>
    </div>
  );
}

/** How much is not drawn, so that nothing is missing in silence. */
function LeftOut({
  count,
  shown,
}: {
  readonly count: number | undefined;
  readonly shown: boolean;
}) {
  if (shown || count === undefined || count === 0) return null;
  return (
    <span className="rounded bg-sunken px-1 text-2xs text-muted tabular-nums">
      {numberText(count)}
      <span className="sr-only"> left out</span>
    </span>
  );
}

/** How many of all there are the picture draws, where that is a part, and the way to the others. */
function Drawn({ view, url }: { readonly view: GraphView; readonly url: MapUrl }) {
  const words = restWords(view);
  if (words === null) return null;
  return (
    <p
      role="note"
      className="flex items-center gap-2 whitespace-nowrap text-muted text-xs sm:ml-2 sm:border-line sm:border-l sm:pl-4"
    >
      {words}
      <Button size="sm" onClick={() => url.setForm('table')}>
        Open the table
      </Button>
    </p>
  );
}

function ExpandButtons({ url, view }: { readonly url: MapUrl; readonly view: GraphView }) {
  const { namespaces } = view;
  const expanded = namespaces.filter((namespace) => namespace.expanded).length;
  return (
    <div className="flex">
      <Tooltip
        content={
          isExpandable(view)
            ? 'Expand all namespaces'
            : 'There are too many namespaces to expand all: expand one, or search'
        }
      >
        <Button
          variant="quiet"
          size="icon"
          aria-label="Expand all"
          disabled={expanded === namespaces.length || !isExpandable(view)}
          onClick={() => url.setExpanded(namespaces.map(({ name }) => name))}
        >
          <ChevronsUpDown className="size-4" />
        </Button>
      </Tooltip>
      <Tooltip content="Collapse all namespaces">
        <Button
          variant="quiet"
          size="icon"
          aria-label="Collapse all"
          disabled={expanded === 0}
          onClick={() => url.setExpanded([])}
        >
          <ChevronsDownUp className="size-4" />
        </Button>
      </Tooltip>
    </div>
  );
}

function FilterBox({
  value,
  onChange,
  inputRef,
}: {
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly inputRef: Ref<HTMLInputElement>;
}) {
  return (
    <div className="relative min-w-0 max-sm:-order-3 max-sm:flex-1 sm:w-60">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint"
      />
      <input
        ref={inputRef}
        type="search"
        aria-label="Filter by name or namespace"
        aria-keyshortcuts="/"
        placeholder="Filter by name or namespace"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (value === '') event.currentTarget.blur();
          else onChange('');
        }}
        className="h-8 w-full rounded-md border border-line bg-surface pr-8 pl-8 text-sm placeholder:text-faint [&::-webkit-search-cancel-button]:hidden"
      />
      <span className="absolute top-[7px] right-2 flex">
        {value === '' ? (
          <span aria-hidden>
            <Kbd>/</Kbd>
          </span>
        ) : (
          <button
            type="button"
            aria-label="Clear the filter"
            onClick={() => onChange('')}
            className="rounded text-muted hover:text-text"
          >
            <X className="size-4" />
          </button>
        )}
      </span>
    </div>
  );
}
