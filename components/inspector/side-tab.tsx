'use client';

import type { ReactNode } from 'react';
import { isolationSentence } from '#components/explanation/reason-text.ts';
import { IsolationTag } from '#components/status/isolation.tsx';
import type { WorkloadSideView, WorkloadView } from '#lib/view/workload-view.ts';
import { EntryList } from './entry-list.tsx';
import { SECTION_HEADING } from './heading-levels.ts';
import { PeersTable } from './peers-table.tsx';
import { RulesTable } from './rules-table.tsx';
import type { Place } from './use-peer-query.ts';

function Section({
  title,
  place,
  children,
}: {
  readonly title: string;
  readonly place: Place;
  readonly children: ReactNode;
}) {
  const Heading = SECTION_HEADING[place];
  return (
    <section className="border-line border-t">
      <Heading className="px-4 pt-4 pb-2 font-semibold text-sm">{title}</Heading>
      {children}
    </section>
  );
}

const WORDS = {
  ingress: {
    rules: 'What the rules permit to come in',
    peers: 'Who can really connect',
    nobody: 'Nobody can connect: no peer is permitted by both sides.',
  },
  egress: {
    rules: 'What the rules permit to go out',
    peers: 'Whom it can really reach',
    nobody: 'It can reach nobody: no peer is permitted by both sides.',
  },
} as const;

/** One direction of a workload: its state in a sentence, the rules, and the peers that result. */
export function SideTab({
  view,
  side,
  place,
}: {
  readonly view: WorkloadView;
  readonly side: WorkloadSideView;
  readonly place: Place;
}) {
  const { direction, isolation, policies, peers } = side;
  const words = WORDS[direction];
  return (
    <>
      <div className="flex items-start gap-2.5 px-4 py-3">
        <IsolationTag direction={direction} state={isolation} />
        <p className="text-muted text-sm">
          {view.pods.every((pod) => pod.hostNetwork)
            ? 'Policies do not apply: its pods use the network of their nodes.'
            : isolationSentence(isolation, direction, policies.length)}
          {view.mixed && ' Its pods are judged differently; these are the answers of all together.'}
        </p>
      </div>
      {direction === 'ingress' && view.entries.length > 0 && (
        <Section title="Ways in from outside" place={place}>
          <EntryList view={view} />
        </Section>
      )}
      {policies.length > 0 && (
        <Section title={words.rules} place={place}>
          <RulesTable side={side} />
        </Section>
      )}
      <Section title={words.peers} place={place}>
        {peers.length === 0 ? (
          <p className="px-4 pb-4 text-muted text-sm">{words.nobody}</p>
        ) : (
          <PeersTable view={view} side={side} place={place} />
        )}
      </Section>
    </>
  );
}
