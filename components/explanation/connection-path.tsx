'use client';

import { Check, CircleQuestionMark, CircleSlash } from 'lucide-react';
import Link from 'next/link';
import { useContext } from 'react';
import { KindGlyph } from '#components/status/kind-glyph.tsx';
import { classes } from '#components/ui/classes.ts';
import type { ConnectionAnswer, SideAnswer, Verdict } from '#lib/engine/explanation.ts';
import type { EndpointView } from '#lib/view/workload-view.ts';
import { counted, endpointName } from './sentence.ts';
import { ReferenceLinksContext } from './words.tsx';

function endpointDetail(endpoint: EndpointView): string {
  switch (endpoint.kind) {
    case 'workload':
      return `${endpoint.ref.kind} · ${counted(endpoint.pods, 'pod')}`;
    case 'pod':
      return `Pod of ${endpoint.workload.kind} ${endpoint.workload.name}`;
    case 'node':
      return endpoint.address;
    case 'addresses':
      return 'outside the cluster';
  }
}

function endpointKind(endpoint: EndpointView): string {
  switch (endpoint.kind) {
    case 'workload':
    case 'pod':
      return endpoint.ref.kind;
    case 'node':
      return 'Node';
    case 'addresses':
      return 'Addresses';
  }
}

function EndpointCard({ endpoint }: { readonly endpoint: EndpointView }) {
  const href = useContext(ReferenceLinksContext).endpoint(endpoint);
  const { text } = endpointName(endpoint);
  return (
    <div className="flex min-w-0 items-center gap-2.5 rounded-lg border border-line bg-surface px-3 py-2 shadow-card md:max-w-72">
      <KindGlyph kind={endpointKind(endpoint)} className="size-4 text-muted" />
      <div className="min-w-0">
        <div className="truncate font-medium text-sm" title={text}>
          {href === null ? (
            text
          ) : (
            <Link href={href} className="hover:underline">
              {text}
            </Link>
          )}
        </div>
        <div className="truncate text-faint text-xs">{endpointDetail(endpoint)}</div>
      </div>
    </div>
  );
}

/** What still flows on a stretch of the way: all of it, perhaps, or nothing. */
type Flow = Verdict;

const STROKES: Record<Flow, string> = {
  allowed: 'border-positive border-solid',
  unknown: 'border-caution-line border-dashed',
  blocked: 'border-line-strong border-dotted',
};

function Stretch({ flow, words = '' }: { readonly flow: Flow; readonly words?: string }) {
  return (
    <div
      aria-hidden
      className={classes(
        'relative flex items-center justify-center md:h-auto md:min-w-8 md:flex-1',
        words === '' ? 'h-7' : 'h-11',
      )}
    >
      <div
        className={classes(
          'h-full border-l-2 md:h-0 md:w-full md:border-t-2 md:border-l-0',
          STROKES[flow],
        )}
      />
      {words !== '' && (
        <span className="absolute whitespace-nowrap rounded bg-canvas px-1.5 font-mono text-muted text-xs">
          {words}
        </span>
      )}
    </div>
  );
}

const POSTS: Record<Verdict, string> = {
  allowed: 'bg-positive',
  blocked: 'bg-negative',
  unknown: 'bg-caution-line',
};

const DISCS: Record<Verdict, string> = {
  allowed: 'border-positive bg-positive-soft text-positive',
  blocked: 'border-negative bg-negative-soft text-negative',
  unknown: 'border-caution-line bg-caution-soft text-caution',
};

const SIGNS = { allowed: Check, blocked: CircleSlash, unknown: CircleQuestionMark } as const;

/** A gate in the way: posts left and right of the sign; its words say the same. */
function Gate({ side }: { readonly side: SideAnswer }) {
  const Sign = SIGNS[side.verdict];
  const post = classes('h-[3px] w-5 rounded-full md:h-4 md:w-[3px]', POSTS[side.verdict]);
  return (
    <div className="relative flex items-center gap-1 md:flex-col">
      <div aria-hidden className={post} />
      <div
        aria-hidden
        className={classes(
          'flex size-8 items-center justify-center rounded-full border-2',
          DISCS[side.verdict],
        )}
      >
        <Sign className="size-4" strokeWidth={2.5} />
      </div>
      <div aria-hidden className={post} />
      <div className="absolute left-full ml-2 whitespace-nowrap text-xs md:top-full md:left-auto md:mt-1 md:ml-0">
        <span className="font-medium">{side.direction === 'egress' ? 'Egress' : 'Ingress'}</span>{' '}
        <span className="text-muted">{side.verdict}</span>
      </div>
    </div>
  );
}

/** The connection as a way with two gates: the egress of its source, then the ingress of its destination. */
export function ConnectionPath({
  from,
  to,
  port,
  answer,
}: {
  readonly from: EndpointView;
  readonly to: EndpointView;
  /** On which port, in words. */
  readonly port: string;
  readonly answer: ConnectionAnswer;
}) {
  const { egress, ingress } = answer;
  // What did not pass the first gate never comes to the second.
  const between: Flow = egress.verdict;
  return (
    <div className="flex flex-col items-center md:flex-row md:pt-1 md:pb-7">
      <EndpointCard endpoint={from} />
      <Stretch flow="allowed" />
      <Gate side={egress} />
      <Stretch flow={between} words={port} />
      <Gate side={ingress} />
      <Stretch flow={answer.verdict} />
      <EndpointCard endpoint={to} />
    </div>
  );
}
