import { causeClause } from '#components/explanation/reason-text.ts';
import { plainText } from '#components/explanation/sentence.ts';
import type { UnknownCause } from '#lib/engine/explanation.ts';
import { formatPorts, isEveryPort, type PortSet } from '#lib/model/port-set.ts';
import type { Problem } from '#lib/model/problem.ts';
import type { ConnectionRow } from '#lib/view/connection-list.ts';

/** Rows may be asked for several times; they are made anew, never kept. */
export type Rows = () => Iterable<ConnectionRow>;

/** Writes rows piece by piece, so that a large answer is never one text. */
export type Format = (rows: Rows, problems: readonly Problem[]) => Iterable<string>;

/** Millions of rows share a few sets of ports. */
const texts = new WeakMap<PortSet, string>();

/** `TCP 80,8000-8090; UDP 53`, or `all` for every port of TCP, UDP and SCTP. */
export function portText(ports: PortSet): string {
  const text = texts.get(ports) ?? (isEveryPort(ports) ? 'all' : formatPorts(ports));
  texts.set(ports, text);
  return text;
}

/** What an unknown answer waits for. */
export function causesText(causes: readonly UnknownCause[]): string {
  return causes.map((cause) => plainText(causeClause(cause))).join('; ');
}
