import { randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';

/** A fresh secret per answer: only scripts that carry it run. */
export function createNonce(): string {
  return randomBytes(16).toString('base64');
}

/**
 * The policy of pages. Scripts run by nonce alone ('self' is for browsers that do not know
 * 'strict-dynamic'). Inline styles are open, because the graph, dialogs and toasts set positions
 * through them; they cannot run code or reach out, since images and connections stay at home.
 */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The policy of data: should a browser ever take it for a page, nothing in it may load or run. */
export const DATA_POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

const ALWAYS: OutgoingHttpHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), serial=(), usb=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
};

/** The topology of a cluster stays out of every cache, shared or private. */
export const NOT_STORED = 'private, no-store';

export function isData(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}

/** The headers of every answer, whoever writes it. Next's hashed files alone may be cached; it says so itself. */
export function securityHeaders(path: string, policy: string): OutgoingHttpHeaders {
  const headers = { ...ALWAYS, 'Content-Security-Policy': isData(path) ? DATA_POLICY : policy };
  return path.startsWith('/_next/static/') ? headers : { ...headers, 'Cache-Control': NOT_STORED };
}
