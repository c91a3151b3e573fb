'use client';

import { Braces, Check, Link2, Waypoints } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { viewUrl } from '#components/data/view-query.ts';
import { Button } from '#components/ui/button.tsx';
import type { ExplanationView } from '#lib/view/explanation-view.ts';
import { type ExplainQuery, formatExplainQuery } from '#lib/view/query.ts';
import { mapPath, workloadOf } from './endpoint-question.ts';
import { explanationHeadline, pairCounts } from './reason-text.ts';
import { routingSentence, serviceSentence } from './routing-text.ts';
import { VerdictSign } from './verdict-sign.tsx';
import { Words } from './words.tsx';

const SAID_MS = 2000;

function CopyLink() {
  const [said, setSaid] = useState<'Copied' | 'Not permitted' | null>(null);
  const copy = async () => {
    try {
      // Absent where the page came over plain HTTP from another machine.
      await navigator.clipboard.writeText(window.location.href);
      setSaid('Copied');
    } catch {
      setSaid('Not permitted');
    }
    setTimeout(() => setSaid(null), SAID_MS);
  };
  return (
    <Button size="sm" onClick={() => void copy()}>
      {said === 'Copied' ? (
        <Check aria-hidden className="size-3.5 text-positive" />
      ) : (
        <Link2 aria-hidden className="size-3.5" />
      )}
      <span aria-live="polite">{said ?? 'Copy link'}</span>
    </Button>
  );
}

/** The answer in one line, how it divides, and where to take it. */
export function VerdictSummary({
  view,
  query,
}: {
  readonly view: ExplanationView;
  readonly query: ExplainQuery;
}) {
  const [part] = view.parts;
  const ends = part === undefined ? [] : [part.from, part.to];
  const mapHref = mapPath(
    view.cluster,
    ends.flatMap((end) => workloadOf(end) ?? []),
  );
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
      <VerdictSign verdict={view.verdict} />
      <div className="min-w-60 flex-1">
        <h1 className="text-balance font-semibold text-xl tracking-tight [overflow-wrap:anywhere]">
          {explanationHeadline(view)}
        </h1>
        {view.service !== null && (
          <p className="mt-0.5 text-muted text-sm">
            <Words of={serviceSentence(view.service)} />
          </p>
        )}
        {view.notes.map((note) => (
          <p key={note.kind} className="mt-0.5 text-muted text-sm">
            <Words of={routingSentence(note)} />
          </p>
        ))}
        {view.parts.length > 1 && <p className="mt-0.5 text-muted text-sm">{pairCounts(view)}</p>}
      </div>
      <div className="flex flex-wrap gap-2">
        <CopyLink />
        {mapHref !== null && (
          <Button size="sm" asChild>
            <Link href={mapHref}>
              <Waypoints aria-hidden className="size-3.5" />
              Open in map
            </Link>
          </Button>
        )}
        <Button size="sm" asChild>
          <a href={viewUrl(view.cluster, `explain?${formatExplainQuery(query)}`)}>
            <Braces aria-hidden className="size-3.5" />
            JSON
          </a>
        </Button>
      </div>
    </div>
  );
}
