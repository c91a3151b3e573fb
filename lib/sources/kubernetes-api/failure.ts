/** What went wrong with one request or stream, as data: the next step depends on it (recovery.ts). */
export type FailureCause =
  /** The API server answered with an error, as an HTTP status or inside a watch. */
  | {
      readonly kind: 'status';
      readonly status: number;
      /** The machine-readable reason of the Status object: `Expired`, `Forbidden` … */
      readonly reason: string | null;
      readonly retryAfterMs: number | null;
    }
  /** No connection, or it broke. */
  | { readonly kind: 'unreachable' }
  /** Connected, and no answer in time. */
  | { readonly kind: 'timeout' }
  /** An answer that began, and was not complete in time. */
  | { readonly kind: 'too-slow' }
  /** An answer larger than the limit. */
  | { readonly kind: 'too-large' }
  /** A watch that was silent too long, or that outlived the time it was asked for. */
  | { readonly kind: 'stalled' }
  /** A watch that ended inside a line. */
  | { readonly kind: 'truncated' }
  /** An answer or a watch line that is not what the API promises. */
  | { readonly kind: 'malformed' }
  /** A watch that ended at once without an event. */
  | { readonly kind: 'short-watch' }
  /** A list older than what was already known. */
  | { readonly kind: 'went-back' }
  | { readonly kind: 'too-many-objects' }
  /** A credential plugin or file gave no credential. */
  | { readonly kind: 'credentials' };

/** The message is for people; it never carries a response body, a credential or a plugin's output. */
export class Failure extends Error {
  override readonly name = 'Failure';
  override readonly cause: FailureCause;

  constructor(cause: FailureCause, message: string) {
    super(message);
    this.cause = cause;
  }

  get status(): number | null {
    return this.cause.kind === 'status' ? this.cause.status : null;
  }
}

/** Whatever was thrown, as a Failure: what is not one yet came from the network. */
export function asFailure(error: unknown, server: string): Failure {
  if (error instanceof Failure) return error;
  return new Failure({ kind: 'unreachable' }, `cannot reach ${server}: ${networkReason(error)}`);
}

/** Codes that say little by themselves. */
const WORDS = new Map([
  ['UND_ERR_CONNECT_TIMEOUT', 'no connection in time'],
  ['UND_ERR_SOCKET', 'the connection was closed'],
  ['UND_ERR_DESTROYED', 'the connection was closed'],
  ['UND_ERR_CLOSED', 'the connection was closed'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'the connection was closed'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is self-signed and not in the kubeconfig'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate comes from an authority the kubeconfig lacks'],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'its certificate comes from an authority the kubeconfig lacks',
  ],
  [
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'its certificate comes from an authority the kubeconfig lacks',
  ],
  ['CERT_SIGNATURE_FAILURE', 'its certificate comes from an authority the kubeconfig lacks'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name'],
]);

/** `ECONNREFUSED`, `ENOTFOUND`, or words where the code alone says little. */
function networkReason(error: unknown): string {
  const code = codeOf(error);
  if (code === null) return error instanceof Error ? printable(error.message) : 'unknown reason';
  return WORDS.get(code) ?? code;
}

/** Connecting to a name with several addresses fails with one error that holds one per address. */
function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return 'cause' in error ? codeOf(error.cause) : null;
}

const LONGEST = 200;

/** One line without control characters: text from outside that goes into a message. */
export function printable(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
