'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import type { RequestFailed } from '#components/data/fetch-json.ts';
import { useView } from '#components/data/use-view.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import type { WorkloadView } from '#lib/view/workload-view.ts';

/** A workload or pod with all that may come in and go out; read again when the cluster changed. */
export function useWorkload(
  cluster: string,
  { namespace, kind, name }: ObjectRef,
): UseQueryResult<WorkloadView, RequestFailed> {
  const steps = ['workloads', namespace ?? '', kind.toLowerCase(), name];
  return useView<WorkloadView>(cluster, steps.map(encodeURIComponent).join('/'));
}
