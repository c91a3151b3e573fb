'use client';

import { CircleCheck } from 'lucide-react';
import { useView } from '#components/data/use-view.ts';
import { OutdatedNotice } from '#components/explanation/outdated-notice.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { FindingsView } from '#lib/view/findings-view.ts';
import { formatFindingsQuery } from '#lib/view/query.ts';
import { FindingGroupPanel } from './finding-group.tsx';
import { findingGroups } from './finding-groups.ts';
import { FindingsToolbar } from './findings-toolbar.tsx';
import { type FindingsUrl, useFindingsUrl } from './use-findings-url.ts';
import { useLinkedFinding } from './use-linked-finding.ts';

const MOST = 1000;

/** Mistakes in policies: what the checks found, with the evidence and the fix. */
export function FindingsPage({ cluster }: { readonly cluster: string }) {
  const url = useFindingsUrl();
  const severity = url.severity === 'all' ? null : url.severity;
  const query = formatFindingsQuery({ namespace: url.namespace, severity, limit: MOST });
  const { data, error } = useView<FindingsView>(cluster, `findings?${query}`, {
    keepPrevious: true,
  });
  return (
    <main className="h-full overflow-y-auto">
      <div className="mx-auto max-w-5xl px-4 pt-5 pb-16 sm:px-6">
        <h1 className="font-semibold text-lg">Findings</h1>
        {data !== undefined && (
          <div className="mt-4 flex flex-col gap-4">
            <OutdatedNotice error={error} />
            <FindingsToolbar url={url} counts={data.counts} />
            <Groups cluster={cluster} view={data} url={url} />
            <Limits view={data} />
          </div>
        )}
        {data === undefined && error !== null && (
          <Notice tone="negative" className="mt-4 rounded-lg border">
            {error.message}
          </Notice>
        )}
        {data === undefined && error === null && <Waiting />}
      </div>
    </main>
  );
}

function Groups({
  cluster,
  view,
  url,
}: {
  readonly cluster: string;
  readonly view: FindingsView;
  readonly url: FindingsUrl;
}) {
  const groups = findingGroups(view, url.filter, url.showSuppressed);
  const isThere = groups.length > 0;
  const linked = useLinkedFinding(isThere);
  if (!isThere) {
    const { error, warning, info } = view.counts;
    return (
      <Panel>
        <EmptyState icon={<CircleCheck />} title="Nothing found">
          {error + warning + info === 0
            ? 'None of the checks found a mistake.'
            : 'None of the findings is among those asked for.'}
        </EmptyState>
      </Panel>
    );
  }
  return groups.map((group) => (
    <FindingGroupPanel key={group.check.id} cluster={cluster} group={group} linked={linked} />
  ));
}

/** What the list does not say. */
function Limits({ view }: { readonly view: FindingsView }) {
  const { findings, notRun } = view;
  return (
    <div className="text-muted text-xs">
      {findings.length === MOST && <p>Only the first {MOST} are shown.</p>}
      {notRun.length > 0 && (
        <details>
          <summary className="w-fit cursor-pointer hover:text-text">
            {notRun.length} checks were not run, for want of what they need
          </summary>
          <ul className="mt-1 columns-2 gap-6">
            {notRun.map(({ id, lacks }) => (
              <li key={id}>
                <span className="font-mono">{id}</span> {lacks.join(', ')}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Waiting() {
  return (
    <div role="status" aria-label="The policies are being checked" className="mt-4">
      <Skeleton className="h-8 w-96 max-w-full" />
      <Skeleton className="mt-4 h-40 w-full" />
      <Skeleton className="mt-4 h-40 w-full" />
    </div>
  );
}
