import { printable } from '#cli/output.ts';
import { isEmptyPorts } from '#lib/model/port-set.ts';
import { portText, type Rows } from './format.ts';

/** For Graphviz: `sightline list -o dot | dot -Tsvg`. Dashed lines are unknown. */
export function* dotFormat(rows: Rows): Generator<string> {
  yield 'digraph connections {\n  rankdir=LR;\n  node [shape=box];\n';
  for (const { src, dst, allowed, unknown } of rows()) {
    const edge = `${quoted(src)} -> ${quoted(dst)}`;
    if (!isEmptyPorts(allowed)) yield `  ${edge} [label=${quoted(portText(allowed))}];\n`;
    if (!isEmptyPorts(unknown))
      yield `  ${edge} [style=dashed, label=${quoted(`unknown: ${portText(unknown)}`)}];\n`;
  }
  yield '}\n';
}

function quoted(text: string): string {
  return `"${printable(text).replaceAll(/["\\]/g, (character) => `\\${character}`)}"`;
}
