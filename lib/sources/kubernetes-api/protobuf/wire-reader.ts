import { TextCache } from './text-cache.ts';

/** The bytes are not a message of the kind that was expected. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;
/** Nothing that is read is negative or near 2^53. */
const LARGEST_UNIT = 2 ** 56;

/** Strings are mostly those of the object before: names of labels, namespaces, nodes. */
const texts = new TextCache();

/**
 * Reads the protobuf wire format field by field; what nobody asks for is stepped over. Every read is
 * checked against the end of the message it is in, and every one moves on or throws a WireError: bytes
 * of any kind can neither send it in a circle nor past the end.
 */
export class WireReader {
  readonly #bytes: Buffer;
  #at: number;
  #end: number;
  #wire = VARINT;
  /** Where the tag of the last field starts. */
  #tagAt = 0;

  constructor(bytes: Buffer, start = 0) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = bytes.length;
  }

  /** The number of the next field; 0, which no field has, at the end of the message. */
  field(): number {
    if (this.#at >= this.#end) return 0;
    this.#tagAt = this.#at;
    const tag = this.#varint();
    this.#wire = tag & 7;
    const field = Math.floor(tag / 8);
    if (field === 0 || field > 0x1fffffff) throw new WireError('there is no such field');
    return field;
  }

  skip(): void {
    switch (this.#wire) {
      case VARINT:
        this.#varint();
        break;
      case FIXED64:
        this.#step(8);
        break;
      case LENGTH:
        this.#step(this.#varint());
        break;
      case FIXED32:
        this.#step(4);
        break;
      default:
        throw new WireError('groups are not in use');
    }
  }

  text(): string {
    const start = this.#content();
    return texts.text(this.#bytes, start, this.#at);
  }

  /** Of text that is another in every object: keeping it at hand would be in vain. */
  ownText(): string {
    const start = this.#content();
    return this.#bytes.toString('utf8', start, this.#at);
  }

  number(): number {
    this.#expect(VARINT);
    return this.#varint();
  }

  flag(): boolean {
    return this.number() !== 0;
  }

  bytes(): Buffer {
    const start = this.#content();
    return this.#bytes.subarray(start, this.#at);
  }

  /** Goes into the message that the field holds; what is returned has to be given to `leave`. */
  enter(): number {
    const start = this.#content();
    const outer = this.#end;
    this.#end = this.#at;
    this.#at = start;
    return outer;
  }

  /**
   * Goes into the fields of the same number that stand here one after the other, the last one that was
   * read being the first: as into a message of its own, of these fields alone.
   */
  enterRun(): number {
    this.#expect(LENGTH);
    const start = this.#tagAt;
    const tag = this.#bytes[start];
    // of two bytes it would not be recognised by the first
    if (tag === undefined || tag > 0x7f) throw new WireError('runs of such fields are not read');
    for (;;) {
      this.#step(this.#varint());
      if (this.#at >= this.#end || this.#bytes[this.#at] !== tag) break;
      this.#at++;
    }
    const outer = this.#end;
    this.#end = this.#at;
    this.#at = start;
    return outer;
  }

  /** How many bytes are left in the message. */
  get left(): number {
    return this.#end - this.#at;
  }

  /** Whether what is left of the message are these bytes. */
  isLeft(bytes: Buffer, length: number): boolean {
    return length === this.left && this.#bytes.compare(bytes, 0, length, this.#at, this.#end) === 0;
  }

  /** Copies what is left of the message. */
  copyLeft(to: Buffer): void {
    this.#bytes.copy(to, 0, this.#at, this.#end);
  }

  leave(outer: number): void {
    this.#at = this.#end;
    this.#end = outer;
  }

  /** Steps over what the field holds; gives where it starts. It ends where the reader is then. */
  #content(): number {
    this.#expect(LENGTH);
    const length = this.#varint();
    const start = this.#at;
    this.#step(length);
    return start;
  }

  #expect(wire: number): void {
    if (this.#wire !== wire) throw new WireError('a field is of another type');
  }

  #step(length: number): void {
    if (length > this.#end - this.#at) throw new WireError('it ends too early');
    this.#at += length;
  }

  #byte(): number {
    if (this.#at >= this.#end) throw new WireError('it ends too early');
    return this.#bytes[this.#at++] ?? 0;
  }

  #varint(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let unit = 0x80; unit < LARGEST_UNIT; unit *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * unit;
      if (byte < 0x80 && value <= Number.MAX_SAFE_INTEGER) return value;
    }
    throw new WireError('a number is too large');
  }
}
