'use client';

import {
  Ban,
  Check,
  ChevronsUpDown,
  CircleQuestionMark,
  CornerDownRight,
  Crosshair,
  Lock,
  Minus,
} from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { classes } from '#components/ui/classes.ts';
import {
  foldDocument,
  type LineMark,
  type LineTone,
  type MarginNote,
  type MarkedDocument,
} from './document-marks.ts';
import { Words } from './words.tsx';
import { type YamlToken, yamlTokens } from './yaml-tokens.ts';

const TONES: Record<
  LineTone,
  {
    readonly icon: typeof Check;
    readonly words: string;
    readonly around: string;
    readonly decides: string;
  }
> = {
  permits: {
    icon: Check,
    words: 'text-positive',
    around: 'border-positive/40 bg-positive-soft/45',
    decides: 'border-positive bg-positive-soft',
  },
  denies: {
    icon: Ban,
    words: 'text-negative',
    around: 'border-negative/40 bg-negative-soft/45',
    decides: 'border-negative bg-negative-soft',
  },
  passes: {
    icon: CornerDownRight,
    words: 'text-muted',
    around: 'border-line bg-sunken/60',
    decides: 'border-line-strong bg-sunken',
  },
  isolates: {
    icon: Lock,
    words: 'text-negative',
    around: 'border-negative/40 bg-negative-soft/45',
    decides: 'border-negative bg-negative-soft',
  },
  missed: {
    icon: Crosshair,
    words: 'text-accent-text',
    around: 'border-accent/40 bg-accent-soft/45',
    decides: 'border-accent bg-accent-soft',
  },
  unsure: {
    icon: CircleQuestionMark,
    words: 'text-caution',
    around: 'border-caution-line/50 bg-caution-soft/45',
    decides: 'border-caution-line bg-caution-soft',
  },
  idle: { icon: Minus, words: 'text-faint', around: 'border-transparent', decides: '' },
};

const COLOURS: Record<YamlToken['kind'], string> = {
  space: '',
  mark: 'text-faint',
  key: 'text-accent-text',
  string: 'text-text',
  literal: 'text-text',
  plain: 'text-text',
  comment: 'text-faint italic',
};

function lineLook(mark: LineMark | undefined): string {
  if (mark === undefined) return 'border-transparent';
  const tone = TONES[mark.tone];
  return mark.decides ? tone.decides : tone.around;
}

function Line({
  number,
  text,
  mark,
}: {
  readonly number: number;
  readonly text: string;
  readonly mark: LineMark | undefined;
}) {
  return (
    <div
      data-line={number}
      className={classes('grid grid-cols-[2.75rem_1fr] border-l-[3px] pr-4', lineLook(mark))}
    >
      <span
        aria-hidden
        className={classes(
          'select-none pr-3 text-right tabular-nums',
          mark?.decides === true ? 'font-medium text-text' : 'text-faint',
        )}
      >
        {number}
      </span>
      <code className="whitespace-pre-wrap [overflow-wrap:anywhere]">
        {mark?.tone === 'idle' ? (
          <span className="text-faint">{text}</span>
        ) : (
          yamlTokens(text).map((token, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the tokens of a line have no other name
            <span key={i} className={COLOURS[token.kind]}>
              {token.text}
            </span>
          ))
        )}
        {text === '' && ' '}
      </code>
    </div>
  );
}

function Remark({ note }: { readonly note: MarginNote }) {
  const { icon: Icon, words, around } = TONES[note.tone];
  return (
    <p
      className={classes(
        'flex items-start gap-2 border-l-[3px] py-1 pr-4 pl-[1.125rem] font-medium font-sans text-xs',
        words,
        around,
      )}
    >
      <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span>
        {note.tone === 'missed' && 'Closest: '}
        <Words of={note.words} />
      </span>
    </p>
  );
}

/** Room over the first lit line, for the remark on its rule and what it stands in. */
const ABOVE_LIT = 70;

/** A policy's text with line numbers: what decided is lit, what did not match is dimmed and says why. */
export function DocumentText({
  text,
  label,
  marked,
}: {
  readonly text: string;
  /** Names the text for screen readers. */
  readonly label: string;
  readonly marked: MarkedDocument;
}) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const frame = useRef<HTMLElement>(null);
  const lines = text.replace(/\n$/, '').split('\n');
  const deciding = [...marked.marks].filter(([, mark]) => mark.decides).map(([line]) => line);
  const [firstLit, lastLit] = [Math.min(...deciding), Math.max(...deciding)];

  useEffect(() => {
    const { current } = frame;
    const lineAt = (line: number) => current?.querySelector<HTMLElement>(`[data-line="${line}"]`);
    const [first, last] = [lineAt(firstLit), lineAt(lastLit)];
    if (!current || !first || !last) return;
    // Only the frame scrolls, never the page: a person reading elsewhere keeps the place.
    const bottom = last.offsetTop + last.offsetHeight;
    if (bottom > current.clientHeight) current.scrollTop = first.offsetTop - ABOVE_LIT;
  }, [firstLit, lastLit]);

  return (
    <figure
      ref={frame}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      className="relative max-h-[34rem] overflow-y-auto py-1.5 font-mono text-xs leading-5 outline-offset-[-2px]"
    >
      {foldDocument(lines.length, marked).map((region) => {
        const count = region.last - region.first + 1;
        if (region.folded && !unfolded.has(region.first)) {
          return (
            <button
              key={region.first}
              type="button"
              onClick={() => setUnfolded(new Set([...unfolded, region.first]))}
              className="my-0.5 flex w-full items-center gap-2 border-transparent border-l-[3px] bg-sunken/60 py-0.5 pl-4 text-left font-sans text-faint text-xs outline-offset-[-2px] hover:text-text"
            >
              <ChevronsUpDown aria-hidden className="size-3.5" />
              Show {count} lines
            </button>
          );
        }
        return lines.slice(region.first - 1, region.last).map((line, i) => {
          const number = region.first + i;
          return (
            <div key={number}>
              {marked.notes.get(number)?.map((note) => (
                <Remark key={note.tone} note={note} />
              ))}
              <Line number={number} text={line} mark={marked.marks.get(number)} />
            </div>
          );
        });
      })}
    </figure>
  );
}
