import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_TYPE, problemDocument } from './problem-document.ts';
import { DATA_POLICY, NOT_STORED, securityHeaders } from './security-headers.ts';

/** Requests that Node's parser refuses never become requests; they get their answer here. */

const ANSWERS: ReadonlyMap<string, readonly [status: number, code: string, detail: string]> =
  new Map([
    ['HPE_HEADER_OVERFLOW', [431, 'E_HEADERS', 'The headers are too large.']],
    ['HPE_INVALID_METHOD', [405, 'E_METHOD', 'This method is not known here.']],
    ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'E_TIMEOUT', 'The request did not arrive in time.']],
  ]);

/** For `clientError` of a server: answers with a problem document and closes. */
export function answerParseError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, detail] = ANSWERS.get(error.code ?? '') ?? [
    400,
    'E_REQUEST',
    'The request is malformed.',
  ];
  const body = JSON.stringify(problemDocument(status, code, detail));
  const headers = {
    ...securityHeaders('/api', DATA_POLICY),
    'Cache-Control': NOT_STORED,
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': Buffer.byteLength(body),
    ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}
