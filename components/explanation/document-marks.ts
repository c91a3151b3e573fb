import type { ConsideredPolicy, ConsideredRule, SideAnswer } from '#lib/engine/explanation.ts';
import { policyKey } from '#lib/model/object-ref.ts';
import { type FieldPath, formatPath } from '#lib/model/problem.ts';
import type { DocumentView } from '#lib/view/explanation-view.ts';
import type { RuleView } from '#lib/view/workload-view.ts';
import { consideredRuleSentence } from './reason-text.ts';
import { type Sentence, sentence } from './sentence.ts';

/** What a line of a policy did to the verdict of one side. */
export type LineTone =
  /** In a rule that permits the connection. */
  | 'permits'
  /** In a rule that denies it. */
  | 'denies'
  /** In a rule that leaves it to the next tier. */
  | 'passes'
  /** Makes the policy isolate, and with that block. */
  | 'isolates'
  /** In the rule that nearly permits it. */
  | 'missed'
  /** In a rule that perhaps permits it. */
  | 'unsure'
  /** In a rule that does not match. */
  | 'idle';

export interface LineMark {
  readonly tone: LineTone;
  /** The line itself decides; the others of its rule stand around it. */
  readonly decides: boolean;
}

/** A remark beside a line. */
export interface MarginNote {
  readonly tone: LineTone;
  readonly words: Sentence;
}

/** By line, 1-based. Lines that played no part are absent. */
export interface MarkedDocument {
  readonly marks: ReadonlyMap<number, LineMark>;
  readonly notes: ReadonlyMap<number, readonly MarginNote[]>;
}

type Lines = readonly [first: number, last: number];

/** The lines of a field, or the first line of the nearest field around it that was written. */
function linesOf(document: DocumentView, path: FieldPath): Lines | null {
  const exact = document.lines[formatPath(path)];
  if (exact !== undefined) return exact;
  for (let length = path.length - 1; length > 0; length--) {
    const around = document.lines[formatPath(path.slice(0, length))];
    if (around !== undefined) return [around[0], around[0]];
  }
  return null;
}

const TONE_OF_ACTION = {
  allow: 'permits',
  deny: 'denies',
  pass: 'passes',
  log: 'idle',
} as const;

function toneOf(rule: ConsideredRule, isNearMiss: boolean): LineTone {
  switch (rule.match) {
    case 'yes':
      return rule.reached ? TONE_OF_ACTION[rule.action] : 'idle';
    case 'unknown':
      return 'unsure';
    case 'no':
      return isNearMiss ? 'missed' : 'idle';
  }
}

/** The fields of a rule that its tone is about: what matched, what is in doubt, what failed. */
function decidingPaths(rule: ConsideredRule, tone: LineTone): readonly FieldPath[] {
  const items = [...rule.peers, ...rule.ports];
  switch (tone) {
    case 'permits':
    case 'denies':
    case 'passes':
      return items.filter((item) => item.match === 'yes').map((item) => item.path);
    case 'unsure':
      return items.filter((item) => item.match === 'unknown').map((item) => item.path);
    case 'missed':
      return (rule.peer === 'no' ? rule.peers : rule.ports).map((item) => item.path);
    case 'isolates':
    case 'idle':
      return [];
  }
}

/** A document being marked: later marks lie over earlier ones. */
class Marking implements MarkedDocument {
  readonly marks = new Map<number, LineMark>();
  readonly notes = new Map<number, MarginNote[]>();

  mark([first, last]: Lines, tone: LineTone, decides: boolean): void {
    for (let line = first; line <= last; line++) this.marks.set(line, { tone, decides });
  }

  note(line: number, tone: LineTone, words: Sentence): void {
    this.notes.set(line, [...(this.notes.get(line) ?? []), { tone, words }]);
  }
}

/** Lights the field that isolates, on a side that blocks because of it. */
function markIsolation(
  marking: Marking,
  document: DocumentView,
  { policy, isolatedAt }: ConsideredPolicy,
  { reason, direction }: SideAnswer,
): void {
  if (reason.kind !== 'isolated' || isolatedAt === null) return;
  const key = policyKey(policy);
  if (!reason.by.some((by) => policyKey(by) === key)) return;
  const lines = linesOf(document, isolatedAt.path);
  if (lines === null) return;
  // A defaulted field is not there to be lit: the line it would stand under is.
  marking.mark(isolatedAt.defaulted ? [lines[0], lines[0]] : lines, 'isolates', true);
  marking.note(lines[0], 'isolates', sentence`isolates for ${direction}`);
}

/** Lights or dims one rule, with the remark why. */
function markRule(
  marking: Marking,
  document: DocumentView,
  rule: ConsideredRule,
  tone: LineTone,
  written: RuleView | null,
): void {
  const lines = linesOf(document, rule.path);
  if (lines === null) return;
  marking.mark(lines, tone, false);
  for (const path of decidingPaths(rule, tone)) {
    const item = linesOf(document, path);
    const isRule = formatPath(path) === formatPath(rule.path);
    // A rule for everybody lists no peer: its first line stands for that.
    if (item !== null) marking.mark(isRule ? [lines[0], lines[0]] : item, tone, true);
  }
  marking.note(lines[0], tone, consideredRuleSentence(rule, written));
}

/** Marks the lines of a policy by what they did on one side, with a remark at each rule. */
export function markDocument(
  document: DocumentView,
  considered: ConsideredPolicy,
  side: SideAnswer,
): MarkedDocument {
  const marking = new Marking();
  markIsolation(marking, document, considered, side);
  const key = policyKey(considered.policy);
  for (const rule of considered.rules) {
    const near = side.nearMiss?.rule;
    const isNear = near?.index === rule.index && policyKey(near.policy) === key;
    const written = document.rules[side.direction].find(
      ({ rule: { index } }) => index === rule.index,
    );
    markRule(marking, document, rule, toneOf(rule, isNear), written ?? null);
  }
  return marking;
}

/** A stretch of lines that is shown, or folded away until asked for. */
export interface Region {
  readonly folded: boolean;
  readonly first: number;
  readonly last: number;
}

const SHORT_DOCUMENT = 24;
const CONTEXT = 1;
const WORTH_FOLDING = 4;
const IDLE_SHOWN = 6;

/** Folds what played no part, so that the lines that did are on one screen; short documents stay whole. */
export function foldDocument(lineCount: number, marked: MarkedDocument): readonly Region[] {
  if (lineCount <= SHORT_DOCUMENT) return [{ folded: false, first: 1, last: lineCount }];
  const kept = keptLines(marked);
  const regions: Region[] = [];
  for (let first = 1; first <= lineCount; ) {
    const shown = kept.has(first);
    let last = first;
    while (last < lineCount && kept.has(last + 1) === shown) last++;
    const folded = !shown && last - first + 1 >= WORTH_FOLDING;
    const previous = regions.at(-1);
    if (previous !== undefined && previous.folded === folded) {
      regions[regions.length - 1] = { ...previous, last };
    } else regions.push({ folded, first, last });
    first = last + 1;
  }
  return regions;
}

/** Every rule with a line around it; of those that do not match only the beginning. */
function keptLines({ marks, notes }: MarkedDocument): ReadonlySet<number> {
  const kept = new Set<number>();
  const keep = (first: number, last: number) => {
    for (let line = first; line <= last; line++) kept.add(line);
  };
  for (const [line, { tone }] of marks) if (tone !== 'idle') keep(line - CONTEXT, line + CONTEXT);
  for (const [line, remarks] of notes) {
    const isIdle = remarks.some(({ tone }) => tone === 'idle');
    keep(line - CONTEXT, line + (isIdle ? IDLE_SHOWN - 1 : CONTEXT));
  }
  return kept;
}
