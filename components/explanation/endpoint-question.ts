import { type ObjectRef, refKey } from '#lib/model/object-ref.ts';
import { type ExplainQuery, formatExplainQuery } from '#lib/view/query.ts';
import type { EndpointView } from '#lib/view/workload-view.ts';

/** Questions about connections, as text that a person could have typed and as addresses of pages. */

/** `shop/deployment/web`: with its kind, so that it never means another object of that name. */
export function askForObject({ kind, namespace, name }: ObjectRef): string {
  if (kind === 'Service') return `svc/${namespace}/${name}`;
  if (namespace === null) return `${kind.toLowerCase()}/${name}`;
  return `${namespace}/${kind.toLowerCase()}/${name}`;
}

/** The text that asks for this end again. */
export function askForEndpoint(endpoint: EndpointView): string {
  switch (endpoint.kind) {
    case 'workload':
    case 'pod':
      return askForObject(endpoint.ref);
    case 'node':
      return endpoint.address;
    case 'addresses':
      // Any address of the range gets the same answer.
      return endpoint.first;
  }
}

/** The page that explains a connection. */
export function explainPath(cluster: string, query: ExplainQuery): string {
  return `/c/${encodeURIComponent(cluster)}/explain?${formatExplainQuery(query)}`;
}

/** The page of a workload or pod. */
export function workloadPath(cluster: string, { kind, namespace, name }: ObjectRef): string {
  const steps = ['c', cluster, 'ns', namespace ?? '', kind.toLowerCase(), name];
  return `/${steps.map(encodeURIComponent).join('/')}`;
}

/** The map with these workloads' namespaces opened and the first of them selected; null without any. */
export function mapPath(cluster: string, workloads: readonly ObjectRef[]): string | null {
  const [first] = workloads;
  if (first === undefined) return null;
  const namespaces = new Set(workloads.flatMap(({ namespace }) => namespace ?? []));
  const query = new URLSearchParams({ sel: refKey(first), expanded: [...namespaces].join(',') });
  return `/c/${encodeURIComponent(cluster)}?${query}`;
}

/** The workload that an end belongs to; null for what is not a pod. */
export function workloadOf(endpoint: EndpointView): ObjectRef | null {
  switch (endpoint.kind) {
    case 'workload':
      return endpoint.ref;
    case 'pod':
      return endpoint.workload;
    case 'node':
    case 'addresses':
      return null;
  }
}

/** The page of an end, where it has one. */
export function endpointPath(cluster: string, endpoint: EndpointView): string | null {
  switch (endpoint.kind) {
    case 'workload':
    case 'pod':
      return workloadPath(cluster, endpoint.ref);
    case 'node':
    case 'addresses':
      return null;
  }
}
