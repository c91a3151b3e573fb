/** Labels of an object. A Map, because `constructor` and `toString` are legal label keys. */
export type Labels = ReadonlyMap<string, string>;

/** The label every Namespace carries with its own name (SEL-12). */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

/** kubectl's copy of the manifest it applied, before the API server filled its fields in. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** One value for all objects without any, for they are many. */
export const NO_LABELS: Labels = new Map();

type Entries = readonly (readonly [string, string])[];

const SLOTS = 8192;

/**
 * Gives equal labels as the same Map wherever it can: the pods of a workload repeat theirs, and so
 * do namespaces made from one template. It compares with the labels given last, which are mostly those
 * of a sibling, and then with those in one of a fixed number of places, which a later set takes over:
 * it never grows, however many pods come and go. No answer may depend on two Maps being one.
 */
export class LabelSets {
  #last: Labels = NO_LABELS;
  readonly #slots: Labels[] = new Array<Labels>(SLOTS).fill(NO_LABELS);

  /** The order of the keys is kept. */
  of(entries: Entries): Labels {
    if (entries.length === 0) return NO_LABELS;
    if (!isWritten(entries, this.#last)) this.#last = this.#known(entries);
    return this.#last;
  }

  #known(entries: Entries): Labels {
    const slot = hashOf(entries) & (SLOTS - 1);
    const known = this.#slots[slot];
    if (known !== undefined && isWritten(entries, known)) return known;
    const labels = new Map(entries);
    this.#slots[slot] = labels;
    return labels;
  }
}

/** Of the ends of the values: sets differ in numbers and hashes there, if anywhere. */
function hashOf(entries: Entries): number {
  let hash = entries.length;
  for (const [key, value] of entries) {
    hash = Math.imul(hash, 31) + key.length * 7 + value.length;
    for (let i = Math.max(0, value.length - 6); i < value.length; i++)
      hash = Math.imul(hash, 31) + value.charCodeAt(i);
  }
  return hash ^ (hash >>> 15);
}

function isWritten(entries: Entries, labels: Labels): boolean {
  if (entries.length !== labels.size) return false;
  let at = 0;
  for (const [key, value] of labels) {
    const entry = entries[at++];
    if (entry?.[0] !== key || entry[1] !== value) return false;
  }
  return true;
}
