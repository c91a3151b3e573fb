import { problemLine } from '#cli/problems.ts';
import { isEmptyPorts, isEveryPort, type PortSet, PROTOCOLS } from '#lib/model/port-set.ts';
import type { Problem } from '#lib/model/problem.ts';
import type { Rows } from './format.ts';

/** `{"all": true}`, or the port ranges of each protocol that has any. */
export function jsonPorts(ports: PortSet): object {
  if (isEveryPort(ports)) return { all: true };
  return Object.fromEntries(
    PROTOCOLS.filter((protocol) => ports[protocol].length > 0).map((protocol) => [
      protocol,
      ports[protocol],
    ]),
  );
}

/** `{"connections": […], "problems": […]}`, and `"unknown": […]` when some answers are. */
export function* jsonFormat(rows: Rows, problems: readonly Problem[]): Generator<string> {
  let doubts = false;
  yield '{"connections":[';
  yield* listed(allowedRows());
  yield '],\n"problems":[';
  yield* listed(problems.map(problemLine));
  yield ']';
  // Again from the start: seldom needed, and it may be as long as the first list.
  if (doubts) {
    yield ',\n"unknown":[';
    yield* listed(unknownRows());
    yield ']';
  }
  yield '}\n';

  function* allowedRows() {
    for (const { src, dst, allowed, unknown } of rows()) {
      doubts ||= !isEmptyPorts(unknown);
      if (!isEmptyPorts(allowed)) yield { src, dst, ports: jsonPorts(allowed) };
    }
  }
  function* unknownRows() {
    for (const { src, dst, unknown, causes } of rows())
      if (!isEmptyPorts(unknown)) yield { src, dst, ports: jsonPorts(unknown), causes };
  }
}

/** An element to a line. */
export function* listed(elements: Iterable<unknown>): Generator<string> {
  let separator = '\n';
  for (const element of elements) {
    yield `${separator}${JSON.stringify(element)}`;
    separator = ',\n';
  }
  if (separator !== '\n') yield '\n';
}
