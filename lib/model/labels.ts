/** Labels of an object. A Map, because `constructor` and `toString` are legal label keys. */
export type Labels = ReadonlyMap<string, string>;

/** The label every Namespace carries with its own name (SEL-12). */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

/** kubectl's copy of the manifest it applied, before the API server filled its fields in. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
