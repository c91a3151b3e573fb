'use client';

import { Check, ChevronsUpDown, Upload } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useConnection } from '#components/data/cluster-events.tsx';
import { useClusters } from '#components/data/use-clusters.ts';
import { FreshnessSign } from '#components/status/freshness-sign.tsx';
import { freshnessText, originText } from '#components/status/freshness-text.ts';
import { Button } from '#components/ui/button.tsx';
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '#components/ui/menu.tsx';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { UploadDialog } from './upload-dialog.tsx';

/** The cluster shown, the others with their state, and the way to manifests of one's own. */
export function ClusterSwitcher({ current }: { readonly current: string }) {
  const clusters = useClusters();
  const [uploading, setUploading] = useState(false);
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button variant="quiet" size="sm" className="min-w-0 shrink text-sm text-text">
            <span className="truncate">{current}</span>
            <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-faint" />
            <span className="sr-only">, switch cluster</span>
          </Button>
        </MenuTrigger>
        <MenuContent align="start" className="w-80">
          {clusters.map((cluster) => (
            <ClusterItem
              key={cluster.name}
              cluster={cluster}
              isCurrent={cluster.name === current}
            />
          ))}
          <MenuSeparator />
          <MenuItem onSelect={() => setUploading(true)}>
            <Upload aria-hidden className="size-4 text-muted" />
            Open manifests…
          </MenuItem>
        </MenuContent>
      </Menu>
      <UploadDialog open={uploading} onOpenChange={setUploading} />
    </>
  );
}

function ClusterItem({
  cluster,
  isCurrent,
}: {
  readonly cluster: ClusterSummary;
  readonly isCurrent: boolean;
}) {
  const { tone, word } = freshnessText(cluster, useConnection());
  return (
    <MenuItem asChild>
      <Link
        href={`/c/${encodeURIComponent(cluster.name)}`}
        aria-current={isCurrent ? 'page' : undefined}
        className="py-1.5"
      >
        <span className="flex w-4 shrink-0 justify-center">
          <FreshnessSign tone={tone} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{cluster.name}</span>
          <span className="block truncate text-muted text-xs">
            {word} · {originText(cluster)}
          </span>
        </span>
        {isCurrent && <Check aria-hidden className="size-4 shrink-0 text-accent-text" />}
      </Link>
    </MenuItem>
  );
}
