import { z } from 'zod';

/**
 * The parts that a policy of a namespace is told by, as far as every source checks them: a name in
 * text. Absent is the namespace `default`.
 */
export const namespacedPolicyObject = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z
      .string()
      .nullish()
      .transform((namespace) => namespace ?? 'default'),
  }),
  spec: z.unknown().optional(),
});
