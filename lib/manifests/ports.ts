import { z } from 'zod';
import { MAX_PORT, MIN_PORT } from '#lib/model/port-set.ts';
import { orAbsent } from './metadata.ts';

export const portNumber = z
  .number({ error: 'expected a port number' })
  .int('expected a whole number')
  .min(MIN_PORT, 'a port is 1 to 65535')
  .max(MAX_PORT, 'a port is 1 to 65535');

/** Absent is TCP (NP-15). */
export const protocol = orAbsent(
  z.enum(['TCP', 'UDP', 'SCTP'], { error: 'protocol is TCP, UDP or SCTP, in capitals' }),
).transform((written) => written ?? 'TCP');
