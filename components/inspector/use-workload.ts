'use client';

import { type UseQueryResult, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import type { RequestFailed } from '#components/data/fetch-json.ts';
import { useView } from '#components/data/use-view.ts';
import { viewQuery } from '#components/data/view-query.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import type { WorkloadView } from '#lib/view/workload-view.ts';

/** Its address among the views of a cluster. */
export function workloadPath({ namespace, kind, name }: ObjectRef): string {
  const steps = ['workloads', namespace ?? '', kind.toLowerCase(), name];
  return steps.map(encodeURIComponent).join('/');
}

/** A workload or pod with all that may come in and go out; read again when the cluster changed. */
export function useWorkload(
  cluster: string,
  workload: ObjectRef,
): UseQueryResult<WorkloadView, RequestFailed> {
  return useView<WorkloadView>(cluster, workloadPath(workload));
}

/** Who points at something for so long may mean it. */
const DWELL_MS = 70;

/**
 * Reads a workload ahead, when somebody points at it, so that its panel opens with the click. Null
 * when nothing is pointed at any more; `now` when it is as good as chosen.
 */
export function usePrefetchWorkload(
  cluster: string,
): (workload: ObjectRef | null, now?: 'now') => void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(
    (workload, now) => {
      clearTimeout(timer.current);
      if (workload === null) return;
      const read = () =>
        void queries.prefetchQuery(viewQuery<WorkloadView>(cluster, workloadPath(workload)));
      if (now) read();
      else timer.current = setTimeout(read, DWELL_MS);
    },
    [cluster, queries],
  );
}
