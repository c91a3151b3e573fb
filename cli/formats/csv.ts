import { printable } from '#cli/output.ts';
import { isEmptyPorts } from '#lib/model/port-set.ts';
import { portText, type Rows } from './format.ts';

/** With a header, quoted as RFC 4180 says. */
export function* csvFormat(rows: Rows): Generator<string> {
  yield 'source,destination,allowed,unknown\n';
  for (const { src, dst, allowed, unknown } of rows()) {
    const ports = [allowed, unknown].map((set) => (isEmptyPorts(set) ? '' : portText(set)));
    yield `${[src, dst, ...ports].map(csvCell).join(',')}\n`;
  }
}

/** A spreadsheet takes a cell that starts like a formula for one; with a `'` before it is text. */
export function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  const shown = printable(harmless);
  return /[",\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
