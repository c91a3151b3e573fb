import type { JsonObject } from '#lib/model/json.ts';
import type { SelectorExpression } from '#lib/policies/calico/selector-expression.ts';
import { printSelector } from './calico-selectors.ts';
import {
  inCidr,
  isLocalNode,
  namespaceLabels,
  networkPolicySays,
  type Probe,
  type Protocol,
  type RawCluster,
  type RawEnd,
  type RawPod,
} from './reference-evaluator.ts';

/**
 * Calico's policies, pod by pod, as its agent has them: everything that has an address has labels,
 * those of its namespace among them under a prefix, and a rule's selectors are one expression over
 * them. Shares no code with what compiles policies; rule numbers are those of the semantics.
 */

export interface RawEntity {
  readonly selector?: SelectorExpression;
  readonly notSelector?: SelectorExpression;
  readonly namespaceSelector?: SelectorExpression;
  readonly nets?: readonly string[];
  readonly notNets?: readonly string[];
  readonly ports?: readonly (number | string)[];
  readonly notPorts?: readonly (number | string)[];
}

export interface RawCalicoRule {
  readonly action: 'Allow' | 'Deny' | 'Pass' | 'Log';
  readonly protocol?: Protocol;
  readonly notProtocol?: Protocol;
  readonly source: RawEntity;
  readonly destination: RawEntity;
}

export interface RawCalicoPolicy {
  /** Null for a global one. */
  readonly namespace: string | null;
  readonly name: string;
  readonly staged: boolean;
  readonly tier: string;
  readonly order: number | null;
  readonly selector?: SelectorExpression;
  readonly namespaceSelector?: SelectorExpression;
  readonly types?: readonly ('Ingress' | 'Egress')[];
  readonly ingress: readonly RawCalicoRule[];
  readonly egress: readonly RawCalicoRule[];
}

export interface RawTier {
  readonly name: string;
  readonly order: number | null;
  readonly defaultAction: 'Deny' | 'Pass';
}

export interface RawAddressSet {
  readonly namespace: string | null;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly nets: readonly string[];
}

/** Of the cluster, its NetworkPolicies count as well. */
export interface RawCalicoCluster extends RawCluster {
  readonly tiers: readonly RawTier[];
  readonly sets: readonly RawAddressSet[];
  readonly calico: readonly RawCalicoPolicy[];
}

type CalicoLabels = ReadonlyMap<string, string>;
const NAMESPACE = 'projectcalico.org/namespace';

function inherited(cluster: RawCluster, namespace: string | null): readonly [string, string][] {
  if (namespace === null) return [];
  const labels = Object.entries(namespaceLabels(cluster, namespace));
  return [
    ...labels.map(([key, value]): [string, string] => [`pcns.${key}`, value]),
    ['pcns.projectcalico.org/name', namespace],
    [NAMESPACE, namespace],
  ];
}

function podLabels(cluster: RawCluster, { namespace, labels }: RawPod): CalicoLabels {
  const own: readonly [string, string][] = [['projectcalico.org/orchestrator', 'k8s']];
  return new Map([...Object.entries(labels), ...own, ...inherited(cluster, namespace)]);
}

/** The labels of everything that has the address of an end (CAL-22, CAL-44). */
function labelsAt(cluster: RawCalicoCluster, end: RawEnd): readonly CalicoLabels[] {
  const ip = typeof end === 'string' ? end : end.ip;
  const sets = cluster.sets.filter(({ nets }) => nets.some((net) => inCidr(ip, net)));
  const pod = typeof end === 'string' || end.hostNetwork ? [] : [podLabels(cluster, end)];
  return [
    ...pod,
    ...sets.map(
      ({ namespace, labels }) =>
        new Map([...Object.entries(labels), ...inherited(cluster, namespace)]),
    ),
  ];
}

/** CAL-16, CAL-17; of namespaces with the prefix, where all() is what is in one (CAL-25). */
function holds(
  expression: SelectorExpression,
  labels: CalicoLabels,
  prefix: '' | 'pcns.' = '',
): boolean {
  switch (expression.kind) {
    case 'all':
      return prefix === '' || labels.has(NAMESPACE);
    case 'global':
      return !labels.has(NAMESPACE);
    case 'and':
      return expression.of.every((each) => holds(each, labels, prefix));
    case 'or':
      return expression.of.some((each) => holds(each, labels, prefix));
    case 'not':
      return !holds(expression.of, labels, prefix);
    case 'label': {
      const { key, operator, values } = expression.requirement;
      const value = labels.get(prefix + key);
      const [text = ''] = values;
      if (operator === 'NotIn') return value === undefined || !values.includes(value);
      if (value === undefined) return false;
      if (operator === 'In') return values.includes(value);
      if (operator === 'Contains') return value.includes(text);
      if (operator === 'StartsWith') return value.startsWith(text);
      return operator === 'Exists' || value.endsWith(text);
    }
  }
}

function entityMatches(
  cluster: RawCalicoCluster,
  entity: RawEntity,
  namespace: string | null,
  end: RawEnd,
): boolean {
  const { selector, notSelector, namespaceSelector, nets, notNets } = entity;
  const ip = typeof end === 'string' ? end : end.ip;
  const there = labelsAt(cluster, end);
  // CAL-23, CAL-24: any selector but that of namespaces keeps a NetworkPolicy at home.
  const atHome =
    namespace !== null &&
    namespaceSelector === undefined &&
    (selector !== undefined || notSelector !== undefined);
  const asksForLabels = atHome || namespaceSelector !== undefined || selector !== undefined;
  const meets = (labels: CalicoLabels) =>
    (!atHome || labels.get(NAMESPACE) === namespace) &&
    (namespaceSelector === undefined || holds(namespaceSelector, labels, 'pcns.')) &&
    (selector === undefined || holds(selector, labels));
  if (asksForLabels && !there.some(meets)) return false;
  if (notSelector !== undefined && there.some((labels) => holds(notSelector, labels))) return false;
  if (nets !== undefined && !nets.some((net) => inCidr(ip, net))) return false;
  return !(notNets ?? []).some((net) => inCidr(ip, net));
}

/** CAL-28 */
function isPort(written: number | string, { port, protocol }: Probe, target: RawEnd): boolean {
  if (typeof written === 'number') return written === port;
  const [first, last] = written.split(':').map(Number);
  if (first !== undefined && last !== undefined) return first <= port && port <= last;
  return (
    typeof target !== 'string' &&
    target.ports.some(
      (own) => own.name === written && own.protocol === protocol && own.port === port,
    )
  );
}

function ruleMatches(
  cluster: RawCalicoCluster,
  probe: Probe,
  { namespace }: RawCalicoPolicy,
  rule: RawCalicoRule,
): boolean {
  const { direction, own, other, protocol } = probe;
  const [source, destination] = direction === 'Ingress' ? [other, own] : [own, other];
  const { ports, notPorts = [] } = rule.destination;
  if (rule.protocol !== undefined && rule.protocol !== protocol) return false;
  if (rule.notProtocol === protocol) return false;
  if (ports !== undefined && !ports.some((each) => isPort(each, probe, destination))) return false;
  if (notPorts.some((each) => isPort(each, probe, destination))) return false;
  return (
    entityMatches(cluster, rule.source, namespace, source) &&
    entityMatches(cluster, rule.destination, namespace, destination)
  );
}

/** CAL-9 */
function typesOf({ types, ingress, egress }: RawCalicoPolicy): readonly string[] {
  if (types !== undefined && types.length > 0) return types;
  if (egress.length === 0) return ['Ingress'];
  return ingress.length === 0 ? ['Egress'] : ['Ingress', 'Egress'];
}

type Say = 'Allow' | 'Deny' | 'Pass' | 'nothing';

/** A policy of either API that applies to the probe's own end. */
interface Applying {
  readonly tier: string;
  readonly order: number;
  readonly key: string;
  readonly say: Say;
}

function calicoApplying(cluster: RawCalicoCluster, probe: Probe, pod: RawPod): readonly Applying[] {
  const labels = podLabels(cluster, pod);
  return cluster.calico
    .filter(
      (policy) =>
        !policy.staged &&
        typesOf(policy).includes(probe.direction) &&
        (policy.namespace === null || policy.namespace === pod.namespace) &&
        (policy.selector === undefined || holds(policy.selector, labels)) &&
        (policy.namespaceSelector === undefined ||
          holds(policy.namespaceSelector, labels, 'pcns.')),
    )
    .map((policy) => {
      const rules = probe.direction === 'Ingress' ? policy.ingress : policy.egress;
      const decisive = rules.find(
        (rule) => rule.action !== 'Log' && ruleMatches(cluster, probe, policy, rule),
      );
      const action = decisive?.action;
      const kind = policy.namespace === null ? 'GlobalNetworkPolicy' : 'NetworkPolicy';
      return {
        tier: policy.tier,
        order: policy.order ?? Number.POSITIVE_INFINITY,
        key: `${policy.name}/${policy.namespace ?? ''}/${kind}`,
        say: action === undefined || action === 'Log' ? 'nothing' : action,
      };
    });
}

/** CAL-40 */
function kubernetesApplying(cluster: RawCalicoCluster, probe: Probe): readonly Applying[] {
  return cluster.policies.flatMap((policy) => {
    const said = networkPolicySays(probe, policy);
    const { name, namespace } = policy.metadata;
    return said === 'nothing'
      ? []
      : [
          {
            tier: 'default',
            order: 1000,
            key: `${name}/${namespace}/NetworkPolicy`,
            say: said === 'yes' ? ('Allow' as const) : ('nothing' as const),
          },
        ];
  });
}

const DEFAULT_TIER: RawTier = { name: 'default', order: 1_000_000, defaultAction: 'Deny' };

/** CAL-2, CAL-3: tiers that nobody made come last. */
function tiersInOrder(
  cluster: RawCalicoCluster,
  applying: readonly Applying[],
): readonly RawTier[] {
  const known = [...cluster.tiers, DEFAULT_TIER].toSorted(
    (a, b) =>
      Math.sign((a.order ?? Number.MAX_VALUE) - (b.order ?? Number.MAX_VALUE)) ||
      (a.name < b.name ? -1 : 1),
  );
  const missing = new Set(applying.map(({ tier }) => tier));
  for (const { name } of known) missing.delete(name);
  return [
    ...known,
    ...[...missing].sort().map((name): RawTier => ({ name, order: null, defaultAction: 'Deny' })),
  ];
}

function sideAllows(cluster: RawCalicoCluster, probe: Probe): boolean {
  const { own } = probe;
  if (typeof own === 'string' || own.hostNetwork || isLocalNode(probe)) return true;
  const applying = [
    ...calicoApplying(cluster, probe, own),
    ...kubernetesApplying(cluster, probe),
  ].toSorted((a, b) => (a.order === b.order ? (a.key < b.key ? -1 : 1) : a.order - b.order));
  for (const tier of tiersInOrder(cluster, applying)) {
    const here = applying.filter((each) => each.tier === tier.name);
    if (here.length === 0) continue;
    const say = here.find((each) => each.say !== 'nothing')?.say ?? tier.defaultAction;
    if (say !== 'Pass') return say === 'Allow';
  }
  return true;
}

/** Whether a new connection is let through by both sides (GEN-2); a pod reaches itself (GEN-16). */
export function calicoAllows(
  cluster: RawCalicoCluster,
  from: RawEnd,
  to: RawEnd,
  protocol: Protocol,
  port: number,
): boolean {
  if (from === to) return true;
  const question = { cluster, protocol, port };
  return (
    sideAllows(cluster, { ...question, direction: 'Egress', own: from, other: to }) &&
    sideAllows(cluster, { ...question, direction: 'Ingress', own: to, other: from })
  );
}

/** Undefined is left out when it is written as JSON. */
function text(expression: SelectorExpression | undefined): string | undefined {
  return expression === undefined ? undefined : printSelector(expression);
}

function entityBody({ selector, notSelector, namespaceSelector, ...rest }: RawEntity) {
  return {
    ...rest,
    selector: text(selector),
    notSelector: text(notSelector),
    namespaceSelector: text(namespaceSelector),
  };
}

function policyBody({
  namespace,
  name,
  staged,
  selector,
  namespaceSelector,
  ...spec
}: RawCalicoPolicy) {
  const kind = `${staged ? 'Staged' : ''}${namespace === null ? 'Global' : ''}NetworkPolicy`;
  const rules = (list: readonly RawCalicoRule[]) =>
    list.map(({ source, destination, ...rule }) => ({
      ...rule,
      source: entityBody(source),
      destination: entityBody(destination),
    }));
  return {
    kind,
    metadata: { namespace, name },
    spec: {
      ...spec,
      selector: text(selector),
      namespaceSelector: text(namespaceSelector),
      ingress: rules(spec.ingress),
      egress: rules(spec.egress),
    },
  };
}

/** Calico's objects of the cluster, as its API serves them. */
export function calicoBodies({ tiers, sets, calico }: RawCalicoCluster): readonly JsonObject[] {
  const objects = [
    ...tiers.map(({ name, ...spec }) => ({ kind: 'Tier', metadata: { name }, spec })),
    ...sets.map(({ namespace, name, labels, nets }) => ({
      kind: namespace === null ? 'GlobalNetworkSet' : 'NetworkSet',
      metadata: { namespace, name, labels },
      spec: { nets },
    })),
    ...calico.map(policyBody),
  ];
  return JSON.parse(
    JSON.stringify(objects.map((each) => ({ apiVersion: 'projectcalico.org/v3', ...each }))),
  );
}
