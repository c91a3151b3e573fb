import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';
import { Failure, type FailureCause, printable } from './failure.ts';
import { PROTOBUF, readStatusMessage } from './protobuf/list-page.ts';

const inflate = promisify(gunzip);

/** The body as a JSON object, gzipped or not. Throws a Failure `too-large` or `malformed`. */
export async function readJson(
  response: Dispatcher.ResponseData,
  limit: number,
): Promise<JsonObject> {
  return parseJson(await readBytes(response, limit));
}

/** The body in the form it came in. */
export type Answer =
  | { readonly form: 'json'; readonly value: JsonObject }
  | { readonly form: 'protobuf'; readonly bytes: Buffer };

/** The body as JSON or, where the answer says that it is, as the bytes of protobuf. Throws as `readJson` does. */
export async function readAnswer(
  response: Dispatcher.ResponseData,
  limit: number,
): Promise<Answer> {
  const bytes = await readBytes(response, limit);
  const type = response.headers['content-type'];
  return typeof type === 'string' && type.startsWith(PROTOBUF)
    ? { form: 'protobuf', bytes }
    : { form: 'json', value: parseJson(bytes) };
}

function parseJson(bytes: Buffer): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Failure({ kind: 'malformed' }, 'the API server sent something that is not JSON');
  }
  if (!isJsonObject(value)) {
    throw new Failure({ kind: 'malformed' }, 'the API server sent JSON that is not an object');
  }
  return value;
}

async function readBytes(response: Dispatcher.ResponseData, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // leaving the loop early destroys the body and with it the connection
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks, size);
  if (response.headers['content-encoding'] !== 'gzip') return bytes;
  try {
    return await inflate(bytes, { maxOutputLength: limit });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw new Failure({ kind: 'malformed' }, 'the API server sent a broken gzip body');
  }
}

function tooLarge(limit: number): Failure {
  const mebibytes = Math.floor(limit / 1024 / 1024);
  return new Failure({ kind: 'too-large' }, `the API server sent an answer over ${mebibytes} MiB`);
}

const STATUS_LIMIT = 64 * 1024;

/**
 * A refusal as a Failure. Of the body only the message of a Kubernetes Status is shown, shortened:
 * whatever else answers (a proxy's page) may echo what it was sent.
 */
export async function statusFailure(
  response: Dispatcher.ResponseData,
  server: string,
): Promise<Failure> {
  const { statusCode } = response;
  const body = await readStatusBody(response).catch(() => null);
  const retryAfterMs = retryAfter(response.headers['retry-after']);
  if (statusCode === 401) {
    // a Status says no more than "Unauthorized"
    const refused: FailureCause = { kind: 'status', status: 401, reason: null, retryAfterMs };
    return new Failure(refused, `${server} does not accept the credentials`);
  }
  if (body !== null && body.kind === 'Status')
    return failureOfStatus(body, statusCode, retryAfterMs);
  const cause: FailureCause = { kind: 'status', status: statusCode, reason: null, retryAfterMs };
  const words = WORDS.get(statusCode) ?? 'without saying why';
  const redirect = statusCode >= 300 && statusCode < 400;
  const detail = redirect ? 'a redirect, which is not followed' : words;
  return new Failure(cause, `${server} answered ${statusCode}: ${detail}`);
}

/** A refusal comes in the form that was asked for. */
async function readStatusBody(response: Dispatcher.ResponseData): Promise<JsonObject> {
  const answer = await readAnswer(response, STATUS_LIMIT);
  return answer.form === 'json' ? answer.value : readStatusMessage(answer.bytes);
}

const WORDS: ReadonlyMap<number, string> = new Map([
  [403, 'access is forbidden'],
  [404, 'there is no such API'],
  [429, 'too many requests'],
  [500, 'internal error'],
  [502, 'bad gateway'],
  [503, 'unavailable'],
  [504, 'gateway timeout'],
]);

/** A Kubernetes Status, which comes as an answer or inside a watch. */
export function failureOfStatus(
  status: JsonObject,
  fallbackCode: number,
  retryAfterMs: number | null = null,
): Failure {
  const code = typeof status.code === 'number' ? status.code : fallbackCode;
  const reason = typeof status.reason === 'string' ? status.reason : null;
  const details = isJsonObject(status.details) ? status.details : {};
  const seconds = details.retryAfterSeconds;
  const message = typeof status.message === 'string' ? printable(status.message) : '';
  return new Failure(
    {
      kind: 'status',
      status: code,
      reason,
      retryAfterMs:
        retryAfterMs ?? (typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : null),
    },
    message === '' ? (WORDS.get(code) ?? `error ${code}`) : message,
  );
}

/** The API server writes seconds; the other form of the header, a date, is left to the backoff. */
function retryAfter(header: string | string[] | undefined): number | null {
  if (typeof header !== 'string' || !/^\d{1,6}$/.test(header)) return null;
  return Number(header) * 1000;
}
