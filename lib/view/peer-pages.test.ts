import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DIRECTIONS, type Direction } from '#lib/engine/compiled-policy.ts';
import { analyse, type Connectivity } from '#lib/engine/connectivity.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { drawnSnapshot } from '#lib/testing/drawn-snapshots.ts';
import { peerLine, rangeLines } from './peer-lines.ts';
import { type PeerPage, peerPage } from './peer-pages.ts';
import { endpointsOf } from './workload-pairs.ts';
import { PEER_SORTS, type PeerLine, type PeersQuery } from './workload-view.ts';

const connectivity = drawnSnapshot.map((snapshot) => analyse(snapshot));

/** Every other workload looked at by itself, and the ranges. */
function lookedAtOneByOne(
  analysed: Connectivity,
  workload: Workload,
  direction: Direction,
): readonly PeerLine[] {
  const relation = { connectivity: analysed, direction, own: endpointsOf(workload) };
  const others = [...analysed.workloads.values()].filter((each) => each !== workload);
  const lines = others.flatMap((each) => peerLine(relation, each, endpointsOf(each)) ?? []);
  return [...lines, ...rangeLines(relation)];
}

function allPages(ask: (after: string | null) => PeerPage): readonly PeerPage[] {
  const pages = [ask(null)];
  for (let next = pages[0]?.next ?? null; next !== null; next = pages.at(-1)?.next ?? null)
    pages.push(ask(next));
  return pages;
}

const name = ({ peer }: PeerLine) => (peer.kind === 'workload' ? refKey(peer.ref) : '');

function holds(line: PeerLine, show: PeersQuery['show'], words: string): boolean {
  const text = `${name(line)} ${line.allowed} ${line.unknown} ${line.blockedByOtherSide}`;
  const isOfSort = {
    all: true,
    allowed: line.verdict === 'allowed',
    unknown: line.unknown !== 'none',
    lost: line.blockedByOtherSide !== 'none',
  }[show];
  return isOfSort && text.toLowerCase().includes(words);
}

const asText = (lines: readonly PeerLine[]) => lines.map((line) => JSON.stringify(line)).sort();

test('the pages together are what looking at every workload gives', () => {
  fc.assert(
    fc.property(
      connectivity,
      fc.nat(),
      fc.constantFrom(...DIRECTIONS),
      fc.constantFrom(...PEER_SORTS),
      fc.constantFrom('', '', 'red', 'tcp', 'w1', 'pod-2'),
      (analysed, which, direction, show, words) => {
        const workloads = [...analysed.workloads.values()];
        const workload = workloads[which % Math.max(1, workloads.length)];
        if (workload === undefined) return;
        const expected = lookedAtOneByOne(analysed, workload, direction);
        const pages = allPages((after) =>
          peerPage(analysed, workload, direction, { show, words, after, limit: 3 }),
        );
        const shown = pages.flatMap(({ peers }) => peers);
        // What a range is called is not repeated here.
        const isRange = ({ peer }: PeerLine) => peer.kind === 'addresses';
        expect(asText(shown.filter((line) => !isRange(line)))).toEqual(
          asText(expected.filter((line) => !isRange(line) && holds(line, show, words))),
        );
        if (words === '')
          expect(asText(shown)).toEqual(asText(expected.filter((line) => holds(line, show, ''))));
        for (const { counts } of pages)
          if (words === '')
            for (const sort of PEER_SORTS)
              expect(counts[sort]).toBe(expected.filter((line) => holds(line, sort, '')).length);
        const sections = shown.map((line) => (isRange(line) ? 2 : line.basis === 'rules' ? 1 : 3));
        expect(sections).toEqual(sections.toSorted());
        expect(new Set(shown.map((line) => JSON.stringify(line.peer))).size).toBe(shown.length);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
