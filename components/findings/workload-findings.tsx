'use client';

import { useView } from '#components/data/use-view.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { refKey } from '#lib/model/object-ref.ts';
import type { FindingsView } from '#lib/view/findings-view.ts';
import { formatFindingsQuery } from '#lib/view/query.ts';
import type { WorkloadView } from '#lib/view/workload-view.ts';
import { FindingItem } from './finding-item.tsx';
import { SeveritySign } from './severity-sign.tsx';

/** What is about a workload or names it; null until it is known. A pod's are its workload's. */
export function useWorkloadFindings({
  cluster,
  ref,
  owner,
}: Pick<WorkloadView, 'cluster' | 'ref' | 'owner'>): FindingsView | null {
  const query = formatFindingsQuery({ about: refKey(owner ?? ref) });
  const { data } = useView<FindingsView>(cluster, `findings?${query}`);
  return data ?? null;
}

/** How many count. */
export function openCount({ counts }: FindingsView): number {
  return counts.error + counts.warning + counts.info;
}

/** The findings of one workload, each under the name of its check. */
export function WorkloadFindings({
  cluster,
  findings,
}: {
  readonly cluster: string;
  readonly findings: FindingsView | null;
}) {
  if (findings === null) return <Skeleton className="m-4 h-16" />;
  if (findings.findings.length === 0)
    return <p className="px-4 py-4 text-muted text-sm">No check found anything about it.</p>;
  const checks = new Map(findings.checks.map((check) => [check.id, check]));
  return (
    <ul>
      {findings.findings.map((finding, index) => (
        <FindingItem
          // biome-ignore lint/suspicious/noArrayIndexKey: two findings may agree in all that is shown.
          key={`${finding.id} ${index}`}
          cluster={cluster}
          finding={finding}
          heading={
            <p className="-ml-7 mb-1 flex items-center gap-3">
              <SeveritySign severity={finding.severity} />
              <span className="font-medium text-sm">{checks.get(finding.id)?.title}</span>
              <span className="font-mono text-faint text-xs">{finding.id}</span>
            </p>
          }
        />
      ))}
    </ul>
  );
}
