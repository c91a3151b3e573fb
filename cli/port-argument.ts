import type { PortQuery } from '#lib/engine/explanation.ts';
import { parsePort as readPort } from '#lib/view/query.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';

/** `8080`, `UDP/53`, `53/UDP` or the name of a port, as in URLs. Throws CommandFailed for anything else. */
export function parsePort(written: string): PortQuery | string {
  const port = readPort(written);
  if (port !== null) return port;
  throw new CommandFailed(
    EXIT.usage,
    `--port ${written} is not a port: write 8080, UDP/53 or the name of a port`,
  );
}
