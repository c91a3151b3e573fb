'use client';

import { Maximize2, X } from 'lucide-react';
import Link from 'next/link';
import { workloadPath } from '#components/explanation/endpoint-question.ts';
import { OutdatedNotice } from '#components/explanation/outdated-notice.tsx';
import { Button } from '#components/ui/button.tsx';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import { useWorkload } from './use-workload.ts';
import { WorkloadHeader } from './workload-header.tsx';
import { WorkloadFailed, WorkloadWaiting } from './workload-states.tsx';
import { WorkloadTabs } from './workload-tabs.tsx';

/** A workload beside the map. Fills its slot, and scrolls inside it. */
export function WorkloadPanel({
  cluster,
  workload,
  onClose,
}: {
  readonly cluster: string;
  readonly workload: ObjectRef;
  readonly onClose: () => void;
}) {
  const { data, error } = useWorkload(cluster, workload);
  const close = (
    <Button variant="quiet" size="icon-sm" aria-label="Close" onClick={onClose}>
      <X className="size-4" />
    </Button>
  );
  if (data === undefined) {
    return (
      <div className="h-full overflow-y-auto">
        <div className="flex justify-end px-3 pt-3">{close}</div>
        {error === null ? <WorkloadWaiting /> : <WorkloadFailed error={error} />}
      </div>
    );
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="shrink-0 px-4 pt-4 pb-3">
        <WorkloadHeader
          view={data}
          place="panel"
          actions={
            <>
              <Button variant="quiet" size="icon-sm" asChild>
                <Link href={workloadPath(cluster, workload)} aria-label="Open as a page">
                  <Maximize2 className="size-3.5" />
                </Link>
              </Button>
              {close}
            </>
          }
        />
      </div>
      <div className="px-4 pb-3 empty:hidden">
        <OutdatedNotice error={error} />
      </div>
      <WorkloadTabs view={data} place="panel" className="flex-1" />
    </div>
  );
}
