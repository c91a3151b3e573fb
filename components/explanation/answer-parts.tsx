'use client';

import { ArrowRight } from 'lucide-react';
import { useId } from 'react';
import { classes } from '#components/ui/classes.ts';
import { Panel } from '#components/ui/panel.tsx';
import type { ExplanationPart } from '#lib/view/explanation-view.ts';
import { portWords } from './reason-text.ts';
import { counted, endpointName } from './sentence.ts';
import { VerdictBadge } from './verdict-sign.tsx';

/** The answers for pods and ranges that differ; the one chosen is drawn below. */
export function AnswerParts({
  parts,
  chosen,
  onChoose,
}: {
  readonly parts: readonly ExplanationPart[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}) {
  const name = useId();
  return (
    <Panel aria-labelledby={`${name}-title`} className="overflow-hidden">
      <h2
        id={`${name}-title`}
        className="border-line border-b px-4 py-2 font-medium text-muted text-xs"
      >
        {counted(parts.length, 'answer')}: pods or addresses differ
      </h2>
      <div className="max-h-72 overflow-y-auto p-1">
        {parts.map((part, i) => (
          <label
            // biome-ignore lint/suspicious/noArrayIndexKey: the URL names the parts by their place
            key={i}
            className={classes(
              'flex min-h-9 items-center gap-3 rounded-md px-3 py-1 text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent',
              i === chosen ? 'bg-accent-soft' : 'hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name={name}
              checked={i === chosen}
              onChange={() => onChoose(i)}
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
