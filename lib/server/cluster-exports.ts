import { setImmediate } from 'node:timers/promises';
import { writtenConnections } from '#lib/view/written-connections.ts';
import type { Picture } from './picture.ts';
import type { Export, Refused } from './question.ts';

/** An export that is read piece by piece, of one picture from the first to the last. */
export interface OpenedExport {
  readonly kind: 'opened';
  readonly revision: number;
  /** ISO 8601. */
  readonly readAt: string;
  /** The next bytes; null after the last. Rejects when it was cut short. */
  next(): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Lets go of it; harmless afterwards. */
  cancel(): void;
}

const PIECE_BYTES = 64 * 1024;
/** After so long others are answered before it goes on. */
const SLICE_MS = 15;
/** Each holds a whole picture of the cluster while it is read. */
const MOST_OPEN = 4;
/** Whoever takes nothing for so long has gone. */
const IDLE_MS = 60_000;

function linesOf({ connectivity }: Picture, { format }: Export): Iterable<string> {
  return writtenConnections(connectivity, format);
}

/** Exports of the newest picture, which `newest` gives or throws NotReady. */
export function createExports(newest: () => Picture) {
  let open = 0;

  return (asked: Export): OpenedExport | Refused => {
    if (open >= MOST_OPEN) {
      return { kind: 'busy', message: `At most ${MOST_OPEN} exports of a cluster at once.` };
    }
    const picture = newest();
    let lines: Iterator<string> | null = linesOf(picture, asked)[Symbol.iterator]();
    let idle: NodeJS.Timeout | undefined;
    let ended = false;
    open++;

    function end(): void {
      clearTimeout(idle);
      if (lines !== null) open--;
      lines = null;
    }

    async function piece(): Promise<Uint8Array<ArrayBuffer> | null> {
      let text = '';
      let since = performance.now();
      while (lines !== null && text.length < PIECE_BYTES) {
        const line = lines.next();
        if (line.done) {
          ended = true;
          end();
        } else text += line.value;
        if (performance.now() - since < SLICE_MS) continue;
        await setImmediate();
        since = performance.now();
      }
      if (lines === null && !ended) throw new Error('the export was cut short');
      return text === '' ? null : new Uint8Array(Buffer.from(text));
    }

    const waitOn = () => {
      idle = setTimeout(end, IDLE_MS);
      idle.unref();
    };
    waitOn();
    return {
      kind: 'opened',
      revision: picture.revision,
      readAt: picture.readAt,
      async next() {
        clearTimeout(idle);
        const bytes = await piece();
        if (lines !== null) waitOn();
        return bytes;
      },
      cancel: end,
    };
  };
}
