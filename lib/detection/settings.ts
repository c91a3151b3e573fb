import type { ClusterEvidence } from './cluster-evidence.ts';

/** The settings of one plugin, from one object. */
export interface Settings {
  /** `ConfigMap kube-system/cilium-config` */
  readonly source: string;
  /** Null when the object was not read: then what is not known to be set is not known to be unset. */
  readonly values: ReadonlyMap<string, string> | null;
  /** Why it was not read, as a sentence; null when it was. */
  readonly unread: string | null;
}

/** The object of that kind and name; of others of the same name, in other namespaces, nothing is believed. */
export function settingsOf(
  { configurations, unreadConfigurations }: ClusterEvidence,
  kind: string,
  name: string,
  namespace: string | null,
): Settings {
  const source = `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
  const found = configurations.find(
    (each) => each.kind === kind && each.name === name && each.namespace === namespace,
  );
  if (found !== undefined) return { source, values: found.values, unread: null };
  const why = unreadConfigurations.get(`${kind}/${name}`) ?? 'it is not there';
  return { source, values: null, unread: `${source} could not be read: ${why}.` };
}

/** Whether the list that would hold the object was read, and does not hold it. */
export function isAbsent(
  { unreadConfigurations }: ClusterEvidence,
  kind: string,
  name: string,
): boolean {
  return !unreadConfigurations.has(`${kind}/${name}`);
}
