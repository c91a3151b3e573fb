import type { ConsideredPolicy, ConsideredRule, SideAnswer } from '#lib/engine/explanation.ts';
import { policyKey } from '#lib/model/object-ref.ts';
import { type FieldPath, formatPath } from '#lib/model/problem.ts';
import type { DocumentView } from '#lib/view/explanation-view.ts';
import { consideredRuleSentence } from './reason-text.ts';
import { type Sentence, sentence } from './sentence.ts';

/** What a line of a policy did to the verdict of one side. */
export type LineTone =
  /** In a rule that permits the connection. */
  | 'permits'
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

function toneOf(rule: ConsideredRule, isNearMiss: boolean): LineTone {
  switch (rule.match) {
    case 'yes':
      return 'permits';
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

/** Marks the lines of a policy by what they did on one side, with a remark at each rule. */
export function markDocument(
  document: DocumentView,
  considered: ConsideredPolicy,
  side: SideAnswer,
): MarkedDocument {
  const marks = new Map<number, LineMark>();
  const notes = new Map<number, MarginNote[]>();
  const mark = (lines: Lines, tone: LineTone, decides: boolean) => {
    for (let line = lines[0]; line <= lines[1]; line++) marks.set(line, { tone, decides });
  };
  const note = (line: number, tone: LineTone, words: Sentence) =>
    notes.set(line, [...(notes.get(line) ?? []), { tone, words }]);

  const key = policyKey(considered.policy);
  const { reason, direction, nearMiss } = side;
  if (reason.kind === 'isolated' && reason.by.some((policy) => policyKey(policy) === key)) {
    const selector = linesOf(document, ['spec', 'podSelector']);
    if (selector !== null) mark(selector, 'isolates', false);
    const at =
      considered.isolatedAt === null ? null : linesOf(document, considered.isolatedAt.path);
    if (at !== null) {
      // A defaulted field is not there to be lit: the line it would stand under is.
      mark(considered.isolatedAt?.defaulted ? [at[0], at[0]] : at, 'isolates', true);
      note(at[0], 'isolates', sentence`isolates for ${direction}`);
    }
  }
  for (const rule of considered.rules) {
    const lines = linesOf(document, rule.path);
    if (lines === null) continue;
    const isNearMiss =
      nearMiss?.rule.index === rule.index && policyKey(nearMiss.rule.policy) === key;
    const tone = toneOf(rule, isNearMiss);
    mark(lines, tone, false);
    for (const path of decidingPaths(rule, tone)) {
      const item = linesOf(document, path);
      // A rule for everybody lists no peer: its first line stands for that.
      if (item !== null)
        mark(formatPath(path) === formatPath(rule.path) ? [lines[0], lines[0]] : item, tone, true);
    }
    const written = document.rules[direction].find((view) => view.rule.index === rule.index);
    note(lines[0], tone, consideredRuleSentence(rule, written ?? null));
  }
  return { marks, notes };
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

/** Folds what played no part, so that the lines that did are on one screen; short documents stay whole. */
export function foldDocument(lineCount: number, marked: MarkedDocument): readonly Region[] {
  if (lineCount <= SHORT_DOCUMENT) return [{ folded: false, first: 1, last: lineCount }];
  const kept = new Set<number>();
  const keep = (line: number, around: number) => {
    for (let i = line - around; i <= line + around; i++) kept.add(i);
  };
  for (const [line, { tone }] of marked.marks) if (tone !== 'idle') keep(line, CONTEXT);
  for (const line of marked.notes.keys()) keep(line, CONTEXT);
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
