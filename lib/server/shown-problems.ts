import type { Problem } from '#lib/model/problem.ts';

const MOST = 200;
const LONGEST_TEXT = 2000;
/** Characters of all of them together, as JSON. */
const MOST_TEXT = 50_000;

/**
 * The problems a summary carries. Summaries go to every viewer on every change, so that ten thousand
 * broken objects must not make them megabytes; how many are left out is said, as a problem.
 */
export function shownProblems(problems: readonly Problem[]): readonly Problem[] {
  const shown: Problem[] = [];
  let room = MOST_TEXT;
  for (const problem of problems.slice(0, MOST)) {
    const short = shorten(problem);
    room -= JSON.stringify(short).length;
    if (room < 0) break;
    shown.push(short);
  }
  const more = problems.length - shown.length;
  if (more === 0) return shown;
  const severity = problems.slice(shown.length).some((problem) => problem.severity === 'error')
    ? 'error'
    : 'warning';
  const message = `${more} more problems are not listed here.`;
  const hint = 'Mend those above first.';
  return [
    ...shown,
    { code: 'more-problems', severity, message, hint, object: null, path: [], origin: null },
  ];
}

function shorten(problem: Problem): Problem {
  const { origin } = problem;
  if (origin === null || origin.text.length <= LONGEST_TEXT) return problem;
  return { ...problem, origin: { ...origin, text: `${origin.text.slice(0, LONGEST_TEXT)}\n…` } };
}
