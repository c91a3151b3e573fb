'use client';

import { Box, LoaderCircle, PlugZap, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { RequestFailed } from '#components/data/fetch-json.ts';
import { DemoLink } from '#components/status/cluster-banners.tsx';
import { originText, progressText } from '#components/status/freshness-text.ts';
import { sentenceText } from '#components/status/sentence-text.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';

/** What stands where the map would, while there is none. */

function Centred({
  as: Element = 'div',
  children,
}: {
  /** `main` where it is the whole page. */
  readonly as?: 'div' | 'main';
  readonly children: ReactNode;
}) {
  return (
    <Element className="graph-paper flex size-full items-center justify-center overflow-y-auto">
      {children}
    </Element>
  );
}

/** Before a cluster's first state: it is being read, or it cannot be reached. */
export function WaitingForCluster({ summary }: { readonly summary: ClusterSummary | null }) {
  const freshness = summary?.freshness;
  if (summary !== null && freshness?.status === 'unreachable') {
    return (
      <Centred as="main">
        <EmptyState
          headingLevel="h1"
          icon={<PlugZap />}
          title={`Cannot reach ${summary.name}`}
          actions={
            <Button variant="primary" asChild>
              <Link href="/c/demo">Look at the demo meanwhile</Link>
            </Button>
          }
        >
          <p role="status" className="break-words">
            {sentenceText(freshness.cause)} Retrying, attempt {freshness.attempt}.
          </p>
          <p className="mt-1 break-all text-faint text-xs">{originText(summary)}</p>
        </EmptyState>
      </Centred>
    );
  }
  return (
    <Centred as="main">
      <EmptyState
        headingLevel="h1"
        icon={<LoaderCircle className="animate-spin" />}
        title={summary === null ? 'Opening the cluster' : `Reading ${summary.name}`}
      >
        {freshness?.status === 'syncing' && freshness.objects > 0 ? (
          <SyncProgress freshness={freshness} />
        ) : (
          <p role="status">Waiting for the first answer</p>
        )}
      </EmptyState>
    </Centred>
  );
}

/** The bar has a name and a value of its own, so that the words need not be told at every step. */
function SyncProgress({
  freshness,
}: {
  readonly freshness: Extract<ClusterSummary['freshness'], { status: 'syncing' }>;
}) {
  const { phase, objects, expected } = freshness;
  const known = phase === 'reading' && expected !== null && expected >= objects;
  return (
    <>
      <p className="tabular-nums">{progressText(freshness)}</p>
      <progress
        aria-label={phase === 'reading' ? 'Objects read' : 'Analysing'}
        className="mt-3 h-1.5 w-56 accent-accent"
        {...(known ? { value: objects, max: expected } : {})}
      />
      <p role="status" className="sr-only">
        {phase === 'reading' ? 'Reading the cluster' : 'Working out who can connect'}
      </p>
    </>
  );
}

const OUTLINE = [
  ['a', 'b', 'c'],
  ['d', 'e', 'f', 'g', 'h'],
  ['i', 'j'],
  ['k', 'l', 'm', 'n'],
] as const;

/** A picture's outline while the first one is read. */
export function MapSkeleton() {
  return (
    <div role="status" aria-label="Reading the map" className="graph-paper relative size-full">
      <div className="absolute inset-0 flex items-center justify-center gap-16">
        {OUTLINE.map((cards) => (
          <div key={cards.join('')} className="flex flex-col gap-4 max-sm:nth-[n+2]:hidden">
            {cards.map((card) => (
              <Skeleton key={card} className="h-[54px] w-40 rounded-[9px]" />
            ))}
          </div>
        ))}
      </div>
      <p className="absolute inset-x-0 bottom-10 animate-late text-center text-muted text-sm">
        Reading the map…
      </p>
    </div>
  );
}

/** There is nothing to draw. */
export function EmptyMap({ namespace }: { readonly namespace: string | null }) {
  return (
    <Centred>
      <EmptyState
        icon={<Box />}
        title={namespace === null ? 'This cluster has no pods' : `No pods in ${namespace}`}
      >
        As soon as one is there, it is drawn here.
      </EmptyState>
    </Centred>
  );
}

/** The server would not answer with a map. */
export function MapFailed({
  error,
  cluster,
}: {
  readonly error: RequestFailed;
  readonly cluster: string;
}) {
  return (
    <Centred>
      <EmptyState
        icon={<TriangleAlert />}
        title={error.status === 404 ? 'This is not in the cluster' : 'The map cannot be shown'}
        actions={
          <>
            <Button asChild>
              <Link href={`/c/${encodeURIComponent(cluster)}`}>Whole cluster</Link>
            </Button>
            {cluster !== 'demo' && error.status !== 404 && <DemoLink />}
          </>
        }
      >
        <p role="alert">{error.message}</p>
      </EmptyState>
    </Centred>
  );
}
