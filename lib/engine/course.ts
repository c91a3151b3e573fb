import {
  intersectPorts,
  isEmptyPorts,
  NO_PORTS,
  type PortSet,
  subtractPorts,
  unitePorts,
} from '#lib/model/port-set.ts';
import type { CompiledPolicy, CompiledRule } from './compiled-policy.ts';
import type { TierSide } from './side.ts';
import { type Meeting, ruleBounds } from './tier-bounds.ts';

/** The way of a connection through the tiers, forwards, to say which rules it met: for explanations. */

/** A rule that had a say. */
export interface Step {
  readonly policy: CompiledPolicy;
  readonly rule: CompiledRule;
}

export interface Course {
  /** Rules that surely match ports which nothing before them had decided, in the order of evaluation. */
  readonly steps: readonly Step[];
  /** Some of the ports end where policies isolate and no rule permits them. */
  readonly isolated: boolean;
  /** Some of the ports are decided by nobody. */
  readonly undecided: boolean;
}

interface Stage {
  readonly steps: readonly Step[];
  /** What the tier leaves to the next. */
  readonly rest: PortSet;
  /** What it blocks because a policy isolates. */
  readonly blocked: boolean;
}

function stage(meeting: Meeting, tier: TierSide, arriving: PortSet): Stage {
  const steps: Step[] = [];
  const isUnion = tier.tier.combine === 'union-of-allows';
  let here = arriving;
  let passed = NO_PORTS;
  for (const policy of tier.levels.flat())
    for (const rule of policy.rules[meeting.side.direction]) {
      const hit = intersectPorts(isUnion ? arriving : here, ruleBounds(meeting, policy, rule).sure);
      if (isEmptyPorts(hit)) continue;
      steps.push({ policy, rule });
      here = subtractPorts(here, hit);
      if (rule.action === 'pass') passed = unitePorts(passed, hit);
    }
  if (tier.isolated === 'yes') return { steps, rest: NO_PORTS, blocked: !isEmptyPorts(here) };
  return { steps, rest: unitePorts(here, passed), blocked: false };
}

/**
 * Follows ports through a side's tiers as if everything in doubt did not match. Where the verdict is
 * certain, that is one of the ways there are, and so ends as all of them do.
 */
export function courseOf(meeting: Meeting, asked: PortSet): Course {
  const steps: Step[] = [];
  let open = asked;
  for (const tier of meeting.side.tiers) {
    if (isEmptyPorts(open)) break;
    const { steps: taken, rest, blocked } = stage(meeting, tier, open);
    steps.push(...taken);
    if (blocked) return { steps, isolated: true, undecided: false };
    open = rest;
  }
  return { steps, isolated: false, undecided: !isEmptyPorts(open) };
}
