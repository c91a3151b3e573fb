'use client';

import { Crosshair } from 'lucide-react';
import { useContext, useMemo } from 'react';
import type { PortQuery, SideAnswer } from '#lib/engine/explanation.ts';
import { policyKey } from '#lib/model/object-ref.ts';
import { formatPath } from '#lib/model/problem.ts';
import type { DocumentView } from '#lib/view/explanation-view.ts';
import type { EndpointView } from '#lib/view/workload-view.ts';
import { ConsideredPolicyCard, policyAnchor } from './considered-policy.tsx';
import { nearMissSentence, reasonSentence, requestSentence } from './reason-text.ts';
import { counted, endpointName } from './sentence.ts';
import { VerdictBadge } from './verdict-sign.tsx';
import { type ReferenceLinks, ReferenceLinksContext, Words } from './words.tsx';

/** With more policies than this, those that decided nothing start closed. */
const ALL_OPEN = 3;

/** Policies whose text should be in sight: those that the reason or the closest rule names. */
function namedPolicies({ reason, nearMiss, considered }: SideAnswer): ReadonlySet<string> {
  const near = nearMiss === null ? [] : [policyKey(nearMiss.rule.policy)];
  switch (reason.kind) {
    case 'rules':
      return new Set(reason.rules.map((rule) => policyKey(rule.policy)));
    case 'denied':
      return new Set([policyKey(reason.by.policy)]);
    case 'isolated':
      return new Set([...near, ...(considered.length <= ALL_OPEN ? reason.by.map(policyKey) : [])]);
    case 'unknown':
      return new Set(
        considered
          .filter(({ valid, rules }) => !valid || rules.some((rule) => rule.match === 'unknown'))
          .map(({ policy }) => policyKey(policy)),
      );
    case 'isolated-by-plugin':
    case 'no-policy':
    case 'not-decided':
    case 'same-pod':
    case 'host-network':
    case 'outside':
    case 'local-node':
      return new Set();
  }
}

/** One side of a connection: what it answers, why, and every policy that was asked. */
export function ConnectionSide({
  side,
  subject,
  peer,
  port,
  documents,
}: {
  readonly side: SideAnswer;
  readonly subject: EndpointView;
  readonly peer: EndpointView;
  readonly port: PortQuery | null;
  readonly documents: readonly DocumentView[];
}) {
  const { direction, considered, nearMiss, requests } = side;
  const ends = { direction, subject, peer };
  const named = namedPolicies(side);
  const around = useContext(ReferenceLinksContext);
  // A policy that selects both ends stands on both sides: each leads to its own copy.
  const links = useMemo<ReferenceLinks>(
    () => ({ ...around, policy: (policy) => `#${policyAnchor(direction, policyKey(policy))}` }),
    [around, direction],
  );
  return (
    <ReferenceLinksContext value={links}>
      <section aria-labelledby={`${direction}-side`} className="min-w-0">
        <div className="flex items-center gap-2">
          <h2 id={`${direction}-side`} className="min-w-0 truncate font-semibold text-base">
            {direction === 'egress' ? 'Egress of ' : 'Ingress of '}
            {endpointName(subject).text}
          </h2>
          <VerdictBadge verdict={side.verdict} />
        </div>
        <p className="mt-1 text-muted text-sm">
          <Words of={reasonSentence(side.reason, ends)} />
        </p>
        {requests.length > 0 && (
          <ul className="mt-3 flex flex-col gap-1 rounded-lg border border-caution-line/40 bg-caution-soft px-3 py-2 text-sm">
            {requests.map((request) => (
              <li key={formatPath(request.path)}>
                <Words of={requestSentence(request)} />
              </li>
            ))}
          </ul>
        )}
        {nearMiss !== null && (
          <p className="mt-3 flex items-start gap-2 rounded-lg border border-accent/30 bg-accent-soft px-3 py-2 text-sm">
            <Crosshair aria-hidden className="mt-0.5 size-4 shrink-0 text-accent-text" />
            <span>
              <Words of={nearMissSentence(nearMiss, port)} />
            </span>
          </p>
        )}
        {considered.length > 0 && (
          <>
            <p className="mt-4 mb-2 font-medium text-muted text-xs">
              {counted(considered.length, 'policy', 'policies')} considered
            </p>
            <ol className="flex flex-col gap-2">
              {considered.map((policy) => {
                const key = policyKey(policy.policy);
                return (
                  <li key={key}>
                    <ConsideredPolicyCard
                      considered={policy}
                      side={side}
                      ends={ends}
                      document={documents.find((document) => document.key === key)}
                      open={named.has(key)}
                    />
                  </li>
                );
              })}
            </ol>
          </>
        )}
      </section>
    </ReferenceLinksContext>
  );
}
