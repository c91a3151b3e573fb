import { isEmptyPorts } from '#lib/model/port-set.ts';
import type { PodGroup } from './endpoint.ts';
import { intersectBounds, type PortBounds } from './rule-ports.ts';
import type { BoundsNumbers } from './side-rows.ts';

/** Sums of pairs of pods by what passes between them. */

/** Ordered pairs of different pods; a template counts for its replicas. */
export interface PairCount {
  /** All there are. */
  readonly pairs: number;
  /** On some port, surely. */
  readonly allowed: number;
  /** Perhaps on some port, and surely on none. */
  readonly unknown: number;
}

export interface AllowedPairs extends PairCount {
  /** By namespace of the source. */
  readonly from: ReadonlyMap<string, PairCount>;
  /** By namespace of the destination. */
  readonly to: ReadonlyMap<string, PairCount>;
}

export type Verdict = 0 | 1 | 2;
const NOTHING: Verdict = 0;
const UNKNOWN: Verdict = 1;
const ALLOWED: Verdict = 2;

export function verdictOf({ sure, atMost }: PortBounds): Verdict {
  return !isEmptyPorts(sure) ? ALLOWED : isEmptyPorts(atMost) ? NOTHING : UNKNOWN;
}

/** Verdicts of two sides together, found once for each two numbers of bounds. */
export class Verdicts {
  readonly #numbers: BoundsNumbers;
  readonly #found: Uint8Array[] = [];

  constructor(numbers: BoundsNumbers) {
    this.#numbers = numbers;
  }

  of(egress: number, ingress: number): Verdict {
    let row = this.#found[egress];
    if (row === undefined || ingress >= row.length) {
      const wider = new Uint8Array(Math.max(64, 2 * ingress));
      if (row !== undefined) wider.set(row);
      row = wider;
      this.#found[egress] = row;
    }
    // One more than the verdict; 0 where it is not known yet.
    const known = row[ingress] ?? 0;
    if (known !== 0) return (known - 1) as Verdict;
    const verdict = verdictOf(
      intersectBounds(this.#numbers.boundsOf(egress), this.#numbers.boundsOf(ingress)),
    );
    row[ingress] = verdict + 1;
    return verdict;
  }
}

/** Sums of pairs by namespace of either end. */
export class Tally {
  readonly #namespaces: readonly string[];
  readonly #at: Int32Array;
  readonly #from: readonly Float64Array[];
  readonly #to: readonly Float64Array[];

  constructor(groups: readonly PodGroup[]) {
    const names = new Map<string, number>();
    this.#at = Int32Array.from(groups, ({ namespace: { name } }) => {
      const known = names.get(name) ?? names.size;
      names.set(name, known);
      return known;
    });
    this.#namespaces = [...names.keys()];
    const sums = () => [NOTHING, UNKNOWN, ALLOWED].map(() => new Float64Array(names.size));
    this.#from = sums();
    this.#to = sums();
  }

  add(source: number, destination: number, verdict: Verdict, pairs: number): void {
    this.addFrom(source, verdict, pairs);
    this.addTo(destination, verdict, pairs);
  }

  addFrom(source: number, verdict: Verdict, pairs: number): void {
    increase(this.#from[verdict], this.#at[source] ?? 0, pairs);
  }

  addTo(destination: number, verdict: Verdict, pairs: number): void {
    increase(this.#to[verdict], this.#at[destination] ?? 0, pairs);
  }

  result(): AllowedPairs {
    const counts = ([nothing, unknown, allowed]: readonly Float64Array[]) =>
      this.#namespaces.map((name, i): readonly [string, PairCount] => {
        const [none = 0, perhaps = 0, surely = 0] = [nothing?.[i], unknown?.[i], allowed?.[i]];
        return [name, { pairs: none + perhaps + surely, allowed: surely, unknown: perhaps }];
      });
    const from = counts(this.#from);
    const sum = (key: keyof PairCount) => from.reduce((all, [, count]) => all + count[key], 0);
    return {
      pairs: sum('pairs'),
      allowed: sum('allowed'),
      unknown: sum('unknown'),
      from: new Map(from),
      to: new Map(counts(this.#to)),
    };
  }
}

function increase(sums: Float64Array | undefined, at: number, by: number): void {
  if (sums !== undefined) sums[at] = (sums[at] ?? 0) + by;
}
