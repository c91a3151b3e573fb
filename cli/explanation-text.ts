import { foldDocument, markDocument } from '#components/explanation/document-marks.ts';
import {
  consideredPolicySentence,
  consideredRuleSentence,
  explanationHeadline,
  nearMissSentence,
  noteSentence,
  pairCounts,
  portWords,
  reasonSentence,
  requestSentence,
  type SideEnds,
} from '#components/explanation/reason-text.ts';
import { routingSentence, serviceSentence } from '#components/explanation/routing-text.ts';
import {
  counted,
  endpointName,
  plainText,
  qualifiedPolicy,
} from '#components/explanation/sentence.ts';
import type {
  ConsideredPolicy,
  ConsideredRule,
  PortQuery,
  SideAnswer,
} from '#lib/engine/explanation.ts';
import { policyKey, policyKindName } from '#lib/model/object-ref.ts';
import { formatPath } from '#lib/model/problem.ts';
import type { DocumentView, ExplanationPart, ExplanationView } from '#lib/view/explanation-view.ts';
import { printable } from './output.ts';

/** An explanation for a terminal: the answer first, then each side with the lines that decide. */
export function* explanationText(view: ExplanationView): Generator<string> {
  for (const line of lines(view)) yield `${printable(line).trimEnd()}\n`;
}

function* lines(view: ExplanationView): Generator<string> {
  yield explanationHeadline(view);
  if (view.service !== null) yield plainText(serviceSentence(view.service));
  for (const note of view.notes) yield plainText(routingSentence(note));
  if (view.parts.length > 1) yield `${pairCounts(view)}.`;
  for (const part of view.parts) yield* partLines(part, view);
}

function* partLines(part: ExplanationPart, view: ExplanationView): Generator<string> {
  const { from, to, port, pairs, answer } = part;
  if (view.parts.length > 1) {
    const ends = `${endpointName(from).text} => ${endpointName(to).text}, ${portWords(port)}`;
    yield '';
    yield `== ${ends} (${counted(pairs, 'pair')}): ${answer.verdict}`;
  }
  yield* sideLines(answer.egress, { direction: 'egress', subject: from, peer: to }, port, view);
  yield* sideLines(answer.ingress, { direction: 'ingress', subject: to, peer: from }, port, view);
}

function* sideLines(
  side: SideAnswer,
  ends: SideEnds,
  port: PortQuery | null,
  { documents }: ExplanationView,
): Generator<string> {
  const name = side.direction === 'egress' ? 'Egress' : 'Ingress';
  yield '';
  yield `${name} of ${endpointName(ends.subject).text}: ${side.verdict}`;
  yield `  ${plainText(reasonSentence(side.reason, ends))}`;
  for (const request of side.requests) yield `  ${plainText(requestSentence(request))}`;
  if (side.nearMiss !== null) yield `  ${plainText(nearMissSentence(side.nearMiss, port))}`;
  for (const considered of side.considered) {
    const key = policyKey(considered.policy);
    const document = documents.find((each) => each.key === key);
    yield* policyLines(considered, side, ends, document ?? null);
  }
}

function* policyLines(
  considered: ConsideredPolicy,
  side: SideAnswer,
  ends: SideEnds,
  document: DocumentView | null,
): Generator<string> {
  const written = document?.writtenAt ?? null;
  const place = written === null ? '' : ` (${written})`;
  const { policy, isolatedAt, rules } = considered;
  const at = isolatedAt === null || isolatedAt.defaulted ? '' : ` (${formatPath(isolatedAt.path)})`;
  yield '';
  yield `  ${policyKindName(policy)} ${qualifiedPolicy(policy).text}${place}`;
  yield `    ${plainText(consideredPolicySentence(considered, ends))}${at}`;
  for (const note of document?.notes ?? []) yield `    ${plainText(noteSentence(note))}`;
  for (const rule of rules) {
    const view = document?.rules[side.direction].find((each) => each.rule.index === rule.index);
    yield `    ${plainText(consideredRuleSentence(rule, view ?? null))}${decidingFields(rule)}`;
  }
  if (document !== null) yield* documentLines(document, considered, side);
}

/** The items of a rule that permit, or may. */
function decidingFields({ match, path, peers, ports }: ConsideredRule): string {
  if (match === 'no') return '';
  const items = [...peers, ...ports].filter((item) => item.match === match);
  const paths = items.length === 0 ? [path] : items.map((item) => item.path);
  return `: ${[...new Set(paths.map(formatPath))].join(', ')}`;
}

/**
 * The policy's text, numbered as in its file, with `>` before the lines that decide. Nothing where
 * none does.
 */
function* documentLines(
  document: DocumentView,
  considered: ConsideredPolicy,
  side: SideAnswer,
): Generator<string> {
  const { marks, notes } = markDocument(document, considered, side);
  if (![...marks.values()].some(({ decides }) => decides)) return;
  yield '';
  const text = document.text.trimEnd().split('\n');
  const before = Number(/:(\d+)$/.exec(document.writtenAt ?? '')?.[1] ?? 1) - 1;
  const width = String(before + text.length).length;
  for (const { folded, first, last } of foldDocument(text.length, { marks, notes })) {
    if (folded) {
      yield `    ${' '.repeat(width)}   … ${counted(last - first + 1, 'line')}`;
      continue;
    }
    for (let line = first; line <= last; line++) {
      const decides = marks.get(line)?.decides === true;
      const remark = (notes.get(line) ?? []).map(({ words }) => plainText(words)).join('; ');
      const number = String(before + line).padStart(width);
      const shown = text[line - 1] ?? '';
      yield `    ${decides ? '>' : ' '} ${number} ${shown}${remark === '' ? '' : `   # <- ${remark}`}`;
    }
  }
}
