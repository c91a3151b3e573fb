import type { PortQuery } from '#lib/engine/explanation.ts';
import { MAX_PORT, MIN_PORT, PROTOCOLS } from '#lib/model/port-set.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';

/** `8080`, `UDP/53`, `53/UDP` or the name of a port. Throws CommandFailed for anything else. */
export function parsePort(written: string): PortQuery | string {
  const parts = written.split('/');
  const digits = parts.find((part) => /^\d{1,5}$/.test(part));
  const words = parts.filter((part) => part !== digits);
  if (digits === undefined && words.length === 1 && isPortName(written)) return written;
  const port = Number(digits);
  const protocol = PROTOCOLS.find((known) => known === (words[0] ?? 'TCP').toUpperCase());
  if (protocol !== undefined && words.length <= 1 && port >= MIN_PORT && port <= MAX_PORT)
    return { protocol, port };
  throw new CommandFailed(
    EXIT.usage,
    `--port ${written} is not a port: write 8080, UDP/53 or the name of a port`,
  );
}

/** NP-43. */
function isPortName(text: string): boolean {
  return /^[a-z0-9-]{1,15}$/.test(text) && /[a-z]/.test(text);
}
