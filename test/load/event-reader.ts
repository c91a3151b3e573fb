import { type ClientRequest, get, type IncomingMessage } from 'node:http';

export interface ServerEvent {
  readonly name: string;
  /** As it was sent, not parsed. */
  readonly data: string;
}

export interface EventReaderListener {
  event(event: ServerEvent): void;
  /** There is no stream: the answer instead, with status 0 when there was none. */
  refused?(status: number, contentType: string, body: string): void;
  ended?(): void;
}

/** One reader of server-sent events, with a connection of its own. */
export class EventReader {
  readonly #listener: EventReaderListener;
  readonly #request: ClientRequest;
  #response: IncomingMessage | null = null;
  #text = '';
  #bytes = 0;

  constructor(url: string, listener: EventReaderListener) {
    this.#listener = listener;
    this.#request = get(url, { agent: false, headers: { accept: 'text/event-stream' } });
    this.#request.on('error', ({ message }) => {
      if (this.#response === null) listener.refused?.(0, '', message);
    });
    this.#request.on('response', (response) => {
      this.#response = response;
      response.setEncoding('utf8');
      response.on('error', () => {});
      response.on('close', () => listener.ended?.());
      const { statusCode = 0, headers } = response;
      if (statusCode === 200) response.on('data', (chunk: string) => this.#take(chunk));
      else {
        let body = '';
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => {
          listener.refused?.(statusCode, headers['content-type'] ?? '', body);
        });
      }
    });
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** From now on nothing is read, as when a computer sleeps. */
  pause(): void {
    this.#response?.pause();
  }

  resume(): void {
    this.#response?.resume();
  }

  close(): void {
    this.#request.destroy();
  }

  #take(chunk: string): void {
    // what is sent is nearly all ASCII
    this.#bytes += chunk.length;
    this.#text += chunk;
    for (let end = this.#text.indexOf('\n\n'); end !== -1; end = this.#text.indexOf('\n\n')) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/m.exec(this.#text.slice(0, end)) ?? [];
      this.#text = this.#text.slice(end + 2);
      if (name !== undefined) this.#listener.event({ name, data: data ?? '' });
    }
  }
}
