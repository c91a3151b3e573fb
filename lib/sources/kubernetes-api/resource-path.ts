import type { Resource } from '#lib/model/resource.ts';

/** `/apis/networking.k8s.io/v1`: where a group and version are served. */
export function groupPath(resource: Resource): string {
  return resource.group === ''
    ? `/api/${resource.version}`
    : `/apis/${resource.group}/${resource.version}`;
}

/** The path of a resource's list, of the whole cluster (null) or of one namespace. */
export function listPath(resource: Resource, namespace: string | null): string {
  const within = namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${groupPath(resource)}${within}/${resource.plural}`;
}

/** What a list or watch of the resource asks for beyond its path. */
export function selection({ only }: Resource): { readonly fieldSelector?: string } {
  return only === undefined ? {} : { fieldSelector: `metadata.name=${only}` };
}

/** What objects of the resource carry as `apiVersion`. */
export function apiVersion(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}
