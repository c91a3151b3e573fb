'use client';

import { Route } from 'lucide-react';
import Link from 'next/link';
import { useView } from '#components/data/use-view.ts';
import { policyAnchor } from '#components/explanation/considered-policy.tsx';
import { explainPath } from '#components/explanation/endpoint-question.ts';
import {
  explanationHeadline,
  pairCounts,
  reasonSentence,
} from '#components/explanation/reason-text.ts';
import { ReferenceLinksContext, Words } from '#components/explanation/words.tsx';
import { Button } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { SideAnswer } from '#lib/engine/explanation.ts';
import { type PolicyRef, policyKey } from '#lib/model/object-ref.ts';
import type { ExplanationPart, ExplanationView } from '#lib/view/explanation-view.ts';
import { formatExplainQuery } from '#lib/view/query.ts';
import type { EndpointView } from '#lib/view/workload-view.ts';

function Side({
  side,
  subject,
  peer,
  explainHref,
}: {
  readonly side: SideAnswer;
  readonly subject: EndpointView;
  readonly peer: EndpointView;
  readonly explainHref: string;
}) {
  const { direction, reason } = side;
  const links = {
    policy: (policy: PolicyRef) => `${explainHref}#${policyAnchor(direction, policyKey(policy))}`,
    endpoint: () => null,
  };
  return (
    <li className="border-line border-t px-4 py-3">
      <h3 className="font-medium text-sm">
        {direction === 'egress' ? 'Egress of the source' : 'Ingress of the destination'}
      </h3>
      <p className="mt-0.5 text-muted text-sm">
        <ReferenceLinksContext value={links}>
          <Words of={reasonSentence(reason, { direction, subject, peer })} />
        </ReferenceLinksContext>
      </p>
    </li>
  );
}

function Reasons({
  part,
  explainHref,
}: {
  readonly part: ExplanationPart;
  readonly explainHref: string;
}) {
  const { from, to, answer } = part;
  return (
    <ul>
      <Side side={answer.egress} subject={from} peer={to} explainHref={explainHref} />
      <Side side={answer.ingress} subject={to} peer={from} explainHref={explainHref} />
    </ul>
  );
}

/** Why two workloads, or a workload and addresses, may connect. */
export function EdgeConnection({
  cluster,
  from,
  to,
}: {
  readonly cluster: string;
  readonly from: string;
  readonly to: string;
}) {
  const query = { from, to, port: null };
  const { data, error } = useView<ExplanationView>(cluster, `explain?${formatExplainQuery(query)}`);
  if (data === undefined)
    return error === null ? (
      <Skeleton className="m-4 h-32" />
    ) : (
      <Notice tone="negative">{error.message}</Notice>
    );
  const href = explainPath(cluster, query);
  const [part] = data.parts;
  return (
    <>
      {part !== undefined && data.parts.length === 1 ? (
        <Reasons part={part} explainHref={href} />
      ) : (
        <p className="border-line border-t px-4 py-3 text-sm">
          {explanationHeadline(data)}: {pairCounts(data)}.
        </p>
      )}
      <div className="border-line border-t px-4 py-3">
        <Button size="sm" asChild>
          <Link href={href}>
            <Route aria-hidden className="size-3.5" />
            Explain line by line
          </Link>
        </Button>
      </div>
    </>
  );
}
