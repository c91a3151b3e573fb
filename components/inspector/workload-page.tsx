'use client';

import { Route, Waypoints } from 'lucide-react';
import Link from 'next/link';
import { askForObject, mapPath } from '#components/explanation/endpoint-question.ts';
import { OutdatedNotice } from '#components/explanation/outdated-notice.tsx';
import { Button } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import { useWorkload } from './use-workload.ts';
import { WorkloadHeader } from './workload-header.tsx';
import { WorkloadFailed, WorkloadWaiting } from './workload-states.tsx';
import { WorkloadTabs } from './workload-tabs.tsx';

/** A workload or pod on its own page. */
export function WorkloadPage({
  cluster,
  workload,
}: {
  readonly cluster: string;
  readonly workload: ObjectRef;
}) {
  const { data, error } = useWorkload(cluster, workload);
  const home = `/c/${encodeURIComponent(cluster)}`;
  return (
    <main className="h-full overflow-y-auto">
      <div className="mx-auto max-w-5xl px-4 pt-5 pb-16 sm:px-6">
        {data === undefined ? (
          error === null ? (
            <WorkloadWaiting />
          ) : (
            <>
              <h1 className="sr-only">{workload.name}</h1>
              <WorkloadFailed
                error={error}
                actions={
                  <Button asChild>
                    <Link href={home}>Open the map</Link>
                  </Button>
                }
              />
            </>
          )
        ) : (
          <>
            <WorkloadHeader
              view={data}
              place="page"
              actions={
                <>
                  <Button size="sm" asChild>
                    <Link
                      href={`${home}/explain?${new URLSearchParams({ from: askForObject(data.ref) })}`}
                    >
                      <Route aria-hidden className="size-3.5" />
                      Explain a connection
                    </Link>
                  </Button>
                  <Button size="sm" asChild>
                    <Link href={mapPath(cluster, [data.owner ?? data.ref]) ?? home}>
                      <Waypoints aria-hidden className="size-3.5" />
                      Open in map
                    </Link>
                  </Button>
                </>
              }
            />
            <div className="mt-5 empty:hidden">
              <OutdatedNotice error={error} />
            </div>
            <Panel className="mt-5 overflow-hidden">
              <WorkloadTabs view={data} place="page" />
            </Panel>
          </>
        )}
      </div>
    </main>
  );
}
