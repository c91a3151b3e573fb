import type { Family } from '#lib/model/ip-address.ts';
import { policyKey } from '#lib/model/object-ref.ts';
import {
  ALL_PORTS,
  intersectPorts,
  isEmptyPorts,
  NO_PORTS,
  portRange,
} from '#lib/model/port-set.ts';
import { causesOf, distinct, nonEmpty } from './causes.ts';
import { type CompiledPolicy, DIRECTIONS, type Direction } from './compiled-policy.ts';
import { type Connectivity, sideAt, sideBounds } from './connectivity.ts';
import { consider, matchPorts, type Question } from './consider.ts';
import { type Course, courseOf, type Step } from './course.ts';
import { type Endpoint, familiesBetween } from './endpoint.ts';
import type {
  ConnectionAnswer,
  ConsideredPolicy,
  Match,
  NearMiss,
  PortQuery,
  Reason,
  RequestCondition,
  RuleRef,
  SideAnswer,
  UnknownCause,
  Verdict,
} from './explanation.ts';
import { EVERYTHING_PASSES, intersectBounds, unsurePorts } from './rule-ports.ts';
import { nodeExemption, type Side, withExemption } from './side.ts';
import type { Meeting } from './tier-bounds.ts';

/** Explanations on demand: the policies of both sides are walked once more, and every test is written down. */

const VERDICTS: Readonly<Record<Match, Verdict>> = {
  yes: 'allowed',
  no: 'blocked',
  unknown: 'unknown',
};

/** The steps that let the connection through: the first rule that accepts, or all rules of a tier where they add up. */
function permittingSteps({ steps }: Course): readonly Step[] {
  const allowing = steps.filter(({ rule }) => rule.action === 'allow');
  const tier = allowing[0]?.tier;
  return allowing
    .filter((step) => step.tier === tier)
    .slice(0, tier?.combine === 'first-match' ? 1 : undefined);
}

function ruleRef(direction: Direction, { policy, rule }: Step): RuleRef {
  return { policy: policy.ref, direction, index: rule.index };
}

function permission(direction: Direction, course: Course): Reason | null {
  const rules = nonEmpty(permittingSteps(course).map((step) => ruleRef(direction, step)));
  if (rules !== null) return { kind: 'rules', rules };
  return course.undecided ? { kind: 'not-decided' } : null;
}

/** What stopped it: the first rule that denies, or the policies of the tier that isolate. */
function prohibition({ direction }: Side, { steps, isolatedIn }: Course): Reason | null {
  const denying = steps.find(({ rule }) => rule.action === 'deny');
  if (denying !== undefined) return { kind: 'denied', by: ruleRef(direction, denying) };
  if (isolatedIn === null) return null;
  const isolating = isolatedIn.levels
    .flat()
    .filter((policy) => policy.isolation[direction].isolates === 'yes')
    .map(({ ref }) => ref);
  // CIL-1: an object that holds several policies is named once.
  const by = nonEmpty([...new Map(isolating.map((ref) => [policyKey(ref), ref])).values()]);
  return by === null
    ? { kind: 'isolated-by-plugin' }
    : { kind: 'isolated', by, tier: isolatedIn.tier.name };
}

/** CIL-40, CIL-41: what requests have to be, unless some rule permits the connection as it is. */
function requestsOf(reason: Reason, course: Course): readonly RequestCondition[] {
  if (reason.kind !== 'rules') return [];
  const asked = permittingSteps(course).map(({ policy, rule }) =>
    (rule.qualifiers ?? [])
      .filter(({ kind }) => kind !== 'log')
      .map((qualifier) => ({ ...qualifier, policy: policy.ref })),
  );
  return asked.some((each) => each.length === 0) ? [] : asked.flat();
}

function reasonOf(
  question: Question,
  meeting: Meeting,
  course: Course,
  verdict: Verdict,
  considered: readonly ConsideredPolicy[],
): Reason {
  const { snapshot, direction, own, other } = question;
  const { side } = meeting;
  if (side.exempt !== null) return { kind: side.exempt };
  if (nodeExemption(snapshot, direction, own, other) === 'yes') return { kind: 'local-node' };
  if (side.tiers.length === 0 && verdict === 'allowed') return { kind: 'no-policy' };
  const reason = () => {
    switch (verdict) {
      case 'allowed':
        return permission(direction, course);
      case 'blocked':
        return prohibition(side, course);
      case 'unknown': {
        const causes = nonEmpty(causesOf(question, meeting, considered));
        return causes === null ? null : ({ kind: 'unknown', causes } as const);
      }
    }
  };
  const found = reason();
  if (found === null) throw new TypeError(`a ${verdict} side without a reason`);
  return found;
}

/**
 * NP-46: the rule that failed the fewest tests; one that names the peer is nearer than one that names
 * the port. Of the tier that blocks: what later ones would permit does not come to it.
 */
function nearestMiss(
  direction: Direction,
  considered: readonly ConsideredPolicy[],
  tier: string,
): NearMiss | null {
  const asked = considered.filter((policy) => policy.tier === tier);
  const find = (failed: 'peer' | 'port'): NearMiss | null => {
    for (const { policy, rules } of asked) {
      const rule = rules.find(
        ({ action, peer, port, own }) =>
          action === 'allow' &&
          own.every(({ match }) => match === 'yes') &&
          (failed === 'port' ? peer === 'yes' && port === 'no' : peer === 'no' && port === 'yes'),
      );
      if (rule !== undefined) return { rule: { policy, direction, index: rule.index }, failed };
    }
    return null;
  };
  return find('port') ?? find('peer');
}

/**
 * The family whose way through the policies is told, where that makes a difference: where an answer is
 * certain it is that of both (GEN-20).
 */
function familyShown(source: Endpoint, destination: Endpoint): Family | null {
  return familiesBetween(source, destination)[0] ?? null;
}

/** The two ends of a question, the way through their policies, and what each rule answers. */
function examine(connectivity: Connectivity, question: Question) {
  const { direction, own, other, port, family } = question;
  const { snapshot, peers } = connectivity;
  const side = sideAt(connectivity, own, direction);
  const meeting: Meeting = { snapshot, peers, side, own, other, family };
  const asked = port === null ? ALL_PORTS : portRange(port.protocol, port.port, port.port);
  const course = courseOf(meeting, asked);
  const tierOf = new Map(
    side.tiers.flatMap(({ tier, levels }) =>
      levels.flat().map((policy) => [policy, tier] as const),
    ),
  );
  const considered = side.policies.flatMap((policy) => {
    const tier = tierOf.get(policy);
    const applies = side.perhaps.has(policy) ? 'perhaps' : 'surely';
    return tier === undefined ? [] : [consider(question, course, tier, policy, applies)];
  });
  return { meeting, course, considered };
}

/** CIL-1: policies that one object holds are told of as the one that was written. */
function byObject(considered: readonly ConsideredPolicy[]): readonly ConsideredPolicy[] {
  return [...Map.groupBy(considered, ({ policy }) => policyKey(policy)).values()].flatMap(
    ([first, ...others]) => {
      if (first === undefined) return [];
      const all = [first, ...others];
      return {
        ...first,
        valid: all.every(({ valid }) => valid),
        isolatedAt: all.find(({ isolatedAt }) => isolatedAt !== null)?.isolatedAt ?? null,
        rules: all.flatMap(({ rules }) => rules),
      };
    },
  );
}

function explainSide(connectivity: Connectivity, question: Question): SideAnswer {
  const { direction, port } = question;
  const { meeting, course, considered } = examine(connectivity, question);
  const bounds = questionBounds(connectivity, question);
  const verdict = VERDICTS[matchPorts(bounds, port)];
  const reason = reasonOf(question, meeting, course, verdict, considered);
  return {
    direction,
    verdict,
    reason,
    ports: { allowed: bounds.sure, unknown: unsurePorts(bounds) },
    requests: requestsOf(reason, course),
    considered: byObject(considered),
    nearMiss: reason.kind === 'isolated' ? nearestMiss(direction, considered, reason.tier) : null,
  };
}

/** What the question's side lets through. */
function questionBounds(connectivity: Connectivity, { direction, own, other, hairpin }: Question) {
  return withExemption(sideBounds(connectivity, direction, own, other), hairpin);
}

function samePod(direction: Direction): SideAnswer {
  return {
    direction,
    verdict: 'allowed',
    reason: { kind: 'same-pod' },
    ports: { allowed: EVERYTHING_PASSES.sure, unknown: NO_PORTS },
    requests: [],
    considered: [],
    nearMiss: null,
  };
}

/** A group narrowed to some of its pods: what policies say is the same, but where they run may be known. */
function isSamePod(source: Endpoint, destination: Endpoint): boolean {
  return (
    source.kind === 'pods' &&
    destination.kind === 'pods' &&
    source.pods.length === 1 &&
    destination.pods.length === 1 &&
    source.pods[0] === destination.pods[0] &&
    source.pods[0].replicas <= 1
  );
}

/** How the destination is dialled: at its own address, or at that of a Service in front of it. */
export type Way = 'direct' | 'service';

/**
 * Explains one connection: both sides, with every policy that selects an end and every rule of it
 * tested. `port` null asks for any port.
 */
export function explainConnection(
  connectivity: Connectivity,
  source: Endpoint,
  destination: Endpoint,
  port: PortQuery | null,
  way: Way = 'direct',
): ConnectionAnswer {
  const { snapshot } = connectivity;
  const leadsBack = isSamePod(source, destination);
  const { policesHairpin } = snapshot.profile.flags;
  if (leadsBack && (way === 'direct' || policesHairpin === 'no')) {
    const [egress, ingress] = [samePod('egress'), samePod('ingress')];
    return { verdict: 'allowed', ports: egress.ports, egress, ingress };
  }
  const hairpin = leadsBack && policesHairpin === 'unknown' ? 'unknown' : 'no';
  const family = familyShown(source, destination);
  const sides = { snapshot, port, hairpin, family } as const;
  const egress: Question = { ...sides, direction: 'egress', own: source, other: destination };
  const ingress: Question = { ...sides, direction: 'ingress', own: destination, other: source };
  const bounds = intersectBounds(
    questionBounds(connectivity, egress),
    questionBounds(connectivity, ingress),
  );
  return {
    verdict: VERDICTS[matchPorts(bounds, port)],
    ports: { allowed: bounds.sure, unknown: unsurePorts(bounds) },
    egress: explainSide(connectivity, egress),
    ingress: explainSide(connectivity, ingress),
  };
}

/** Whether what passes between two ends has its requests looked at, by a rule of either side (CIL-40). */
export function looksAtRequests(
  connectivity: Connectivity,
  source: Endpoint,
  destination: Endpoint,
): boolean {
  const { snapshot, peers } = connectivity;
  return DIRECTIONS.some((direction) => {
    const [own, other] = direction === 'egress' ? [source, destination] : [destination, source];
    const side = sideAt(connectivity, own, direction);
    if (!side.policies.some(hasQualifiers)) return false;
    const family = familyShown(own, other);
    const course = courseOf({ snapshot, peers, side, own, other, family }, ALL_PORTS);
    const reason = permission(direction, course);
    return reason !== null && requestsOf(reason, course).length > 0;
  });
}

/** By policy, for this is asked of every pair. */
const qualified = new WeakMap<CompiledPolicy, boolean>();

function hasQualifiers(policy: CompiledPolicy): boolean {
  const known = qualified.get(policy);
  if (known !== undefined) return known;
  const has = DIRECTIONS.flatMap((direction) => policy.rules[direction]).some(
    ({ qualifiers = [] }) => qualifiers.length > 0,
  );
  qualified.set(policy, has);
  return has;
}

/** Everything that leaves a connection in doubt on any port; empty when all of it is certain. */
export function connectionDoubts(
  connectivity: Connectivity,
  source: Endpoint,
  destination: Endpoint,
): readonly UnknownCause[] {
  const { snapshot } = connectivity;
  const family = familyShown(source, destination);
  const shared = { snapshot, port: null, hairpin: 'no', family } as const;
  const egress: Question = { ...shared, direction: 'egress', own: source, other: destination };
  const ingress: Question = { ...shared, direction: 'ingress', own: destination, other: source };
  const doubts = (question: Question, opposite: Question) => {
    const unsure = unsurePorts(questionBounds(connectivity, question));
    // What the other side surely stops is not in doubt.
    const { atMost } = questionBounds(connectivity, opposite);
    if (isEmptyPorts(intersectPorts(unsure, atMost))) return [];
    const { meeting, considered } = examine(connectivity, question);
    return causesOf(question, meeting, considered);
  };
  return distinct([...doubts(egress, ingress), ...doubts(ingress, egress)]);
}
