import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRange } from '#lib/model/ip-address.ts';
import { policyKey } from '#lib/model/object-ref.ts';
import { portsKey } from '#lib/model/port-set.ts';
import { anyCluster, anyProfile } from '#lib/testing/any-cluster.ts';
import { history } from '#lib/testing/history.ts';
import type { RawObject } from '#lib/testing/raw-snapshot.ts';
import { groupPairs } from '#lib/testing/reference-comparison.ts';
import { baseBounds } from './base-bounds.ts';
import { DIRECTIONS } from './compiled-policy.ts';
import { analyse, type Connectivity, connectionBounds } from './connectivity.ts';
import type { AddressGroup, PodGroup } from './endpoint.ts';

/** An analysis that goes on from the one before answers as one that is made anew. */

function nameOf(end: PodGroup | AddressGroup): string {
  return end.kind === 'addresses'
    ? formatRange(end.range)
    : `${end.namespace.name}/${end.pods.map(({ name }) => name).join()}`;
}

/** Everything that an analysis says, in texts. */
function answers(connectivity: Connectivity) {
  const { groups, workloads, counterparts, sources, destinations, parts } = connectivity;
  return {
    parts: [...parts].map(([name, part]) => [name, part.namespace, part.groups.map(nameOf)]),
    workloads: [...workloads].map(([key, each]) => [key, each.groups.map(nameOf)]),
    ranges: [...sources, ...destinations].map(nameOf),
    sides: groups.map((group) =>
      DIRECTIONS.map((direction) => {
        const { policies, perhaps, isolated, tiers } = group.sides[direction];
        return [
          policies.map(({ ref }) => policyKey(ref)),
          [...perhaps].map(({ ref }) => policyKey(ref)),
          isolated,
          tiers.map(({ tier, levels }) => [tier.id, levels.map((level) => level.length)]),
        ];
      }),
    ),
    bases: groups.map((group) =>
      DIRECTIONS.map((direction) => {
        const { sure, atMost } = baseBounds(connectivity, direction, group);
        return `${portsKey(sure)} ${portsKey(atMost)}`;
      }),
    ),
    counterparts: [...groups, ...sources].map((end) => counterparts.of('egress', end).map(nameOf)),
    named: groups.map((group) =>
      DIRECTIONS.map((direction) => [...counterparts.named(direction, group)].map(nameOf).sort()),
    ),
    bounds: [...groupPairs(connectivity)].map(([from, to]) => {
      const { sure, atMost } = connectionBounds(connectivity, from, to);
      return `${nameOf(from)} ${nameOf(to)} ${portsKey(sure)} ${portsKey(atMost)}`;
    }),
  };
}

/** The same objects with the keys of everything in them the other way round. */
function keysReversed(objects: readonly RawObject[]): readonly RawObject[] {
  const reverse = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reverse);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, each]) => [key, reverse(each)]),
    );
  };
  return objects.map(({ resource, body }) => ({ resource, body: reverse(body) as typeof body }));
}

const journey = fc.record({
  states: fc.array(anyCluster, { minLength: 1, maxLength: 3 }),
  order: fc.infiniteStream(fc.nat(1000)),
  atOnce: fc.constantFrom(1, 1, 2, 5),
  profile: anyProfile,
});

describe('going on from the analysis before', () => {
  const RUNS = 25;

  it.each<[string, (states: readonly (readonly RawObject[])[]) => typeof states]>([
    ['forwards', (states) => states],
    ['forwards and back again', (states) => [...states, ...[...states].reverse().slice(1), []]],
    [
      'with keys reversed on the way',
      (states) => states.flatMap((each) => [each, keysReversed(each)]),
    ],
  ])(
    '%s gives what a new analysis gives, at every step',
    (_, along) => {
      fc.assert(
        fc.property(journey, ({ states, order, atOnce, profile }) => {
          const pick = (left: number) => order.next().value % left;
          let current: Connectivity | undefined;
          for (const snapshot of history(along(states), pick, atOnce, profile)) {
            current = analyse(snapshot, current);
            expect(answers(current)).toEqual(answers(analyse(snapshot)));
          }
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
    120_000,
  );

  it('leaves the analyses before as they were', () => {
    fc.assert(
      fc.property(journey, ({ states, order, profile }) => {
        const pick = (left: number) => order.next().value % left;
        const made: { connectivity: Connectivity; first: unknown }[] = [];
        for (const snapshot of history(states, pick, 3, profile)) {
          const connectivity = analyse(snapshot, made.at(-1)?.connectivity);
          made.push({ connectivity, first: answers(connectivity) });
        }
        for (const { connectivity, first } of made) expect(answers(connectivity)).toEqual(first);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 120_000);
});
