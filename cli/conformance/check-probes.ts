import type { Connectivity } from '#lib/engine/connectivity.ts';
import { connectionBounds, sideBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { PortBounds } from '#lib/engine/rule-ports.ts';
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
  return {
    checks: compared.length,
    differences: compared.flatMap((probe) => differencesOf(connectivity, groups, probe)),
  };
}

function differencesOf(
  connectivity: Connectivity,
  groups: ReadonlyMap<string, PodGroup>,
  { src, dst, protocol, port, allowed, egress, ingress }: Probe,
): readonly string[] {
  const asked = `${src} => ${dst} ${protocol} ${port}`;
  const [from, to] = [groups.get(src), groups.get(dst)];
  if (from === undefined || to === undefined) return [`${asked}: there is no such pod`];
  const verdict = ({ sure, atMost }: PortBounds) => {
    if (hasPort(sure, protocol, port)) return 'allowed';
    return hasPort(atMost, protocol, port) ? 'unknown' : 'blocked';
  };
  const sides = [
    ['', allowed, () => connectionBounds(connectivity, from, to)],
    [' as egress', egress, () => sideBounds(connectivity, 'egress', from, to)],
    [' as ingress', ingress, () => sideBounds(connectivity, 'ingress', to, from)],
  ] as const;
  return sides.flatMap(([side, passes, bounds]) => {
    const expected = passes ? 'allowed' : 'blocked';
    const answer = passes === undefined ? expected : verdict(bounds());
    return answer === expected ? [] : [`${asked}${side}: expected ${expected}, got ${answer}`];
  });
}
