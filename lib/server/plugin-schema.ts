import { z } from 'zod';

/** The network plugin of a cluster, as the API answers it (lib/view/plugin-summary.ts). */
export const pluginSchema = z.strictObject({
  how: z.enum(['chosen', 'detected', 'assumed', 'undetected']),
  title: z.string().nullable(),
  version: z.string().nullable(),
  engines: z.int().min(0),
  evidence: z.array(z.string()),
  unread: z.array(z.string()),
  profile: z.string(),
  enforces: z.enum(['yes', 'no', 'audit', 'unknown']),
});
