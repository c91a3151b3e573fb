import { printable } from '#cli/output.ts';
import { isEmptyPorts } from '#lib/model/port-set.ts';
import { csvCell } from '#lib/view/csv-cell.ts';
import { portText, type Rows } from './format.ts';

/** With a header, quoted as RFC 4180 says. */
export function* csvFormat(rows: Rows): Generator<string> {
  yield 'source,destination,allowed,unknown\n';
  for (const { src, dst, allowed, unknown } of rows()) {
    const ports = [allowed, unknown].map((set) => (isEmptyPorts(set) ? '' : portText(set)));
    yield `${[src, dst, ...ports].map(printableCell).join(',')}\n`;
  }
}

/** A cell with nothing in it that a terminal obeys. */
export function printableCell(text: string): string {
  return csvCell(printable(text));
}
