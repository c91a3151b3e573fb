'use client';

import { ArrowRight } from 'lucide-react';
import { useId } from 'react';
import { classes } from '#components/ui/classes.ts';
import { Panel } from '#components/ui/panel.tsx';
import type { NamedPart } from './part-choice.ts';
import { portWords } from './reason-text.ts';
import { counted, endpointName } from './sentence.ts';
import { VerdictBadge } from './verdict-sign.tsx';

/** The answers for pods and ranges that differ; the one chosen is drawn below. */
export function AnswerParts({
  parts,
  chosen,
  onChoose,
}: {
  readonly parts: readonly NamedPart[];
  /** The name of the part that is drawn. */
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}) {
  const group = useId();
  return (
    <Panel aria-labelledby={`${group}-title`} className="overflow-hidden">
      <h2
        id={`${group}-title`}
        className="border-line border-b px-4 py-2 font-medium text-muted text-xs"
      >
        {counted(parts.length, 'answer')}: pods or addresses differ
      </h2>
      <div className="max-h-72 overflow-y-auto p-1">
        {parts.map(({ name, part }) => (
          <label
            key={name}
            className={classes(
              'flex min-h-9 items-center gap-3 rounded-md px-3 py-1 text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent',
              name === chosen ? 'bg-accent-soft' : 'hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name={group}
              checked={name === chosen}
              onChange={() => onChoose(name)}
              className="sr-only"
            />
            <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2">
              <span className="font-medium">{endpointName(part.from).text}</span>
              <ArrowRight aria-hidden className="size-3.5 shrink-0 text-faint" />
              <span className="sr-only">to</span>
              <span className="font-medium">{endpointName(part.to).text}</span>
              {part.port !== null && (
                <span className="font-mono text-muted text-xs">{portWords(part.port)}</span>
              )}
            </span>
            <span className="shrink-0 text-faint text-xs tabular-nums">
              {counted(part.pairs, 'pair')}
            </span>
            <VerdictBadge verdict={part.answer.verdict} />
          </label>
        ))}
      </div>
    </Panel>
  );
}
