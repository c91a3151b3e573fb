import { type Random, seededRandom } from '#lib/sources/demo/random.ts';

/**
 * A random stream for one thing of a cluster: what is drawn for it depends on nothing else that is
 * generated, so that parts can be made alone, in any order, and twice.
 */
export function streamOf(seed: number, ...path: readonly (string | number)[]): Random {
  let hash = 0x811c9dc5 ^ seed;
  for (const char of path.join('/')) {
    hash ^= char.charCodeAt(0);
    hash = Math.imul(hash, 0x01000193);
  }
  return seededRandom(hash);
}

/** A whole number from `first` to `last`. */
export function between(random: Random, first: number, last: number): number {
  return first + Math.floor(random() * (last - first + 1));
}

export function chance(random: Random, share: number): boolean {
  return random() < share;
}

/** One of the items, each as often as its weight says; throws on an empty list. */
export function weighted<T>(random: Random, items: readonly (readonly [weight: number, T])[]): T {
  let rest = random() * items.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, item] of items) {
    rest -= weight;
    if (rest < 0) return item;
  }
  const last = items.at(-1);
  if (last === undefined) throw new Error('nothing to choose from');
  return last[1];
}

/** Shares a whole number out by weights: whole parts that sum up to it. */
export function shareOut(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  let before = 0;
  let given = 0;
  return weights.map((weight) => {
    before += weight;
    const upTo = sum === 0 ? 0 : Math.round((total * before) / sum);
    const part = upTo - given;
    given = upTo;
    return part;
  });
}

const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

/** As Kubernetes makes the ends of names. */
export function suffix(random: Random, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += SAFE[Math.floor(random() * SAFE.length)];
  return text;
}
