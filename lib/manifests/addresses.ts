import { z } from 'zod';
import { parseIp } from '#lib/model/ip-address.ts';

/** Text to an IpAddress. */
export const ipAddress = z.string().transform((text, context) => {
  const ip = parseIp(text);
  if (ip !== null) return ip;
  context.addIssue({ code: 'custom', message: `${JSON.stringify(text)} is not an IP address` });
  return z.NEVER;
});
