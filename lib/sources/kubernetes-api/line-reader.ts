import { Failure } from './failure.ts';

/** No object in etcd is larger than 1.5 MiB; a longer line comes from something else (R11). */
const LONGEST_LINE = 8 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The complete lines of a stream, those that arrived together in one piece. Blank lines are left
 * out. Throws a Failure `malformed` for a line over the limit, before it is held in whole, and
 * `truncated` when the stream ends inside a line.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  longestLine = LONGEST_LINE,
): AsyncGenerator<readonly string[]> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    const lines: string[] = [];
    let start = 0;
    let end = chunk.indexOf(NEWLINE);
    while (end !== -1) {
      parts.push(chunk.subarray(start, end));
      const line = decode(parts, held + end - start, longestLine);
      if (line.trim() !== '') lines.push(line);
      parts = [];
      held = 0;
      start = end + 1;
      end = chunk.indexOf(NEWLINE, start);
    }
    if (start < chunk.length) {
      parts.push(chunk.subarray(start));
      held += chunk.length - start;
      assertShort(held, longestLine);
    }
    if (lines.length > 0) yield lines;
  }
  if (held > 0) throw new Failure({ kind: 'truncated' }, 'the watch ended inside an event');
}

const utf8 = new TextDecoder();

function decode(parts: readonly Uint8Array[], length: number, longestLine: number): string {
  assertShort(length, longestLine);
  const [only] = parts;
  return utf8.decode(parts.length === 1 ? only : Buffer.concat(parts, length));
}

function assertShort(length: number, longestLine: number): void {
  if (length > longestLine) {
    throw new Failure({ kind: 'malformed' }, `the watch sent a line over ${longestLine} bytes`);
  }
}
