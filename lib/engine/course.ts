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
import { type Meeting, permitsTheRest, ruleBounds } from './tier-bounds.ts';
import type { Tier } from './tiers.ts';

/** The way of a connection through the tiers, forwards, to say which rules it met: for explanations. */

/** A rule that had a say. */
export interface Step {
  readonly tier: Tier;
  readonly policy: CompiledPolicy;
  readonly rule: CompiledRule;
}

export interface Course {
  /** Rules that surely match ports which nothing before them had decided, in the order of evaluation. */
  readonly steps: readonly Step[];
  /** Rules that such ports came by and that decide nothing (CAL-6). */
  readonly logged: readonly CompiledRule[];
  /** The first tier where some of the ports end because policies isolate and no rule permits them. */
  readonly isolatedIn: TierSide | null;
  /** Some of the ports are decided by nobody. */
  readonly undecided: boolean;
}

interface Stage {
  readonly steps: readonly Step[];
  readonly logged: readonly CompiledRule[];
  /** What the tier leaves to the next. */
  readonly rest: PortSet;
  /** Some of it ends there because a policy isolates. */
  readonly blocked: boolean;
  /** Some of it is let through there by no rule (CIL-9). */
  readonly undecided: boolean;
}

/** The rules of a tier in the order in which they are asked. */
function stepsOf({ tier, levels }: TierSide, meeting: Meeting): readonly Step[] {
  const steps = levels
    .flat()
    .flatMap((policy) =>
      policy.rules[meeting.side.direction].map((rule): Step => ({ tier, policy, rule })),
    );
  if (tier.combine !== 'deny-overrides') return steps;
  const denies = ({ rule }: Step) => rule.action === 'deny';
  return [...steps.filter(denies), ...steps.filter((step) => !denies(step))];
}

function stage(meeting: Meeting, tierSide: TierSide, arriving: PortSet): Stage {
  const { combine } = tierSide.tier;
  const steps: Step[] = [];
  const logged: CompiledRule[] = [];
  let here = arriving;
  let passed = NO_PORTS;
  let denied = NO_PORTS;
  for (const step of stepsOf(tierSide, meeting)) {
    const { policy, rule } = step;
    // Where rules add up, those that say the same again are told too.
    const open = combine === 'first-match' ? here : subtractPorts(arriving, denied);
    const hit = intersectPorts(open, ruleBounds(meeting, policy, rule).sure);
    if (isEmptyPorts(hit)) continue;
    if (rule.action === 'log') {
      logged.push(rule);
      continue;
    }
    steps.push(step);
    here = subtractPorts(here, hit);
    if (rule.action === 'pass') passed = unitePorts(passed, hit);
    if (rule.action === 'deny' && combine === 'deny-overrides') denied = unitePorts(denied, hit);
  }
  const some = !isEmptyPorts(here);
  const met = { steps, logged };
  if (tierSide.isolated === 'yes') return { ...met, rest: passed, blocked: some, undecided: false };
  return permitsTheRest(meeting, tierSide)
    ? { ...met, rest: NO_PORTS, blocked: false, undecided: some }
    : { ...met, rest: unitePorts(here, passed), blocked: false, undecided: false };
}

/**
 * Follows ports through a side's tiers as if everything in doubt did not match. Where the verdict is
 * certain, that is one of the ways there are, and so ends as all of them do.
 */
export function courseOf(meeting: Meeting, asked: PortSet): Course {
  const steps: Step[] = [];
  const logged: CompiledRule[] = [];
  let open = asked;
  let isolatedIn: TierSide | null = null;
  let isUndecided = false;
  for (const tier of meeting.side.tiers) {
    if (isEmptyPorts(open)) break;
    const { rest, blocked, undecided, ...met } = stage(meeting, tier, open);
    isUndecided ||= undecided;
    steps.push(...met.steps);
    logged.push(...met.logged);
    if (blocked) isolatedIn ??= tier;
    open = rest;
  }
  return { steps, logged, isolatedIn, undecided: isUndecided || !isEmptyPorts(open) };
}
