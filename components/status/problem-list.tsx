import type { Problem } from '#lib/model/problem.ts';
import { formatPath } from '#lib/model/problem.ts';

const SHOWN = 50;

/** What was read and not understood, each with its place and how to mend it. */
export function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  const more = problems.length - SHOWN;
  return (
    <ul className="flex flex-col gap-2">
      {problems.slice(0, SHOWN).map((problem) => (
        <li key={problemKey(problem)} className="text-xs">
          <span className={problem.severity === 'error' ? 'text-negative' : 'text-caution'}>
            {problem.severity}
          </span>{' '}
          {problem.message}
          <span className="block break-words text-faint">{place(problem)}</span>
          {problem.hint !== null && <span className="block text-muted">{problem.hint}</span>}
        </li>
      ))}
      {more > 0 && <li className="text-muted text-xs">and {more} more</li>}
    </ul>
  );
}

function problemKey({ code, object, path, origin, message }: Problem): string {
  return JSON.stringify([code, object, path, origin?.file, origin?.line, message]);
}

function place({ object, path, origin }: Problem): string {
  const where = origin === null ? '' : `${origin.file}:${origin.line}`;
  const what =
    object === null
      ? ''
      : `${object.kind} ${object.namespace === null ? '' : `${object.namespace}/`}${object.name}`;
  return [where, what, formatPath(path)].filter((part) => part !== '').join(' · ');
}
