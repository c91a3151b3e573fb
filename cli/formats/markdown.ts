import { printable } from '#cli/output.ts';
import { isEmptyPorts } from '#lib/model/port-set.ts';
import { portText, type Rows } from './format.ts';

/** A table, for issues and pull requests. */
export function* markdownFormat(rows: Rows): Generator<string> {
  yield '| source | destination | allowed | unknown |\n| --- | --- | --- | --- |\n';
  for (const { src, dst, allowed, unknown } of rows()) {
    const doubts = isEmptyPorts(unknown) ? '' : portText(unknown);
    yield `| ${[src, dst, portText(allowed), doubts].map(markdownCell).join(' | ')} |\n`;
  }
}

/** Names may hold what Markdown or HTML would act on. */
export function markdownCell(text: string): string {
  return printable(text)
    .replaceAll(/[\\|`*_<>&[\]]/g, (character) => `\\${character}`)
    .replaceAll(/\s/g, ' ');
}
