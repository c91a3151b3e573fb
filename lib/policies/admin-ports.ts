import { z } from 'zod';
import type { PortMatch } from '#lib/engine/compiled-policy.ts';

/** What the ports of the administrators' kinds have in common. */

/** The name of a port, whatever protocol the port of that name has (CNP-24). */
export const namedPort = z
  .string()
  .min(1)
  .transform((name): PortMatch => ({ kind: 'named', protocol: 'any', name }));

/** For an entry of a list of ports: the one field it has; `message` names those it may have. */
export function onlyField(message: string) {
  return (
    entry: Readonly<Record<string, PortMatch | undefined>>,
    context: z.RefinementCtx,
  ): PortMatch => {
    const [match, ...others] = Object.values(entry).filter((value) => value !== undefined);
    if (match !== undefined && others.length === 0) return match;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
}
