import { ALL_PORTS, isEmptyPorts, type PortSet } from '#lib/model/port-set.ts';
import type { ConnectionRow } from '#lib/view/connection-list.ts';
import { Answers, compareAnswers, portsText } from './answers.ts';
import type { ExpectedConnection } from './cases.ts';
import type { Comparison } from './check-probes.ts';

/** Compares lists of connections. */
export function checkConnections(
  rows: Iterable<ConnectionRow>,
  expected: readonly ExpectedConnection[],
): Comparison {
  const ours = new Answers();
  for (const { src, dst, allowed, unknown } of rows)
    ours.add(src, dst, isEmptyPorts(unknown) ? portsText(allowed) : 'unknown');
  const theirs = new Answers();
  for (const { src, dst, ports } of expected) theirs.add(src, dst, portsText(expectedPorts(ports)));
  return compareAnswers(ours, theirs);
}

function expectedPorts({ all, TCP, UDP, SCTP }: ExpectedConnection['ports']): PortSet {
  return all ? ALL_PORTS : { TCP, UDP, SCTP, icmp: false, other: false };
}
