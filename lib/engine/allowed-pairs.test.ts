import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEmptyPorts } from '#lib/model/port-set.ts';
import { anyCluster, anyProfile } from '#lib/testing/any-cluster.ts';
import { snapshotOfObjects } from '#lib/testing/raw-snapshot.ts';
import { scenario } from '#lib/testing/scenario.ts';
import { countAllowedPairs } from './allowed-pairs.ts';
import { analyse, type Connectivity, connectionBounds } from './connectivity.ts';
import type { AllowedPairs } from './pair-tally.ts';

/** Pairs are counted without being visited, and come to what visiting them gives. */

function counted(connectivity: Connectivity): AllowedPairs {
  const count = countAllowedPairs(connectivity);
  let step = count.next();
  while (!step.done) step = count.next();
  return step.value;
}

/** The same, one pair of pods after the other. */
function visited(connectivity: Connectivity): AllowedPairs {
  const none = { pairs: 0, allowed: 0, unknown: 0 };
  const sum = { ...none };
  const from = new Map<string, typeof none>();
  const to = new Map<string, typeof none>();
  const pods = connectivity.groups.flatMap((group) =>
    group.pods.map((pod) => ({ pod, end: { ...group, pods: [pod] as const } })),
  );
  const at = (sums: typeof from, name: string) => {
    const known = sums.get(name) ?? { ...none };
    sums.set(name, known);
    return known;
  };
  for (const { pod } of pods) for (const sums of [from, to]) at(sums, pod.namespace);
  for (const source of pods)
    for (const destination of pods) {
      if (source === destination) continue;
      const { sure, atMost } = connectionBounds(connectivity, source.end, destination.end);
      for (const each of [sum, at(from, source.pod.namespace), at(to, destination.pod.namespace)]) {
        each.pairs++;
        if (!isEmptyPorts(sure)) each.allowed++;
        else if (!isEmptyPorts(atMost)) each.unknown++;
      }
    }
  return { ...sum, from, to };
}

test('counting and visiting agree, whatever kinds and plugin there are', () => {
  fc.assert(
    fc.property(anyCluster, anyProfile, (objects, profile) => {
      const connectivity = analyse(snapshotOfObjects(objects, profile));
      expect(counted(connectivity)).toEqual(visited(connectivity));
    }),
    { numRuns: 300 },
  );
}, 120_000);

test('a port asked for by its name is looked up at each destination', () => {
  const pod = (name: string, port: number) =>
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: test, labels: {app: ${name}}}, spec: {containers: [{ports: [{name: http, containerPort: ${port}}]}]}, status: {phase: Running}}`;
  const { connectivity } = scenario(
    {
      'test/out':
        'podSelector: {matchLabels: {app: a}}\npolicyTypes: [Egress]\negress: [{ports: [{port: http}]}]',
      'test/in': 'podSelector: {matchLabels: {app: c}}\ningress: [{ports: [{port: 81}]}]',
    },
    { objects: [pod('a', 80), pod('b', 80), pod('c', 80), pod('d', 81)].join('\n---\n') },
  );
  expect(counted(connectivity)).toEqual(visited(connectivity));
});
