'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { type ReactNode, useState } from 'react';
import { TooltipProvider } from '#components/ui/tooltip.tsx';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { ClusterEvents } from './cluster-events.tsx';
import { CLUSTERS_KEY } from './use-clusters.ts';

/** What every page stands in. `nonce` lets the theme's script run under the content security policy. */
export function Providers({
  nonce,
  clusters,
  children,
}: {
  readonly nonce: string | undefined;
  readonly clusters: readonly ClusterSummary[];
  readonly children: ReactNode;
}) {
  const [queries] = useState(() => {
    const client = new QueryClient({
      defaultOptions: { queries: { refetchOnWindowFocus: false } },
    });
    client.setQueryData(CLUSTERS_KEY, clusters);
    return client;
  });
  return (
    <ThemeProvider
      attribute="class"
      defaultTheme="system"
      disableTransitionOnChange
      {...(nonce === undefined ? {} : { nonce })}
    >
      <QueryClientProvider client={queries}>
        <NuqsAdapter>
          <TooltipProvider delayDuration={350}>
            <ClusterEvents>{children}</ClusterEvents>
          </TooltipProvider>
        </NuqsAdapter>
      </QueryClientProvider>
    </ThemeProvider>
  );
}
