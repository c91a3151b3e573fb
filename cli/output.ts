import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** What a command reads from and writes to. */
export interface Streams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/**
 * Text with nothing in it that a terminal obeys: names come from files and clusters, and may hold
 * escape sequences or turn the reading direction around (A23).
 */
export function printable(text: string): string {
  return text.replaceAll(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be shown.
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const CHUNK = 64 * 1024;

/**
 * Writes pieces as they are made, no faster than the reader takes them. Whoever reads no further,
 * as `head` does, ends the writing and is no error.
 */
export async function writeAll(stream: Writable, pieces: Iterable<string>): Promise<void> {
  const failures: NodeJS.ErrnoException[] = [];
  stream.on('error', (error) => failures.push(error));
  const flush = async (chunk: string) => {
    const full = !stream.write(chunk);
    // An error ends the waiting as well; once() would throw it here, EPIPE included.
    if (full) await once(stream, 'drain').catch(() => {});
  };
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    await flush(chunk);
    if (failures.length > 0) break;
    chunk = '';
  }
  if (failures.length === 0) await flush(chunk);
  const failure = failures.find(({ code }) => code !== 'EPIPE');
  if (failure !== undefined) throw failure;
}
