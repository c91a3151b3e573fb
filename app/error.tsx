'use client';

import { TriangleAlert } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

export default function ErrorPage({
  error,
  reset,
}: {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}) {
  return (
    <main className="flex h-dvh items-center justify-center">
      <EmptyState
        icon={<TriangleAlert />}
        headingLevel="h1"
        title="This page failed"
        actions={<Button onClick={reset}>Try again</Button>}
      >
        {error.digest === undefined
          ? 'The browser’s console says why.'
          : `The server’s log says why, under ${error.digest}.`}{' '}
        Nothing in the cluster was changed.
      </EmptyState>
    </main>
  );
}
