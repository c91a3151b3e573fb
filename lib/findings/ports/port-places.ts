import type { CompiledPort } from '#lib/engine/compiled-policy.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { rulesThat } from '#lib/findings/in-force.ts';
import {
  groupsOf,
  type LabelledPods,
  labelledPods,
  labelledSubject,
  type RulePlace,
  subjectGroups,
} from '#lib/findings/policy-facts.ts';
import { isYoung } from '#lib/findings/young.ts';
import type { Service, ServicePort } from '#lib/model/cluster.ts';
import { selects } from '#lib/model/selector.ts';

/** A port entry of a rule that permits, and the pods that the connection goes to. */
export interface PortPlace extends RulePlace {
  readonly port: CompiledPort;
  /** Null where it is not sure which they are. */
  readonly destinations: readonly PodGroup[] | null;
  /** The destinations are chosen by their labels, not everybody there is. */
  readonly chosen: boolean;
}

function isChosen(labels: LabelledPods | null): boolean {
  return labels !== null && labels.pods.length > 0;
}

/** Whom a rule's connections go to: the subject for ingress, the peers for egress (NP-38). */
function destinationsOf({ facts, direction, rule }: RulePlace, context: LintContext) {
  const { connectivity } = context;
  if (direction === 'ingress')
    return {
      destinations: subjectGroups(connectivity, facts.policy),
      chosen: isChosen(labelledSubject(facts.policy)),
    };
  const found = rule.peers.map(({ match }) =>
    match.kind === 'anyone' ? connectivity.groups : groupsOf(connectivity, match),
  );
  const sure = found.flatMap((groups) => (groups === null ? [] : [groups]));
  return {
    destinations: sure.length < found.length ? null : [...new Set(sure.flat())],
    chosen: rule.peers.every(({ match }) => isChosen(labelledPods(match))),
  };
}

export function* portsIn(context: LintContext): Generator<PortPlace> {
  for (const place of rulesThat('allow', context)) {
    const { rule, facts } = place;
    if (rule.ports === 'all' || isYoung(facts, context)) continue;
    const { destinations, chosen } = destinationsOf(place, context);
    for (const port of rule.ports) yield { ...place, port, destinations, chosen };
  }
}

/** Services that lead to a group of pods. */
export function servicesOf(group: PodGroup, { snapshot }: LintContext): readonly Service[] {
  return snapshot.services.filter(
    ({ namespace, selector, type }) =>
      type !== 'ExternalName' &&
      namespace === group.namespace.name &&
      selector !== null &&
      selects(selector, group.labels),
  );
}

/** The number that a Service’s port leads to at a pod; null where the pod declares no such name. */
export function targetNumber(
  { targetPort, protocol }: ServicePort,
  group: PodGroup,
): number | null {
  if (typeof targetPort === 'number') return targetPort;
  const declared = group.pods[0].ports.find(
    (port) => port.name === targetPort && port.protocol === protocol,
  );
  return declared?.port ?? null;
}
