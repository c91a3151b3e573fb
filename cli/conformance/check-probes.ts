import type { Connectivity } from '#lib/engine/connectivity.ts';
import { connectionBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { namespacedName } from '#lib/model/cluster.ts';
import { hasPort } from '#lib/model/port-set.ts';
import type { Probe } from './cases.ts';

/** What differs between an answer and the answer expected; empty when nothing does. */
export interface Comparison {
  /** How many answers were compared. */
  readonly checks: number;
  readonly differences: readonly string[];
}

/** Compares answers for pairs of pods. A pod reaches itself past all policies (GEN-16): not compared. */
export function checkProbes(connectivity: Connectivity, probes: readonly Probe[]): Comparison {
  const groups = new Map(
    connectivity.groups.flatMap((group) =>
      group.pods.map((pod) => [namespacedName(pod.namespace, pod.name), group] as const),
    ),
  );
  const compared = probes.filter(({ src, dst }) => src !== dst);
  const differences = compared.flatMap((probe): readonly string[] => {
    const answer = answerTo(connectivity, groups, probe);
    const expected = probe.allowed ? 'allowed' : 'blocked';
    if (answer === expected) return [];
    const { src, dst, protocol, port } = probe;
    return [`${src} => ${dst} ${protocol} ${port}: expected ${expected}, got ${answer}`];
  });
  return { checks: compared.length, differences };
}

function answerTo(
  connectivity: Connectivity,
  groups: ReadonlyMap<string, PodGroup>,
  { src, dst, protocol, port }: Probe,
): string {
  const source = groups.get(src);
  const destination = groups.get(dst);
  if (source === undefined || destination === undefined) return 'no such pod';
  const bounds = connectionBounds(connectivity, source, destination);
  if (hasPort(bounds.sure, protocol, port)) return 'allowed';
  return hasPort(bounds.atMost, protocol, port) ? 'unknown' : 'blocked';
}
