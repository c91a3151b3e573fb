import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { InvalidQuery } from '#lib/view/query-schema.ts';
import { type Application, BadRequest, NotFound } from './application.ts';
import { readEventQuery } from './event-query.ts';
import { createEventStreams, STREAM_LIMITS, type StreamLimits } from './event-streams.ts';
import { createFollowedViews } from './followed-views.ts';
import type { Log } from './log.ts';
import { answerParseError } from './parse-errors.ts';
import { PROBLEM_TYPE, problemDocument, scrap } from './problem-document.ts';
import { pathOf, type Refusal, type RequestRules, refuse } from './request-checks.ts';
import { createNonce, pagePolicy, securityHeaders } from './security-headers.ts';

/**
 * The edge: everything that reaches Sightline passes here first. It checks, sets the headers of
 * every answer, answers health and event streams itself, and hands the rest on (ADR 2).
 */

/** Pages and data; Next in the product. */
export type Pages = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface EdgeOptions {
  readonly rules: RequestRules;
  readonly pages: Pages;
  readonly application: Application;
  readonly log: Log;
  readonly streams?: StreamLimits;
}

export interface Edge {
  readonly server: Server;
  /** From now on not ready; every stream is told bye, and who only connected is let go. What runs may finish. */
  drain(): void;
}

/** Whole headers within this; Node looks every CHECK_MS. Together under ten seconds. */
const HEADERS_MS = 5000;
const REQUEST_MS = 30_000;
const CHECK_MS = 1000;
/** Longer than the minute that proxies keep a connection, so that they never use one we just closed. */
const KEEP_ALIVE_MS = 65_000;
const HEADER_BYTES = 16 * 1024;

export function createEdge({ rules, pages, application, log, streams }: EdgeOptions): Edge {
  const events = createEventStreams(streams ?? STREAM_LIMITS);
  const views = createFollowedViews(application);
  const unsubscribe = application.subscribe((summary) => events.publish(summary));
  let draining = false;

  const server = createServer(
    {
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: HEADER_BYTES,
      // We answer a missing Host ourselves, as a problem document.
      requireHostHeader: false,
    },
    (request, response) => {
      handle(request, response).catch((error: unknown) => fail(request, response, error));
    },
  );
  server.on('clientError', answerParseError);
  // Browsers connect ahead; Node takes a connection that was never used for one that is at work.
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('connect', (_request, socket) => {
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD\r\nConnection: close\r\n\r\n');
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = randomUUID();
    const path = pathOf(request.url ?? '');
    const policy = pagePolicy(createNonce());
    for (const [name, value] of Object.entries(securityHeaders(path, policy))) {
      if (value !== undefined) response.setHeader(name, value);
    }
    response.setHeader('X-Request-Id', id);
    if (draining) response.setHeader('Connection', 'close');
    logWhenDone(request, response, id);
    const refusal = refuse(request, rules);
    if (refusal !== null) return sendRefusal(request, response, refusal);
    if (path === '/api/health') return sendJson(request, response, 200, { status: 'ok' });
    if (path === '/api/ready') return ready(request, response);
    if (path === '/api/events') return openEvents(request, response);
    // Next takes the nonce from the policy on the request; what a client wrote there is replaced.
    request.headers['content-security-policy'] = policy;
    delete request.headers['content-security-policy-report-only'];
    request.headers['x-request-id'] = id;
    writeSingleValues(response);
    await pages(request, response);
  }

  function ready(request: IncomingMessage, response: ServerResponse): void {
    if (draining) {
      const detail = 'The server is stopping.';
      sendRefusal(request, response, { status: 503, code: 'E_CLOSING', detail });
    } else sendJson(request, response, 200, { status: 'ready' });
  }

  function openEvents(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET') {
      const detail = 'Event streams answer to GET.';
      const headers = { Allow: 'GET' };
      sendRefusal(request, response, { status: 405, code: 'E_METHOD', detail, headers });
      return;
    }
    try {
      const { cluster, view } = readEventQuery(parametersOf(request.url ?? ''));
      const first = cluster === null ? application.clusters() : [application.cluster(cluster)];
      const follow = view === null ? undefined : views.follow(view);
      const refusal = events.open(request, response, cluster, first, follow);
      if (refusal !== null) sendRefusal(request, response, refusal);
    } catch (error) {
      if (error instanceof NotFound) {
        sendRefusal(request, response, { status: 404, code: 'E_NOT_FOUND', detail: error.message });
      } else if (error instanceof BadRequest || error instanceof InvalidQuery) {
        sendRefusal(request, response, { status: 400, code: 'E_PARAM', detail: error.message });
      } else throw error;
    }
  }

  /** Quiet by default: refusals and successes are for those who look (debug). */
  function logWhenDone(request: IncomingMessage, response: ServerResponse, id: string): void {
    if (!log.isLevelEnabled('debug')) return;
    const start = performance.now();
    response.once('close', () => {
      const ms = Math.round(performance.now() - start);
      const url = scrap(request.url ?? '');
      log.debug({ id, method: request.method, url, status: response.statusCode, ms }, 'request');
    });
  }

  function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const id = response.getHeader('X-Request-Id');
    application.report(error, typeof id === 'string' ? id : null);
    if (response.headersSent) response.destroy();
    else {
      const detail = 'Something went wrong here; the log has it under the request id.';
      sendRefusal(request, response, { status: 500, code: 'E_INTERNAL', detail });
    }
  }

  return {
    server,
    drain() {
      draining = true;
      unsubscribe();
      events.close();
      for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}

/**
 * Next sets the headers of routes as lists of one, and its compression then does not recognise the
 * content type: JSON, of all things, would go out as it is.
 */
function writeSingleValues(response: ServerResponse): void {
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) => {
    const [only, ...others] = Array.isArray(value) ? value : [value];
    return setHeader(name, only === undefined || others.length > 0 ? value : only);
  };
}

function parametersOf(url: string): URLSearchParams {
  return new URLSearchParams(url.slice(pathOf(url).length));
}

function sendRefusal(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  for (const [name, value] of Object.entries(refusal.headers ?? {}))
    response.setHeader(name, value);
  // A body that is not wanted is not read either; the connection goes with it.
  if (request.method !== 'GET' && request.method !== 'HEAD')
    response.setHeader('Connection', 'close');
  const { status, code, detail } = refusal;
  response.setHeader('Content-Type', PROBLEM_TYPE);
  send(request, response, status, problemDocument(status, code, detail));
}

function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: unknown,
): void {
  response.setHeader('Content-Type', 'application/json');
  send(request, response, status, body);
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: unknown,
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.statusCode = status;
  response.setHeader('Content-Length', bytes.length);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
