import type { Labels } from '#lib/model/labels.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { requiredPodLabel } from './required-labels.ts';

/** Below it, trying every policy is quicker than looking labels up. */
const FEW = 8;

/**
 * Finds the policies that may select pods with some labels: those whose subject requires a label by
 * its value are not tried for others. The order of `policies` is kept.
 */
export function subjectIndex(
  policies: readonly CompiledPolicy[],
): (labels: Labels) => readonly CompiledPolicy[] {
  if (policies.length <= FEW) return () => policies;
  const always: number[] = [];
  const byLabel = new Map<string, Map<string, number[]>>();
  for (const [rank, { subject }] of policies.entries()) {
    const required = subject.kind === 'pods' ? requiredPodLabel(subject.match) : null;
    if (required === null) {
      always.push(rank);
      continue;
    }
    const byValue = byLabel.get(required.key) ?? new Map<string, number[]>();
    byLabel.set(required.key, byValue);
    for (const value of new Set(required.values)) {
      const ranks = byValue.get(value);
      if (ranks === undefined) byValue.set(value, [rank]);
      else ranks.push(rank);
    }
  }
  return (labels) => {
    const ranks = [...always];
    for (const [key, byValue] of byLabel) {
      const value = labels.get(key);
      if (value !== undefined) ranks.push(...(byValue.get(value) ?? []));
    }
    return ranks.sort((a, b) => a - b).flatMap((rank) => policies[rank] ?? []);
  };
}
