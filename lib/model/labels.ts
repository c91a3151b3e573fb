/** Labels of an object. A Map, because `constructor` and `toString` are legal label keys. */
export type Labels = ReadonlyMap<string, string>;

/** The label every Namespace carries with its own name (SEL-12). */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

/** kubectl's copy of the manifest it applied, before the API server filled its fields in. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** One value for all objects without any, for they are many. */
export const NO_LABELS: Labels = new Map();

/** So many sets of labels are looked for; those of the largest supported clusters are fewer. */
const GENERATION = 16_384;

/**
 * Gives equal labels as the same Map wherever it can: the pods of a workload repeat theirs, and so
 * do namespaces made from one template. It compares with the labels given last, which are mostly those
 * of a sibling, and then with those of two generations: a set that nobody asked for while a generation
 * filled up is forgotten, so that pods which came and went leave nothing behind. Forgetting costs
 * memory and nothing else: no answer may depend on two Maps being one.
 */
export class LabelSets {
  #last: Labels = NO_LABELS;
  #young = new Map<string, Labels>();
  #old = new Map<string, Labels>();

  /** The order of the keys is kept. */
  of(entries: readonly (readonly [string, string])[]): Labels {
    if (entries.length === 0) return NO_LABELS;
    if (!isWritten(entries, this.#last)) this.#last = this.#known(entries);
    return this.#last;
  }

  #known(entries: readonly (readonly [string, string])[]): Labels {
    // No key or value of a label holds the character between them, and if one did it would be compared.
    const key = entries.flat().join('\0');
    const known = this.#young.get(key) ?? this.#old.get(key);
    const labels = known !== undefined && isWritten(entries, known) ? known : new Map(entries);
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, labels);
    return labels;
  }
}

function isWritten(entries: readonly (readonly [string, string])[], labels: Labels): boolean {
  if (entries.length !== labels.size) return false;
  let at = 0;
  for (const [key, value] of labels) {
    const entry = entries[at++];
    if (entry?.[0] !== key || entry[1] !== value) return false;
  }
  return true;
}
