import { z } from 'zod';
import { SEVERITIES } from '#lib/findings/finding.ts';
import { count, fieldPath, instant, named, objectRef, text } from './response-schemas.ts';

/** What the API answers about findings. */

const findingObject = named(
  'FindingObject',
  z.strictObject({
    kind: text,
    namespace: text.nullable(),
    name: text,
    group: text.exactOptional(),
  }),
);
export const findingsView = named(
  'FindingsView',
  z.strictObject({
    cluster: text,
    revision: count,
    readAt: instant.nullable(),
    findings: z.array(
      z.strictObject({
        id: text,
        severity: z.enum(SEVERITIES),
        object: findingObject,
        path: fieldPath,
        message: text,
        related: z.array(findingObject),
        patch: text.nullable(),
        writtenAt: text.nullable(),
        suppression: z.strictObject({ at: objectRef, reason: text.nullable() }).nullable(),
        isSuppressed: z.boolean(),
      }),
    ),
    counts: z.strictObject({ error: count, warning: count, info: count, suppressed: count }),
    checks: z.array(
      z.strictObject({
        id: text,
        title: text,
        scenario: text,
        evidence: text,
        fix: text,
        rules: z.array(text),
      }),
    ),
    notRun: z.array(z.strictObject({ id: text, lacks: z.array(text) })),
  }),
);
