import type { z } from 'zod';
import type { FieldPath } from '#lib/model/problem.ts';

/** What a schema found wrong, as the fields of a policy and words about them. */

export interface FieldIssue {
  readonly path: FieldPath;
  readonly message: string;
}

/** Issues of unions carry their members' issues; the one that got furthest says most. */
function flatten(issue: z.core.$ZodIssue): FieldIssue {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'invalid_union') {
    const best = issue.errors.flat().at(-1);
    if (best !== undefined) {
      const inner = flatten(best);
      return { path: [...path, ...inner.path], message: inner.message };
    }
  }
  if (issue.code === 'unrecognized_keys')
    return { path, message: `unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')}` };
  return { path, message: issue.message };
}

/** The issues of a result for the value of a field, or at a path; none where it succeeded. */
export function issuesUnder(
  field: string | FieldPath,
  { error }: z.ZodSafeParseResult<unknown>,
): readonly FieldIssue[] {
  return (error?.issues ?? []).map(flatten).map(({ path, message }) => ({
    path: typeof field === 'string' ? [field, ...path] : [...field, ...path],
    message,
  }));
}
