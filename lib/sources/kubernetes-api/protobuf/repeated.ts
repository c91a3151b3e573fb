import type { WireReader } from './wire-reader.ts';

/** Longer runs are rare, and comparing them gains little. */
const LONGEST = 2048;

/**
 * A field that occurs several times and mostly says the same in one object after the other: labels,
 * owners, ports. Bytes that are those of the last time are not read again; what they were read as is
 * given again, frozen, so that it can be recognised and is never changed under somebody's feet.
 */
export class Repeated<T extends object> {
  readonly #read: (reader: WireReader) => T;
  readonly #bytes = Buffer.alloc(LONGEST);
  #length = -1;
  #value: T | null = null;

  /** `read` is given the fields as a message of their own. */
  constructor(read: (reader: WireReader) => T) {
    this.#read = read;
  }

  /** Reads the run that starts with the field the reader is at. */
  read(reader: WireReader): T {
    const outer = reader.enterRun();
    const value =
      this.#value !== null && reader.isLeft(this.#bytes, this.#length)
        ? this.#value
        : this.#readAnew(reader);
    reader.leave(outer);
    return value;
  }

  #readAnew(reader: WireReader): T {
    const length = reader.left;
    // nothing is remembered of what fails half-way
    this.#value = null;
    if (length <= LONGEST) reader.copyLeft(this.#bytes);
    const value = Object.freeze(this.#read(reader));
    if (length <= LONGEST) {
      this.#length = length;
      this.#value = value;
    }
    return value;
  }
}
