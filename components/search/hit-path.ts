import { workloadPath } from '#components/explanation/endpoint-question.ts';
import { refKey } from '#lib/model/object-ref.ts';
import type { SearchHit } from '#lib/view/search-view.ts';

/**
 * Where a hit is shown. A workload is selected on the map of its namespace; a pod has a page; what
 * has neither, a service or a policy, leads to its namespace.
 */
export function hitPath(cluster: string, { kind, ref }: SearchHit): string {
  const map = `/c/${encodeURIComponent(cluster)}`;
  const inNamespace = (name: string) => `${map}/ns/${encodeURIComponent(name)}`;
  switch (kind) {
    case 'namespace':
      return inNamespace(ref.name);
    case 'workload':
      return `${inNamespace(ref.namespace ?? '')}?${new URLSearchParams({ sel: refKey(ref) })}`;
    case 'pod':
      return workloadPath(cluster, ref);
    case 'service':
    case 'node':
    case 'policy':
      return ref.namespace === null ? map : inNamespace(ref.namespace);
  }
}
