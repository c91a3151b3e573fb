import { printable } from '#cli/output.ts';
import { problemLine } from '#cli/problems.ts';
import { formatPorts, isEmptyPorts } from '#lib/model/port-set.ts';
import type { Problem } from '#lib/model/problem.ts';
import type { ConnectionChange, Passing } from '#lib/view/connection-diff.ts';
import { printableCell } from './csv.ts';
import { jsonPorts, listed } from './json.ts';
import { markdownCell } from './markdown.ts';

/** Of both clusters, in the order in which they were named. */
export interface DiffProblems {
  readonly before: readonly Problem[];
  readonly after: readonly Problem[];
}

type DiffFormat = (changes: Iterable<ConnectionChange>, problems: DiffProblems) => Iterable<string>;

export const DIFF_FORMATS = {
  text: textDiff,
  json: jsonDiff,
  md: markdownDiff,
  csv: csvDiff,
} as const satisfies Record<string, DiffFormat>;

/** `TCP 80`, `none`, `TCP 80, unknown for UDP 53`. */
function passingText({ allowed, unknown }: Passing): string {
  if (isEmptyPorts(unknown)) return formatPorts(allowed);
  const doubt = `unknown for ${formatPorts(unknown)}`;
  return isEmptyPorts(allowed) ? doubt : `${formatPorts(allowed)}, ${doubt}`;
}

/** A line each: `changed shop/web[Deployment] => shop/api[Deployment] : TCP 80 -> TCP 80,443`. */
function* textDiff(changes: Iterable<ConnectionChange>): Generator<string> {
  let none = true;
  for (const { change, src, dst, before, after } of changes) {
    none = false;
    const ends = printable(`${src} => ${dst}`);
    yield `${change.padEnd('removed'.length)} ${ends} : ${passingText(before)} -> ${passingText(after)}\n`;
  }
  if (none) yield 'The same connections are allowed.\n';
}

/** `{"changes": […], "problems": {"before": […], "after": […]}}` */
function* jsonDiff(changes: Iterable<ConnectionChange>, problems: DiffProblems): Generator<string> {
  yield '{"changes":[';
  yield* listed(jsonChanges(changes));
  yield '],\n"problems":{"before":[';
  yield* listed(problems.before.map(problemLine));
  yield '],\n"after":[';
  yield* listed(problems.after.map(problemLine));
  yield ']}}\n';
}

function* jsonChanges(changes: Iterable<ConnectionChange>): Generator<object> {
  for (const { change, src, dst, before, after } of changes)
    yield { change, src, dst, before: jsonPassing(before), after: jsonPassing(after) };
}

function jsonPassing({ allowed, unknown }: Passing): object {
  return {
    ports: jsonPorts(allowed),
    ...(isEmptyPorts(unknown) ? {} : { unknown: jsonPorts(unknown) }),
  };
}

function* markdownDiff(changes: Iterable<ConnectionChange>): Generator<string> {
  yield '| change | source | destination | before | after |\n| --- | --- | --- | --- | --- |\n';
  for (const each of changes) yield `| ${cells(each).map(markdownCell).join(' | ')} |\n`;
}

function* csvDiff(changes: Iterable<ConnectionChange>): Generator<string> {
  yield 'change,source,destination,before,after\n';
  for (const each of changes) yield `${cells(each).map(printableCell).join(',')}\n`;
}

function cells({ change, src, dst, before, after }: ConnectionChange): readonly string[] {
  return [change, src, dst, passingText(before), passingText(after)];
}
