'use client';

import Link from 'next/link';
import type { ExplainQuery } from '#lib/view/query.ts';
import { explainPath } from './endpoint-question.ts';
import { useSimilar } from './use-suggestions.ts';

/** What a person may have meant by one end that was not found; nothing when nothing is like it. */
export function SuggestedQuestions({
  cluster,
  query,
  end,
}: {
  readonly cluster: string;
  readonly query: ExplainQuery;
  readonly end: 'from' | 'to';
}) {
  const typed = query[end];
  const suggestions = useSimilar(cluster, typed);
  if (suggestions.length === 0 || suggestions.some(({ text }) => text === typed)) return null;
  return (
    <div className="mt-4">
      <h2 className="font-medium text-muted text-xs">
        {end === 'from' ? 'Other sources like ' : 'Other destinations like '}
        <span className="font-mono">{typed}</span>
      </h2>
      <ul className="mt-1.5 flex flex-wrap gap-1.5">
        {suggestions.map(({ text, ref }) => (
          <li key={text}>
            <Link
              href={explainPath(cluster, { ...query, [end]: text })}
              className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line-strong/70 bg-surface px-2 text-sm shadow-card hover:bg-hover"
            >
              {ref.namespace}/{ref.name}
              <span className="text-faint text-xs">{ref.kind}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
