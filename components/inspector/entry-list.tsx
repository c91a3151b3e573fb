'use client';

import { ArrowUpRight } from 'lucide-react';
import Link from 'next/link';
import { askForObject, explainPath } from '#components/explanation/endpoint-question.ts';
import { VerdictBadge } from '#components/explanation/verdict-sign.tsx';
import { Words } from '#components/explanation/words.tsx';
import { KindGlyph } from '#components/status/kind-glyph.tsx';
import { Badge } from '#components/ui/badge.tsx';
import type { EntryLine } from '#lib/view/entry-view.ts';
import { parsePort } from '#lib/view/query.ts';
import type { WorkloadView } from '#lib/view/workload-view.ts';
import { entryName, entrySentence, entryTarget } from './entry-text.ts';

/** With more requests than this the others are folded away. */
const SHOWN = 3;

function Requests({ requests }: { readonly requests: readonly string[] }) {
  if (requests.length === 0) return <span className="font-medium">Any request</span>;
  const [first = '', ...rest] = requests;
  const shown = rest.slice(0, SHOWN - 1);
  const folded = rest.slice(SHOWN - 1);
  const request = (text: string) => (
    <li key={text} className="font-medium font-mono text-xs [overflow-wrap:anywhere]">
      {text}
    </li>
  );
  return (
    <>
      <ul>{[first, ...shown].map(request)}</ul>
      {folded.length > 0 && (
        <details className="text-muted text-xs">
          <summary className="w-fit rounded-sm">{folded.length} more</summary>
          <ul>{folded.map(request)}</ul>
        </details>
      )}
    </>
  );
}

/** The page that explains the connection of a known controller; null for one that is not. */
function explanationOf(view: WorkloadView, { controller, target }: EntryLine): string | null {
  const [source] = controller.kind === 'workloads' ? controller.refs : [];
  if (source === undefined) return null;
  const port = parsePort(target.replace(' ', '/'));
  const [from, to] = [askForObject(source), askForObject(view.ref)];
  return explainPath(view.cluster, { from, to, port });
}

function Entry({ view, line }: { readonly view: WorkloadView; readonly line: EntryLine }) {
  const href = explanationOf(view, line);
  return (
    <li className="flex items-start gap-2.5 border-line border-b px-4 py-2.5 last:border-b-0">
      <KindGlyph kind="Ingress" className="mt-0.5 size-4 text-muted" />
      <div className="min-w-0 flex-1 text-sm">
        <Requests requests={line.requests} />
        <p className="mt-0.5 text-muted text-xs">
          {entryName(line)} <span aria-hidden>→</span>
          <span className="sr-only">to</span> {entryTarget(line)}
        </p>
        <p className="mt-1 text-xs">
          <Words of={entrySentence(line)} />{' '}
          {href !== null && line.refused === null && (
            <Link
              href={href}
              className="whitespace-nowrap text-accent-text underline underline-offset-2"
            >
              Explain
              <ArrowUpRight aria-hidden className="ml-0.5 inline size-3" />
            </Link>
          )}
        </p>
      </div>
      {line.refused === null ? (
        <VerdictBadge verdict={line.verdict} />
      ) : (
        <Badge tone="neutral">not in effect</Badge>
      )}
    </li>
  );
}

/** The ways in from outside that lead to a workload, each with what policies make of it. */
export function EntryList({ view }: { readonly view: WorkloadView }) {
  return (
    <ul>
      {view.entries.map((line) => (
        <Entry
          key={[
            line.entry.kind,
            line.entry.name,
            line.service.port,
            line.target,
            ...line.requests,
            JSON.stringify(line.through),
          ].join(' ')}
          view={view}
          line={line}
        />
      ))}
    </ul>
  );
}
