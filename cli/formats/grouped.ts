import { printable } from '#cli/output.ts';
import { problemLine } from '#cli/problems.ts';
import { isEmptyPorts } from '#lib/model/port-set.ts';
import type { Problem } from '#lib/model/problem.ts';
import { csvCell } from '#lib/view/csv-cell.ts';
import { endSetText } from '#lib/view/end-set-text.ts';
import type { EndSet, GroupedRow } from '#lib/view/grouped-connections.ts';
import { causesText, portText } from './format.ts';
import { jsonPorts, listed } from './json.ts';
import { markdownCell } from './markdown.ts';

/** The grouped list: sets in short where a person reads, with all their members in JSON. */

type GroupedFormat = (rows: Iterable<GroupedRow>, problems: readonly Problem[]) => Iterable<string>;

/** What passes, `none` where nothing does although a row before says so. */
function allowedText({ allowed, unknown }: GroupedRow): string {
  return isEmptyPorts(allowed) && !isEmptyPorts(unknown) ? '' : portText(allowed);
}

function* groupedText(rows: Iterable<GroupedRow>): Generator<string> {
  let none = true;
  for (const row of rows) {
    none = false;
    const pair = printable(`${endSetText(row.sources)} => ${endSetText(row.targets)}`);
    const allowed = allowedText(row);
    if (allowed !== '') yield `${pair} : ${allowed}\n`;
    if (!isEmptyPorts(row.unknown))
      yield `${pair} : unknown for ${portText(row.unknown)} (${printable(causesText(row.causes))})\n`;
  }
  if (none) yield 'No connection is allowed.\n';
}

/** Each row takes precedence over those before it; `sets` has the members of the sets by their ids. */
function* groupedJson(rows: Iterable<GroupedRow>, problems: readonly Problem[]): Generator<string> {
  const ids = new Map<EndSet, number>();
  const idOf = (set: EndSet) => {
    const id = ids.get(set) ?? ids.size + 1;
    ids.set(set, id);
    return id;
  };
  yield '{"rows":[';
  yield* listed(written());
  yield '],\n"sets":[';
  yield* listed([...ids].map(([{ names }, id]) => ({ id, members: names })));
  yield '],\n"problems":[';
  yield* listed(problems.map(problemLine));
  yield ']}\n';

  function* written() {
    for (const { sources, targets, allowed, unknown, causes } of rows)
      yield {
        sources: idOf(sources),
        targets: idOf(targets),
        allowed: jsonPorts(allowed),
        ...(isEmptyPorts(unknown) ? {} : { unknown: jsonPorts(unknown), causes }),
      };
  }
}

/** The cells that a table has for a row. */
function cellsOf(row: GroupedRow): readonly string[] {
  const unknown = isEmptyPorts(row.unknown) ? '' : portText(row.unknown);
  return [endSetText(row.sources), endSetText(row.targets), allowedText(row), unknown];
}

function* groupedCsv(rows: Iterable<GroupedRow>): Generator<string> {
  yield 'sources,destinations,allowed,unknown\n';
  for (const row of rows) yield `${cellsOf(row).map(csvCell).join(',')}\n`;
}

function* groupedMarkdown(rows: Iterable<GroupedRow>): Generator<string> {
  yield '| sources | destinations | allowed | unknown |\n| --- | --- | --- | --- |\n';
  for (const row of rows) yield `| ${cellsOf(row).map(markdownCell).join(' | ')} |\n`;
}

export const GROUPED_FORMATS = {
  text: groupedText,
  json: groupedJson,
  csv: groupedCsv,
  md: groupedMarkdown,
} as const satisfies Record<string, GroupedFormat>;
