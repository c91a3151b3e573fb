import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { createFanOut } from './fan-out.ts';
import type { Refusal } from './request-checks.ts';

/**
 * Server-sent events: `summary` with a ClusterSummary when a cluster's revision or freshness
 * changes, and once at the start. A client that lost the connection needs no replay, because every
 * message is the whole summary; Last-Event-ID is therefore ignored. A stream may follow a view as well
 * (followed-views.ts): `view` says which it is now, and `delta` how it changes. `resync` says that this reader
 * was too slow and should come back, `bye` that the server is going.
 */

export interface StreamLimits {
  readonly total: number;
  /** Behind a proxy all viewers share its address: raise it there. */
  readonly perAddress: number;
  /** A reader that lets more than this pile up is dropped. */
  readonly backlogBytes: number;
  readonly lifetimeMs: number;
  /** Proxies cut connections that are silent for a minute. */
  readonly heartbeatMs: number;
  /** Between two summaries of one cluster, however often it changes. */
  readonly intervalMs: number;
  /** To all readers together; where summaries are long and readers many, they hear less often. */
  readonly bytesPerSecond: number;
  /** How long a dropped reader may take over what is still on its way. */
  readonly graceMs: number;
}

export const STREAM_LIMITS: StreamLimits = {
  total: 2000,
  perAddress: 50,
  backlogBytes: 1024 * 1024,
  lifetimeMs: 30 * 60_000,
  heartbeatMs: 15_000,
  intervalMs: 250,
  bytesPerSecond: 50_000_000,
  graceMs: 1000,
};

export interface EventStreams {
  /** Answers with a stream of one cluster's events, or of all (null); else says why not. */
  open(
    request: IncomingMessage,
    response: ServerResponse,
    cluster: string | null,
    first: readonly ClusterSummary[],
    follow?: Follow,
  ): Refusal | null;
  publish(summary: ClusterSummary): void;
  readonly size: number;
  /** Says bye to everyone, opens no more, and leaves no timer. */
  close(): void;
}

/** Starts to send the events of a view; gives the way to end it. */
export type Follow = (send: (event: Buffer) => void) => () => void;

interface Stream {
  readonly response: ServerResponse;
  readonly cluster: string | null;
  readonly address: string;
}

const HEARTBEAT = Buffer.from(': heartbeat\n\n');
const RESYNC = event('resync', {});

/** One JSON line per event: nothing in a cluster can end a line and start an event of its own. */
export function event(name: string, data: unknown): Buffer {
  return writtenEvent(name, Buffer.from(JSON.stringify(data)));
}

/** An event whose data is JSON already. */
export function writtenEvent(name: string, json: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`event: ${name}\ndata: `), json, Buffer.from('\n\n')]);
}

/** Spread out, so that viewers who lose a server together do not come back together. */
function retry(): string {
  return `retry: ${Math.round(1000 + Math.random() * 4000)}\n\n`;
}

export function createEventStreams(limits: StreamLimits = STREAM_LIMITS): EventStreams {
  const streams = new Set<Stream>();
  /** Per cluster: null while its interval runs, the newest summary that came meanwhile. */
  const waiting = new Map<string, ClusterSummary | null>();
  const timers = new Set<NodeJS.Timeout>();
  const fanOut = createFanOut();
  let closed = false;

  const heartbeat = setInterval(() => void sendAll(HEARTBEAT, () => true), limits.heartbeatMs);
  heartbeat.unref();

  function later(milliseconds: number, call: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      timers.delete(timer);
      call();
    }, milliseconds);
    timer.unref();
    timers.add(timer);
    return timer;
  }

  function cancel(timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    timers.delete(timer);
  }

  function sendAll(message: Buffer, wanted: (stream: Stream) => boolean): Promise<void> {
    const readers = [...streams].filter(wanted);
    return fanOut(
      message,
      readers.map((stream) => (each: Buffer) => send(stream, each)),
    );
  }

  function send(stream: Stream, message: Buffer): void {
    if (!streams.has(stream)) return;
    stream.response.write(message);
    if (stream.response.writableLength > limits.backlogBytes) end(stream, RESYNC);
  }

  /** The socket of a reader that does not read never finishes by itself. */
  function end(stream: Stream, last: Buffer): void {
    streams.delete(stream);
    stream.response.end(last);
    const { socket } = stream.response;
    later(limits.graceMs, () => socket?.destroy());
  }

  async function announce(summary: ClusterSummary): Promise<void> {
    waiting.set(summary.name, null);
    const message = event('summary', summary);
    await sendAll(message, ({ cluster }) => cluster === null || cluster === summary.name);
    if (closed) return;
    const pause = ((message.length * streams.size) / limits.bytesPerSecond) * 1000;
    later(Math.max(limits.intervalMs, pause), () => {
      const newest = waiting.get(summary.name);
      waiting.delete(summary.name);
      if (newest) void announce(newest);
    });
  }

  function refusal(address: string): Refusal | null {
    const headers = { 'Retry-After': '10' };
    if (closed)
      return { status: 503, code: 'E_CLOSING', detail: 'The server is stopping.', headers };
    if (streams.size >= limits.total) {
      return {
        status: 503,
        code: 'E_STREAMS',
        detail: 'Too many event streams are open.',
        headers,
      };
    }
    const mine = [...streams].filter((stream) => stream.address === address).length;
    if (mine < limits.perAddress) return null;
    const detail = `At most ${limits.perAddress} event streams per address.`;
    return { status: 429, code: 'E_STREAMS', detail, headers };
  }

  return {
    open(request, response, cluster, first, follow) {
      const address = request.socket.remoteAddress ?? '';
      const refused = refusal(address);
      if (refused !== null) return refused;
      response.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        // The socket is the stream's own, so that ending one ends the other.
        Connection: 'close',
        // Proxies that gather answers (nginx) are asked not to.
        'X-Accel-Buffering': 'no',
      });
      const stream: Stream = { response, cluster, address };
      streams.add(stream);
      const lifetime = later(limits.lifetimeMs, () => end(stream, Buffer.from(retry())));
      response.once('close', () => {
        cancel(lifetime);
        streams.delete(stream);
      });
      response.write(retry());
      for (const summary of first) response.write(event('summary', summary));
      const unfollow = follow?.((message) => send(stream, message));
      if (unfollow !== undefined) response.once('close', unfollow);
      return null;
    },
    publish(summary) {
      if (closed) return;
      if (waiting.has(summary.name)) waiting.set(summary.name, summary);
      else void announce(summary);
    },
    get size() {
      return streams.size;
    },
    close() {
      closed = true;
      clearInterval(heartbeat);
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      for (const stream of streams) end(stream, Buffer.from(`event: bye\ndata: {}\n${retry()}`));
    },
  };
}
