import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { JsonObject } from '#lib/model/json.ts';
import { PROTOBUF } from '#lib/sources/kubernetes-api/protobuf/list-page.ts';

/** What goes wrong instead of the right answer. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly code: number;
      readonly reason?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Any answer at all, to be a broken or hostile server with. */
  | {
      readonly kind: 'raw';
      readonly body: string | Buffer;
      readonly code?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection is reset without an answer. */
  | { readonly kind: 'reset' }
  /** The answer begins, and never goes on. */
  | { readonly kind: 'stall' }
  /** There is never an answer. */
  | { readonly kind: 'hang' };

export function sendJson(
  value: JsonObject,
  message: IncomingMessage,
  response: ServerResponse,
): void {
  const text = JSON.stringify(value);
  // as the real one does: small answers are not worth it
  if (message.headers['accept-encoding'] !== 'gzip' || text.length < 128 * 1024) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    return;
  }
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  response.writeHead(200, headers).end(gzipSync(text, { level: 1 }));
}

export function sendProtobuf(bytes: Buffer, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': PROTOBUF }).end(bytes);
}

export function answerFault(
  fault: Fault,
  message: IncomingMessage,
  response: ServerResponse,
): void {
  switch (fault.kind) {
    case 'status': {
      const { code, reason = '', message: text = '', headers } = fault;
      response.writeHead(code, { 'content-type': 'application/json', ...headers });
      const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure' };
      response.end(JSON.stringify({ ...status, code, reason, message: text }));
      return;
    }
    case 'raw':
      response.writeHead(fault.code ?? 200, fault.headers).end(fault.body);
      return;
    case 'stall':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
      return;
    case 'reset':
      message.socket.resetAndDestroy();
      return;
    case 'hang':
  }
}
