import pino, { type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Should one of these ever be logged along with something else, it is blotted out. */
const SECRETS = ['authorization', 'cookie', 'token', 'password', 'client-key-data', 'stderr'];

/**
 * One JSON line per event on stderr, so that stdout stays for people; JSON also keeps control
 * characters of foreign text from reaching a terminal.
 */
export function createLog(
  level: LogLevel,
  destination: DestinationStream = pino.destination({ dest: 2, sync: true }),
): Log {
  const paths = SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`]);
  return pino({ level, base: null, redact: { paths, censor: '(hidden)' } }, destination);
}
