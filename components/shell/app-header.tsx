'use client';

import { ListChecks, Map as MapIcon, Route } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useClusterSummary } from '#components/data/use-clusters.ts';
import { SearchDialog } from '#components/search/search-dialog.tsx';
import { FreshnessIndicator } from '#components/status/freshness-indicator.tsx';
import { classes } from '#components/ui/classes.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { ClusterSwitcher } from './cluster-switcher.tsx';
import { ThemeToggle } from './theme-toggle.tsx';
import { Wordmark } from './wordmark.tsx';

/** The line over every page of a cluster. */
export function AppHeader({ cluster }: { readonly cluster: string }) {
  const summary = useClusterSummary(cluster);
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b bg-surface px-3 sm:px-4">
      <Wordmark />
      <span aria-hidden className="text-line-strong text-lg">
        /
      </span>
      <ClusterSwitcher current={cluster} />
      <ScreenLinks cluster={cluster} />
      <div className="ml-auto flex shrink-0 items-center gap-1">
        <SearchDialog cluster={cluster} />
        {summary === null ? (
          <Skeleton className="h-7 w-16" />
        ) : (
          <FreshnessIndicator summary={summary} />
        )}
        <ThemeToggle />
      </div>
    </header>
  );
}

function ScreenLinks({ cluster }: { readonly cluster: string }) {
  const path = usePathname();
  const base = `/c/${encodeURIComponent(cluster)}`;
  const screens = [
    { href: base, label: 'Map', icon: MapIcon, isCurrent: path === base },
    {
      href: `${base}/explain`,
      label: 'Explain',
      icon: Route,
      isCurrent: path === `${base}/explain`,
    },
    {
      href: `${base}/findings`,
      label: 'Findings',
      icon: ListChecks,
      isCurrent: path === `${base}/findings`,
    },
  ];
  return (
    <nav aria-label="Screens" className="ml-1 flex items-center gap-0.5 sm:ml-3">
      {screens.map(({ href, label, icon: Icon, isCurrent }) => (
        <Link
          key={href}
          href={href}
          aria-current={isCurrent ? 'page' : undefined}
          className={classes(
            'flex h-7 items-center gap-1.5 rounded-md px-2 font-medium text-sm transition-colors',
            isCurrent ? 'bg-sunken text-text' : 'text-muted hover:bg-hover hover:text-text',
          )}
        >
          <Icon aria-hidden className="size-4 sm:hidden" />
          <span className="max-sm:sr-only">{label}</span>
        </Link>
      ))}
    </nav>
  );
}
