import { connect } from 'node:net';

/** What a server wrote on a connection until it closed it, and how long that took. */
export interface RawAnswer {
  readonly text: string;
  /** Of the first answer; 0 when there was none. */
  readonly status: number;
  readonly milliseconds: number;
}

/**
 * Writes bytes as they are, past every HTTP client's politeness, each piece when it is there, and
 * waits for the server to close.
 */
export function rawRequest(
  port: number,
  ...pieces: readonly (string | Promise<string>)[]
): Promise<RawAnswer> {
  const start = performance.now();
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', async () => {
      for (const piece of pieces) socket.write(await piece);
    });
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (data: string) => {
      text += data;
    });
    // A server that closes while we still write may reset the connection: the answer is what came.
    socket.on('error', () => {});
    socket.on('close', () => {
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
      resolve({ text, status, milliseconds: performance.now() - start });
    });
  });
}
