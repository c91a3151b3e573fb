import { z } from 'zod';
import { context, count, coverage, isolation, named, objectRef, text } from './response-schemas.ts';

/** Pages of tables, for the description of the API. */

const page = { total: count, next: text.nullable() };

export const namespacesView = named(
  'NamespacesView',
  z.strictObject({
    ...context,
    rows: z.array(
      z.strictObject({
        name: text,
        workloads: count,
        ingress: isolation,
        egress: isolation,
        coverage,
      }),
    ),
    ...page,
  }),
);

export const workloadsView = named(
  'WorkloadsView',
  z.strictObject({
    ...context,
    rows: z.array(
      z.strictObject({
        ref: objectRef,
        pods: count,
        ingress: isolation,
        egress: isolation,
        hostNetwork: z.boolean(),
        openTo: text.nullable(),
      }),
    ),
    ...page,
  }),
);
