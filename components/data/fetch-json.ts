import type { Problem } from '#lib/model/problem.ts';

/** The server answered with a problem document (RFC 9457), or did not answer (`status` 0). */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  readonly status: number;
  /** `E_NOT_FOUND` …; `E_NETWORK` when nothing answered. */
  readonly code: string;
  readonly problems: readonly Problem[];

  constructor(status: number, code: string, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

interface ProblemBody {
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly problems?: readonly Problem[];
}

/** Reads JSON from our own server, whose answers are typed by lib/view. Throws RequestFailed. */
export async function fetchJson<Answer>(url: string, init?: RequestInit): Promise<Answer> {
  const response = await request(url, init);
  if (response.ok) return (await response.json()) as Answer;
  throw await failure(response);
}

/** As fetch, whatever the answer; throws RequestFailed when there is none. */
export function request(url: string, init?: RequestInit): Promise<Response> {
  return fetch(url, init).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new RequestFailed(0, 'E_NETWORK', 'The Sightline server does not answer.');
  });
}

/** What a problem document says. */
export async function failure(response: Response): Promise<RequestFailed> {
  const body: ProblemBody = await response.json().catch(() => ({}));
  const words = body.detail ?? body.title ?? `The server answered ${response.status}.`;
  return new RequestFailed(response.status, body.code ?? 'E_HTTP', words, body.problems ?? []);
}
