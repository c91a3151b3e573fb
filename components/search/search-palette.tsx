'use client';

import { Command } from 'cmdk';
import { ArrowRight, Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useClusters } from '#components/data/use-clusters.ts';
import { KindGlyph } from '#components/status/kind-glyph.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { refKey } from '#lib/model/object-ref.ts';
import type { SearchHit } from '#lib/view/search-view.ts';
import { hitPath } from './hit-path.ts';
import { useSearch } from './use-search.ts';

/** What is typed, and what it may mean: Enter goes to the best answer. */
export function SearchPalette({
  cluster,
  onDone,
}: {
  readonly cluster: string;
  readonly onDone: () => void;
}) {
  const router = useRouter();
  const clusters = useClusters();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState('');
  const [isEntered, setIsEntered] = useState(false);
  const asked = text.trim();
  const { hits, total, isCurrent, error } = useSearch(cluster, asked);
  const first = hits[0];

  const go = (path: string) => {
    onDone();
    router.push(path);
  };
  const type = (next: string) => {
    setText(next);
    setIsEntered(false);
  };
  useEffect(() => {
    if (isCurrent) setChosen(first === undefined ? '' : hitKey(first));
  }, [isCurrent, first]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: goes once, when the answer is there
  useEffect(() => {
    if (isEntered && isCurrent && first !== undefined) go(hitPath(cluster, first));
  }, [isEntered, isCurrent, first]);

  return (
    <Command
      shouldFilter={false}
      loop
      label="Search"
      value={chosen}
      onValueChange={setChosen}
      onKeyDown={(event) => {
        // Answers to what was typed before are still shown: Enter means the best of those to come.
        if (event.key !== 'Enter' || asked === '' || isCurrent) return;
        event.preventDefault();
        setIsEntered(true);
      }}
    >
      <div className="flex items-center gap-2.5 border-line border-b px-4">
        <Search aria-hidden className="size-4 text-muted" />
        <Command.Input
          autoFocus
          value={text}
          onValueChange={type}
          placeholder="Workloads, pods, namespaces, services, policies"
          className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-faint"
        />
        <Kbd>Esc</Kbd>
      </div>
      <Command.List className="max-h-[min(26rem,60vh)] overflow-y-auto p-1.5">
        {isCurrent && hits.length === 0 && (
          <Command.Empty className="px-3 py-8 text-center text-muted">
            {error === null ? `Nothing is named like “${asked}”.` : error.message}
          </Command.Empty>
        )}
        {hits.map((hit) => (
          <HitItem key={hitKey(hit)} hit={hit} onChoose={() => go(hitPath(cluster, hit))} />
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
      {total > hits.length && (
        <p className="border-line border-t px-4 py-2 text-muted text-xs">
          {hits.length} of {total}; type more to narrow it down.
        </p>
      )}
    </Command>
  );
}

function hitKey({ kind, ref }: SearchHit): string {
  return `${kind} ${refKey(ref)}`;
}

const ITEM = 'flex h-10 items-center gap-2.5 rounded-md px-3 text-sm data-[selected=true]:bg-hover';

function HitItem({ hit, onChoose }: { readonly hit: SearchHit; readonly onChoose: () => void }) {
  const { kind, namespace, name } = hit.ref;
  return (
    <Command.Item value={hitKey(hit)} onSelect={onChoose} className={ITEM}>
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
