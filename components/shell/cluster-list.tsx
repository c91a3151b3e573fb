'use client';

import { ChevronRight, Upload } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useConnection } from '#components/data/cluster-events.tsx';
import { useClusters } from '#components/data/use-clusters.ts';
import { countText } from '#components/status/count-text.ts';
import { FreshnessSign } from '#components/status/freshness-sign.tsx';
import { freshnessText, originText } from '#components/status/freshness-text.ts';
import { Button } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { ThemeToggle } from './theme-toggle.tsx';
import { UploadDialog } from './upload-dialog.tsx';
import { Wordmark } from './wordmark.tsx';

/** Every connected cluster with its state. */
export function ClusterList() {
  const clusters = useClusters();
  const [uploading, setUploading] = useState(false);
  return (
    <div className="h-dvh overflow-y-auto">
      <header className="flex h-12 items-center justify-between border-line border-b bg-surface px-4">
        <Wordmark />
        <ThemeToggle />
      </header>
      <main className="mx-auto max-w-2xl px-4 py-10">
        <div className="flex items-center justify-between gap-4">
          <h1 className="font-semibold text-xl">Clusters</h1>
          <Button onClick={() => setUploading(true)}>
            <Upload aria-hidden className="size-4" />
            Open manifests…
          </Button>
        </div>
        <Panel className="mt-4">
          <ul className="divide-y divide-line">
            {clusters.map((cluster) => (
              <ClusterLine key={cluster.name} cluster={cluster} />
            ))}
          </ul>
        </Panel>
      </main>
      <UploadDialog open={uploading} onOpenChange={setUploading} />
    </div>
  );
}

function ClusterLine({ cluster }: { readonly cluster: ClusterSummary }) {
  const { tone, word } = freshnessText(cluster, useConnection());
  const { counts, revision } = cluster;
  return (
    <li>
      <Link
        href={`/c/${encodeURIComponent(cluster.name)}`}
        className="flex items-center gap-3 px-4 py-3 hover:bg-hover"
      >
        <span className="flex w-4 justify-center">
          <FreshnessSign tone={tone} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{cluster.name}</span>
          <span className="block truncate text-muted text-xs">{originText(cluster)}</span>
        </span>
        <span className="text-right text-muted text-xs">
          <span className="block">{word}</span>
          {revision > 0 && (
            <span className="block">
              {countText(counts.pods, 'pod')}, {countText(counts.policies, 'policy', 'policies')}
            </span>
          )}
        </span>
        <ChevronRight aria-hidden className="size-4 text-faint" />
      </Link>
    </li>
  );
}
