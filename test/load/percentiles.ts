/** Samples that are sorted once they are asked about. */
export class Samples {
  readonly #values: number[] = [];
  #sorted: Float64Array | null = null;

  add(value: number): void {
    this.#values.push(value);
    this.#sorted = null;
  }

  get count(): number {
    return this.#values.length;
  }

  /** The least value that a share of the samples (0 to 1) does not exceed; NaN without samples. */
  at(share: number): number {
    this.#sorted ??= Float64Array.from(this.#values).sort();
    const rank = Math.max(1, Math.ceil(share * this.#sorted.length));
    return this.#sorted[rank - 1] ?? Number.NaN;
  }

  get most(): number {
    return this.at(1);
  }
}
