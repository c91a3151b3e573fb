'use client';

import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import { workloadPath } from '#components/explanation/endpoint-question.ts';
import { counted } from '#components/explanation/sentence.ts';
import { KindGlyph } from '#components/status/kind-glyph.tsx';
import type { WorkloadView } from '#lib/view/workload-view.ts';
import { NAME_HEADING } from './heading-levels.ts';
import type { Place } from './use-peer-query.ts';

/** With more labels than `few`, all but those `shown` are folded away. */
const LABELS: Readonly<Record<Place, { readonly few: number; readonly shown: number }>> = {
  page: { few: 6, shown: 4 },
  panel: { few: 3, shown: 2 },
};

function Label({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <li className="max-w-full truncate rounded-[5px] border border-line bg-sunken/60 px-1.5 font-mono text-2xs text-muted leading-[18px]">
      {name}=<span className="text-text">{value}</span>
    </li>
  );
}

function Labels({
  labels,
  place,
}: {
  readonly labels: WorkloadView['labels'];
  readonly place: Place;
}) {
  const [all, setAll] = useState(false);
  const { few, shown: folded } = LABELS[place];
  const shown = all || labels.length <= few ? labels : labels.slice(0, folded);
  if (labels.length === 0) return <span className="text-faint">none</span>;
  return (
    <ul className="flex min-w-0 flex-wrap gap-1">
      {shown.map(({ key, value }) => (
        <Label key={key} name={key} value={value} />
      ))}
      {shown.length < labels.length && (
        <li>
          <button
            type="button"
            onClick={() => setAll(true)}
            className="rounded-[5px] px-1 text-2xs text-accent-text leading-[18px] hover:underline"
          >
            {labels.length - shown.length} more
          </button>
        </li>
      )}
    </ul>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

/** How many pods there are; a template's line stands for all its replicas. */
export function podTotal(pods: WorkloadView['pods']): number {
  return pods.reduce((sum, { replicas }) => sum + replicas, 0);
}

/** `6 running`, `5 running, 1 pending`; nothing for templates, whose pods have no phase yet. */
function phaseWords(pods: WorkloadView['pods']): string {
  const phases = new Map<string, number>();
  for (const { phase, replicas } of pods) {
    if (phase !== 'Unknown') phases.set(phase, (phases.get(phase) ?? 0) + replicas);
  }
  return [...phases].map(([phase, count]) => `${count} ${phase.toLowerCase()}`).join(', ');
}

/** What the workload is: kind, name, owner, pods, labels and the Services in front of it. */
export function WorkloadHeader({
  view,
  actions,
  place,
}: {
  readonly view: WorkloadView;
  readonly actions: ReactNode;
  readonly place: Place;
}) {
  const { ref, owner, pods, services, labels } = view;
  const Heading = NAME_HEADING[place];
  const phases = phaseWords(pods);
  return (
    <header>
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <span
          aria-hidden
          className="mt-0.5 flex size-8 shrink-0 items-center justify-center rounded-lg border border-line bg-surface text-muted shadow-card"
        >
          <KindGlyph kind={ref.kind} className="size-4" />
        </span>
        <div className="min-w-32 flex-1">
          <Heading className="truncate font-semibold text-lg leading-5" title={ref.name}>
            {ref.name}
          </Heading>
          <p className="mt-0.5 truncate text-muted text-xs">
            {ref.kind} in namespace <span className="font-medium text-text">{ref.namespace}</span>
          </p>
        </div>
        <div className="flex gap-1.5">{actions}</div>
      </div>
      <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-xs">
        {owner !== null && (
          <Fact name="Owner">
            <Link
              href={workloadPath(view.cluster, owner)}
              className="text-accent-text hover:underline"
            >
              {owner.kind} {owner.name}
            </Link>
          </Fact>
        )}
        <Fact name="Pods">
          {counted(podTotal(pods), 'pod')}
          {phases !== '' && <span className="text-muted"> · {phases}</span>}
          {pods.some((pod) => pod.hostNetwork) && (
            <span className="text-caution"> · host network: policies do not apply</span>
          )}
        </Fact>
        {services.length > 0 && (
          <Fact name="Services">
            <ul className="flex flex-wrap gap-x-3 gap-y-0.5">
              {services.map(({ namespace, name, ports }) => (
                <li key={`${namespace}/${name}`} className="inline-flex items-center gap-1">
                  <KindGlyph kind="Service" className="size-3 text-faint" />
                  {name}
                  <span className="font-mono text-2xs text-muted">{ports}</span>
                </li>
              ))}
            </ul>
          </Fact>
        )}
        <Fact name="Labels">
          <Labels labels={labels} place={place} />
        </Fact>
      </dl>
    </header>
  );
}
