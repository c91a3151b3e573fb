'use client';

import { Route } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import type { RequestFailed } from '#components/data/fetch-json.ts';
import { useView } from '#components/data/use-view.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { ExplanationView } from '#lib/view/explanation-view.ts';
import { type ExplainQuery, formatExplainQuery } from '#lib/view/query.ts';
import { endpointPath } from './endpoint-question.ts';
import { ExplanationBody } from './explanation-body.tsx';
import { OutdatedNotice } from './outdated-notice.tsx';
import { QuestionForm } from './question-form.tsx';
import { SuggestedQuestions } from './suggested-questions.tsx';
import { VerdictSummary } from './verdict-summary.tsx';
import { ReferenceLinksContext } from './words.tsx';

/** What may be typed for an end. */
const FORMS = [
  { what: 'workload or pod', typed: 'shop/web' },
  { what: 'of a certain kind', typed: 'shop/deployment/web' },
  { what: 'service', typed: 'svc/data/redis' },
  { what: 'address or block', typed: '203.0.113.0/24' },
] as const;

function NothingAsked() {
  return (
    <Panel className="mt-6">
      <h1 className="sr-only">Explain a connection</h1>
      <EmptyState icon={<Route />} title="Can A reach B, and why?">
        <p>Name two ends. The answer names the policies, the rules and the lines that decide it.</p>
        <dl className="mx-auto mt-4 grid w-fit grid-cols-[auto_auto] gap-x-4 gap-y-1.5 text-left">
          {FORMS.map(({ what, typed }) => (
            <div key={what} className="contents">
              <dt>{what}</dt>
              <dd>
                <code className="rounded bg-sunken px-1 py-px font-mono text-text text-xs">
                  {typed}
                </code>
              </dd>
            </div>
          ))}
        </dl>
      </EmptyState>
    </Panel>
  );
}

function NoAnswer({
  cluster,
  query,
  error,
}: {
  readonly cluster: string;
  readonly query: ExplainQuery;
  readonly error: RequestFailed;
}) {
  return (
    <div className="mt-6">
      <Notice tone="negative" className="rounded-lg border">
        <h1 className="font-medium first-letter:uppercase">{error.message}</h1>
      </Notice>
      {error.status >= 400 && error.status < 500 && (
        <>
          <SuggestedQuestions cluster={cluster} query={query} end="from" />
          <SuggestedQuestions cluster={cluster} query={query} end="to" />
        </>
      )}
    </div>
  );
}

/** Holds the place of an answer, in its proportions. */
function Waiting() {
  return (
    <div role="status" aria-label="The connection is being explained" className="mt-6">
      <h1 className="sr-only">Explain a connection</h1>
      <div className="flex gap-4">
        <Skeleton className="size-10 rounded-full" />
        <Skeleton className="h-7 w-2/3" />
      </div>
      <Skeleton className="mt-8 h-16 w-full" />
      <div className="mt-8 grid gap-6 lg:grid-cols-2">
        <Skeleton className="h-64 w-full" />
        <Skeleton className="h-64 w-full" />
      </div>
    </div>
  );
}

function Answer({ cluster, query }: { readonly cluster: string; readonly query: ExplainQuery }) {
  const { data, error } = useView<ExplanationView>(cluster, `explain?${formatExplainQuery(query)}`);
  const links = useMemo(
    () => ({
      policy: () => null,
      endpoint: (endpoint: Parameters<typeof endpointPath>[1]) => endpointPath(cluster, endpoint),
    }),
    [cluster],
  );
  if (data !== undefined) {
    return (
      <ReferenceLinksContext value={links}>
        <div className="mt-6 flex flex-col gap-6">
          <OutdatedNotice error={error} />
          <VerdictSummary view={data} query={query} />
          <ExplanationBody view={data} />
        </div>
      </ReferenceLinksContext>
    );
  }
  if (error !== null) return <NoAnswer cluster={cluster} query={query} error={error} />;
  return <Waiting />;
}

/** "Can A reach B, and why?": the question in the URL, its answer below. */
export function ExplanationPage({ cluster }: { readonly cluster: string }) {
  const parameters = useSearchParams();
  const typed = {
    from: parameters.get('from') ?? '',
    to: parameters.get('to') ?? '',
    port: parameters.get('port') ?? '',
  };
  const isAsked = typed.from !== '' && typed.to !== '';
  const query = { ...typed, port: typed.port === '' ? null : typed.port };
  return (
    <main className="h-full overflow-y-auto">
      <div className="mx-auto max-w-6xl px-4 pt-5 pb-16 sm:px-6">
        <QuestionForm cluster={cluster} asked={typed} />
        {isAsked ? <Answer cluster={cluster} query={query} /> : <NothingAsked />}
      </div>
    </main>
  );
}
