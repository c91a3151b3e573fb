import { CircleAlert, PackageX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RequestFailed } from '#components/data/fetch-json.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';

/** Holds the place of a workload, in its proportions. */
export function WorkloadWaiting() {
  return (
    <div role="status" aria-label="The workload is being read" className="p-4">
      <div className="flex gap-3">
        <Skeleton className="size-8" />
        <div className="flex-1">
          <Skeleton className="h-5 w-40" />
          <Skeleton className="mt-1.5 h-4 w-56" />
        </div>
      </div>
      <Skeleton className="mt-4 h-16 w-full" />
      <Skeleton className="mt-6 h-40 w-full" />
      <Skeleton className="mt-4 h-56 w-full" />
    </div>
  );
}

/** Why there is no workload to show. */
export function WorkloadFailed({
  error,
  actions,
}: {
  readonly error: RequestFailed;
  readonly actions?: ReactNode;
}) {
  const gone = error.status === 404;
  return (
    <EmptyState
      icon={gone ? <PackageX /> : <CircleAlert />}
      title={gone ? 'It is not in this cluster' : 'The workload could not be read'}
      actions={actions}
    >
      <p>{error.message}</p>
    </EmptyState>
  );
}
