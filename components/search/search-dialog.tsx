'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { ArrowRight, Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useDeferredValue, useEffect, useState } from 'react';
import { fetchJson } from '#components/data/fetch-json.ts';
import { useClusters } from '#components/data/use-clusters.ts';
import { viewUrl } from '#components/data/use-view.ts';
import { ModifierKey } from '#components/shell/modifier-key.tsx';
import { KindGlyph } from '#components/status/kind-glyph.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { refKey } from '#lib/model/object-ref.ts';
import { DEFAULT_LIMIT, formatSearchQuery } from '#lib/view/query.ts';
import type { SearchHit, SearchView } from '#lib/view/search-view.ts';
import { hitPath } from './hit-path.ts';

/** Finds anything by its name, from everywhere: Ctrl or ⌘ and K. */
export function SearchDialog({ cluster }: { readonly cluster: string }) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen((before) => !before);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  return (
    <>
      <Button
        variant="secondary"
        size="sm"
        aria-label="Search"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setOpen(true)}
        className="font-normal text-muted max-md:w-7 md:w-52 md:justify-start"
      >
        <Search aria-hidden className="size-3.5" />
        <span className="flex-1 text-left max-md:hidden">Search…</span>
        <span aria-hidden className="flex gap-0.5 max-md:hidden">
          <ModifierKey />
          <Kbd>K</Kbd>
        </span>
      </Button>
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogContent title="Search" bare>
          <SearchPalette cluster={cluster} onDone={() => setOpen(false)} />
        </DialogContent>
      </Dialog>
    </>
  );
}

function SearchPalette({
  cluster,
  onDone,
}: {
  readonly cluster: string;
  readonly onDone: () => void;
}) {
  const router = useRouter();
  const clusters = useClusters();
  const [text, setText] = useState('');
  const asked = useDeferredValue(text.trim());
  const { data, isFetching, error } = useQuery({
    queryKey: ['search', cluster, asked],
    queryFn: ({ signal }) => {
      const query = formatSearchQuery({ query: asked, limit: DEFAULT_LIMIT });
      return fetchJson<SearchView>(viewUrl(cluster, `search?${query}`), { signal });
    },
    enabled: asked !== '',
    placeholderData: keepPreviousData,
  });
  const hits = asked === '' ? [] : (data?.hits ?? []);
  const go = (path: string) => {
    onDone();
    router.push(path);
  };
  return (
    <Command shouldFilter={false} loop label="Search">
      <div className="flex items-center gap-2.5 border-line border-b px-4">
        <Search aria-hidden className="size-4 text-muted" />
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder="Workloads, pods, namespaces, services, policies"
          className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-faint"
        />
        <Kbd>Esc</Kbd>
      </div>
      <Command.List className="max-h-[min(26rem,60vh)] overflow-y-auto p-1.5">
        {asked !== '' && !isFetching && hits.length === 0 && (
          <Command.Empty className="px-3 py-8 text-center text-muted">
            {error === null ? `Nothing is named like “${asked}”.` : error.message}
          </Command.Empty>
        )}
        {hits.map((hit) => (
          <HitItem
            key={`${hit.kind} ${refKey(hit.ref)}`}
            hit={hit}
            onChoose={() => go(hitPath(cluster, hit))}
          />
        ))}
        {asked === '' &&
          clusters.map(({ name }) => (
            <Command.Item
              key={name}
              value={`cluster ${name}`}
              onSelect={() => go(`/c/${encodeURIComponent(name)}`)}
              className={ITEM}
            >
              <ArrowRight aria-hidden className="size-4 text-muted" />
              Go to {name}
            </Command.Item>
          ))}
      </Command.List>
      {data !== undefined && asked !== '' && data.total > hits.length && (
        <p className="border-line border-t px-4 py-2 text-muted text-xs">
          {hits.length} of {data.total}; type more to narrow it down.
        </p>
      )}
    </Command>
  );
}

const ITEM = 'flex h-10 items-center gap-2.5 rounded-md px-3 text-sm data-[selected=true]:bg-hover';

function HitItem({ hit, onChoose }: { readonly hit: SearchHit; readonly onChoose: () => void }) {
  const { kind, namespace, name } = hit.ref;
  return (
    <Command.Item value={`${hit.kind} ${refKey(hit.ref)}`} onSelect={onChoose} className={ITEM}>
      <span className="text-muted">
        <KindGlyph kind={kind} className="size-4" />
      </span>
      <span className="min-w-0 flex-1 truncate">
        {namespace !== null && <span className="text-faint">{namespace}/</span>}
        {name}
      </span>
      <span className="text-faint text-xs">{kind}</span>
    </Command.Item>
  );
}
