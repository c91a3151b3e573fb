import { printable } from '#cli/output.ts';
import { isEmptyPorts } from '#lib/model/port-set.ts';
import { causesText, portText, type Rows } from './format.ts';

/** A line each: `shop/web[Deployment] => shop/api[Deployment] : TCP 8080`. */
export function* textFormat(rows: Rows): Generator<string> {
  let none = true;
  for (const { src, dst, allowed, unknown, causes } of rows()) {
    none = false;
    const pair = printable(`${src} => ${dst}`);
    if (!isEmptyPorts(allowed)) yield `${pair} : ${portText(allowed)}\n`;
    if (!isEmptyPorts(unknown))
      yield `${pair} : unknown for ${portText(unknown)} (${printable(causesText(causes))})\n`;
  }
  if (none) yield 'No connection is allowed.\n';
}
