import { Search, X } from 'lucide-react';
import { Segmented } from '#components/ui/segmented.tsx';
import { Switch } from '#components/ui/switch.tsx';
import type { FindingsView } from '#lib/view/findings-view.ts';
import { SEVERITY } from './severity-sign.tsx';
import { type FindingsUrl, SEVERITY_CHOICES } from './use-findings-url.ts';

/** Which findings are shown; all of it stands in the URL. */
export function FindingsToolbar({
  url,
  counts,
}: {
  readonly url: FindingsUrl;
  readonly counts: FindingsView['counts'];
}) {
  const all = counts.error + counts.warning + counts.info;
  const segments = SEVERITY_CHOICES.map((value) => ({
    value,
    label: value === 'all' ? `all ${all}` : `${counts[value]} ${SEVERITY[value].plural}`,
  }));
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Segmented
        label="Severity"
        segments={segments}
        value={url.severity}
        onChange={url.setSeverity}
      />
      <label className="flex h-8 min-w-44 flex-1 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-sm focus-within:border-accent sm:max-w-72">
        <Search aria-hidden className="size-3.5 shrink-0 text-faint" />
        <span className="sr-only">Filter findings</span>
        <input
          type="search"
          value={url.filter}
          onChange={(event) => url.setFilter(event.target.value)}
          placeholder="Filter: shop/web, PIT-DIR, port"
          className="min-w-0 flex-1 bg-transparent outline-none placeholder:text-faint"
        />
      </label>
      {url.namespace !== null && (
        <button
          type="button"
          onClick={() => url.setNamespace(null)}
          className="flex h-7 items-center gap-1.5 rounded-md bg-accent-soft px-2 font-medium text-accent-text text-xs"
        >
          namespace {url.namespace}
          <X aria-label="Show every namespace" className="size-3" />
        </button>
      )}
      {counts.suppressed > 0 && (
        <Switch checked={url.showSuppressed} onChange={url.setShowSuppressed}>
          {counts.suppressed} accepted
        </Switch>
      )}
    </div>
  );
}
