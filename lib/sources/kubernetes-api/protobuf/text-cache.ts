/** Longer text than this is rarely the same twice. */
const LONGEST = 96;
const SLOTS = 8192;

/**
 * Gives text that was read not long ago as the string that was made then: a hash decides where it is
 * looked for, and it is compared, so that nothing but time depends on it. It never grows.
 */
export class TextCache {
  readonly #slots: string[] = new Array<string>(SLOTS).fill('');

  /** The UTF-8 text of these bytes. */
  text(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return '';
    if (length > LONGEST) return bytes.toString('utf8', start, end);
    let hash = length;
    let every = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      hash = (Math.imul(hash, 31) + byte) | 0;
      every |= byte;
    }
    // Beyond ASCII a byte is no character.
    if (every > 0x7f) return bytes.toString('utf8', start, end);
    const slot = (hash ^ (hash >>> 13)) & (SLOTS - 1);
    const known = this.#slots[slot] ?? '';
    if (known.length === length && isWritten(known, bytes, start)) return known;
    const text = bytes.toString('latin1', start, end);
    this.#slots[slot] = text;
    return text;
  }
}

function isWritten(text: string, bytes: Buffer, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
