import type { LintContext } from './context.ts';
import { type PolicyFacts, valueAt } from './policy-facts.ts';

const MINUTES = 5;

/** The policy was made a moment ago: the pods that it is for may still be on their way. */
export function isYoung({ body }: PolicyFacts, { now }: LintContext): boolean {
  const made = valueAt(body, ['metadata', 'creationTimestamp']);
  if (now === null || typeof made !== 'string') return false;
  return now.getTime() - Date.parse(made) < MINUTES * 60_000;
}
