import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { scrap } from './problem-document.ts';
import { isData } from './security-headers.ts';

/** What is asked of a request before any page or route sees it. All pure: tables test them. */

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RequestRules {
  /** Lower-case names, without ports, beside those of the loopback. */
  readonly allowedHosts: readonly string[];
  /** Listening for others than this machine: then addresses are good names as well (see hostRefusal). */
  readonly anyAddress: boolean;
}

const UPLOAD_PATH = '/api/uploads';
export const UPLOAD_LIMIT = 1024 * 1024;
const LONGEST_TARGET = 4096;
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const UPLOAD_TYPES: ReadonlySet<string> = new Set(['application/yaml', 'application/json']);

type Request = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'>;

/** The first thing that is wrong with a request; null when it may pass. */
export function refuse(request: Request, rules: RequestRules): Refusal | null {
  return (
    hostRefusal(request, rules) ??
    targetRefusal(request.url ?? '') ??
    nextRefusal(request) ??
    methodRefusal(request) ??
    originRefusal(request) ??
    bodyRefusal(request)
  );
}

/** The path of a request's target, without the query. */
export function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/**
 * Only names that are surely ours: a page elsewhere may give its own name our address (DNS
 * rebinding), and would then be same-origin with us. The port does not matter to that, and differs
 * behind a port-forward. Nobody can rebind an address, so a server that listens for others takes
 * those too: probes and port-less installs ask by address.
 */
function hostRefusal(request: Request, rules: RequestRules): Refusal | null {
  const hosts = request.rawHeaders.filter(
    (name, i) => i % 2 === 0 && name.toLowerCase() === 'host',
  );
  if (hosts.length !== 1) {
    return { status: 400, code: 'E_HOST', detail: 'A request needs exactly one Host header.' };
  }
  const name = hostName(request.headers.host ?? '');
  if (name === null)
    return { status: 400, code: 'E_HOST', detail: 'The Host header is malformed.' };
  if (LOOPBACK_NAMES.has(name) || rules.allowedHosts.includes(name)) return null;
  if (rules.anyAddress && isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0) return null;
  return {
    status: 421,
    code: 'E_HOST',
    detail: `This server does not answer for "${scrap(name)}". SIGHTLINE_ALLOWED_HOSTS adds names.`,
  };
}

/** The name in `name:port`, lower-case; null for what is no host at all. */
export function hostName(host: string): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(?::\d{1,5})?$/i.exec(host);
  return match?.[1]?.toLowerCase() ?? null;
}

/** Nothing we serve has an encoded slash, a dot segment or an empty segment in its path. */
function targetRefusal(url: string): Refusal | null {
  const malformed = { status: 400, code: 'E_PATH', detail: 'The path is malformed.' };
  if (!url.startsWith('/')) return malformed;
  if (url.length > LONGEST_TARGET) {
    return {
      status: 414,
      code: 'E_PATH',
      detail: `A URL has at most ${LONGEST_TARGET} characters.`,
    };
  }
  const path = pathOf(url);
  if (path.includes('//') || path.includes('\\') || /%(?:2f|5c)/i.test(path)) return malformed;
  const decoded = decode(path);
  if (decoded === null || /\p{Cc}/u.test(decoded)) return malformed;
  return decoded.split('/').some((step) => step === '.' || step === '..') ? malformed : null;
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/**
 * Doors of Next that we do not use, closed before its code runs: Server Actions, the header that
 * once skipped middleware, the image optimiser, upgrades (it proxies them).
 */
function nextRefusal(request: Request): Refusal | null {
  const { headers } = request;
  if (headers.upgrade !== undefined) {
    return { status: 400, code: 'E_UPGRADE', detail: 'This server upgrades no connection.' };
  }
  const closed =
    headers['next-action'] !== undefined ||
    headers['x-middleware-subrequest'] !== undefined ||
    headers['x-nextjs-data'] !== undefined ||
    /^\/_next\/(?:image|data)(?:\/|$)/.test(pathOf(request.url ?? ''));
  return closed ? { status: 404, code: 'E_NOT_FOUND', detail: 'There is nothing here.' } : null;
}

function methodRefusal(request: Request): Refusal | null {
  const allowed = pathOf(request.url ?? '') === UPLOAD_PATH ? ['POST'] : ['GET', 'HEAD'];
  if (allowed.includes(request.method ?? '')) return null;
  const allow = allowed.join(', ');
  const detail = `This address answers to ${allow}.`;
  return { status: 405, code: 'E_METHOD', detail, headers: { Allow: allow } };
}

/**
 * Browsers say where a request comes from. Data is for our own pages and for people who follow a
 * link; a change is for our own pages alone. Scripts outside a browser say nothing, and need not:
 * a browser cannot keep silent.
 */
function originRefusal(request: Request): Refusal | null {
  const refusal = { status: 403, code: 'E_ORIGIN', detail: 'This comes from another site.' };
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const changes = request.method === 'POST';
  if (
    origin !== undefined &&
    !sameHost(origin, host) &&
    (changes || isData(pathOf(request.url ?? '')))
  ) {
    return refusal;
  }
  if (site === undefined || site === 'same-origin') return null;
  if (changes) return refusal;
  if (!isData(pathOf(request.url ?? ''))) return null;
  return site === 'none' || request.headers['sec-fetch-mode'] === 'navigate' ? null : refusal;
}

/** The scheme is left out: TLS may end at a proxy in front of us. */
function sameHost(origin: string, host: string | undefined): boolean {
  return (
    host !== undefined &&
    /^https?:\/\/(.+)$/i.exec(origin)?.[1]?.toLowerCase() === host.toLowerCase()
  );
}

/**
 * Uploads tell their length, so that Node itself holds them to it: no byte over the limit is read,
 * and no stream needs counting.
 */
function bodyRefusal(request: Request): Refusal | null {
  const { headers } = request;
  const length = headers['content-length'];
  const chunked = headers['transfer-encoding'] !== undefined;
  if (request.method !== 'POST') {
    if (!chunked && (length === undefined || length === '0')) return null;
    return { status: 400, code: 'E_BODY', detail: 'A GET request carries no body.' };
  }
  if (chunked || length === undefined) {
    return {
      status: 411,
      code: 'E_LENGTH',
      detail: 'Send the length of the body (Content-Length).',
    };
  }
  if (Number(length) > UPLOAD_LIMIT) {
    return {
      status: 413,
      code: 'E_TOO_LARGE',
      detail: `An upload has at most ${UPLOAD_LIMIT} bytes.`,
    };
  }
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (UPLOAD_TYPES.has(type) && headers['content-encoding'] === undefined) return null;
  return {
    status: 415,
    code: 'E_TYPE',
    detail: 'An upload is application/yaml or application/json, not encoded.',
    headers: { 'Accept-Post': [...UPLOAD_TYPES].join(', ') },
  };
}
