/** The map of one namespace. */
export function namespacePath(cluster: string, namespace: string): string {
  return `/c/${encodeURIComponent(cluster)}/ns/${encodeURIComponent(namespace)}`;
}
