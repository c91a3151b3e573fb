import {
  ALL_PORTS,
  isEmptyPorts,
  NO_PORTS,
  type PortSet,
  PROTOCOLS,
  portRange,
  unitePorts,
} from '#lib/model/port-set.ts';
import type { ConnectionChange, Passing } from '#lib/view/connection-diff.ts';
import { Answers, compareAnswers, portsText } from './answers.ts';
import type { ExpectedChange } from './cases.ts';
import type { Comparison } from './check-probes.ts';

/** Compares lists of what differs between two clusters. */
export function checkChanges(
  changes: Iterable<ConnectionChange>,
  expected: readonly ExpectedChange[],
): Comparison {
  const ours = new Answers();
  for (const { src, dst, before, after } of changes) {
    const [was, is] = [passingText(before), passingText(after)];
    // Only in protocols without ports.
    if (was !== is) ours.add(src, dst, `${was} -> ${is}`);
  }
  const theirs = new Answers();
  for (const { src, dst, dir1, dir2 } of expected) {
    theirs.add(src, dst, `${portsText(parsePorts(dir1))} -> ${portsText(parsePorts(dir2))}`);
  }
  return compareAnswers(ours, theirs);
}

function passingText({ allowed, unknown }: Passing): string {
  return isEmptyPorts(unknown) ? portsText(allowed) : 'unknown';
}

/** `All Connections`, `No Connections` or `SCTP 7070,TCP 8080-8081,9090`. Throws on anything else. */
function parsePorts(text: string): PortSet {
  if (text === 'All Connections') return ALL_PORTS;
  if (text === 'No Connections') return NO_PORTS;
  let ports = NO_PORTS;
  let protocol = '';
  for (const part of text.split(',')) {
    const [, named = protocol, first, last = first] =
      /^(?:([A-Z]+) )?(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    const known = PROTOCOLS.find((each) => each === named);
    if (known === undefined || first === undefined) throw new Error(`no ports: ${text}`);
    protocol = known;
    ports = unitePorts(ports, portRange(known, Number(first), Number(last)));
  }
  return ports;
}
