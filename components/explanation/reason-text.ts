import type { CniFlag } from '#lib/engine/cni-profile.ts';
import type { Action, Direction, PolicyNote } from '#lib/engine/compiled-policy.ts';
import type {
  ConsideredPolicy,
  ConsideredRule,
  NearMiss,
  PortQuery,
  Reason,
  RequestCondition,
  RuleRef,
  UnknownCause,
  Verdict,
} from '#lib/engine/explanation.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import { formatPorts } from '#lib/model/port-set.ts';
import type { ExplanationView } from '#lib/view/explanation-view.ts';
import type { IsolationBadge } from '#lib/view/graph-view.ts';
import type { EndpointView, RuleView } from '#lib/view/workload-view.ts';
import {
  capitalized,
  code,
  counted,
  endpointName,
  field,
  listed,
  policyName,
  qualifiedPolicy,
  ruleNumber,
  type Sentence,
  sentence,
} from './sentence.ts';

/**
 * Where reasons become English, for pages and the command line alike. A NetworkPolicy never
 * "denies": the pods it selects are isolated, and rules permit. Rules of a ClusterNetworkPolicy do.
 */

/** The two ends of a side: whose policies are asked, and who is at the other end. */
export interface SideEnds {
  readonly direction: Direction;
  readonly subject: EndpointView;
  readonly peer: EndpointView;
}

/** `TCP 5432`, or `any port` when none was asked for. */
export function portWords(port: PortQuery | null): string {
  return port === null ? 'any port' : `${port.protocol} ${port.port}`;
}

/** `shop/web can reach data/orders-db on TCP 5432`: the answer in one line. */
export function verdictHeadline(
  from: string,
  to: string,
  port: PortQuery | null,
  verdict: Verdict | 'mixed',
): string {
  const on = port === null ? '' : ` on ${portWords(port)}`;
  switch (verdict) {
    case 'allowed':
      return `${from} can reach ${to}${on}`;
    case 'blocked':
      return `${from} is blocked from ${to}${port === null ? ' on every port' : on}`;
    case 'unknown':
      return `Unknown: whether ${from} can reach ${to}${on}`;
    case 'mixed':
      return `${from} can reach only part of ${to}${on}`;
  }
}

/** The headline of a whole explanation; where any port was asked, it says which are open. */
export function explanationHeadline(view: ExplanationView): string {
  const { asked, service, parts, verdict } = view;
  const from = sharedName(parts.map((part) => part.from)) ?? asked.from;
  const to =
    service === null
      ? (sharedName(parts.map((part) => part.to)) ?? asked.to)
      : `service ${service.namespace}/${service.name}`;
  const headline = verdictHeadline(from, to, asked.port, verdict);
  if (asked.port !== null || verdict !== 'allowed') return headline;
  const ports = new Set(parts.map((part) => formatPorts(part.answer.ports.allowed)));
  const [only] = ports;
  return ports.size === 1 && only !== undefined
    ? `${headline} on ${openPortWords(only)}`
    : `${headline} on some ports`;
}

/** The name that all ends of one side have, whatever was typed to find them. */
function sharedName(ends: readonly EndpointView[]): string | null {
  const names = new Set(ends.map((end) => endpointName(end).text));
  const [only] = names;
  return names.size === 1 && only !== undefined ? only : null;
}

/** `every port` for what formatPorts calls `all`. */
export function openPortWords(ports: string): string {
  return ports === 'all' ? 'every port' : ports;
}

/** One pod or address asks: then pairs are as many as the pods behind the Service (GEN-8). */
function isFromOne({ parts }: ExplanationView): boolean {
  const [first] = parts;
  const isOne = first?.from.kind !== 'workload' || first.from.pods === 1;
  return isOne && sharedName(parts.map(({ from }) => from)) !== null;
}

/** How the pairs of an explanation divide: `4 of 6 pairs allowed, 2 blocked`, or `1 of 2 backends allowed`. */
export function pairCounts(view: ExplanationView): string {
  const count = (verdict: Verdict) =>
    view.parts.reduce((sum, part) => sum + (part.answer.verdict === verdict ? part.pairs : 0), 0);
  const [allowed, blocked, unknown] = [count('allowed'), count('blocked'), count('unknown')];
  const rest = [
    ...(blocked > 0 ? [`${blocked} blocked`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
  ];
  const noun = view.service !== null && isFromOne(view) ? 'backend' : 'pair';
  const total = counted(allowed + blocked + unknown, noun);
  return [`${allowed} of ${total} allowed`, ...rest].join(', ');
}

/** Why one side answers as it does. */
export function reasonSentence(reason: Reason, ends: SideEnds): Sentence {
  const subject = endpointName(ends.subject);
  const { direction } = ends;
  switch (reason.kind) {
    case 'rules':
      return permittedSentence(reason.rules);
    case 'denied':
      return capitalized(sentence`${ruleOfPolicy(reason.by)} denies it.`);
    case 'isolated':
      return sentence`${subject} is isolated for ${direction} by ${policyList(reason.by)}, and no rule permits this connection${endOfTier(reason.tier)}.`;
    case 'isolated-by-plugin':
      return sentence`The network plugin isolates every pod for ${direction}, and no rule permits this connection.`;
    case 'no-policy':
      return direction === 'ingress'
        ? sentence`No policy selects ${subject} for ingress: every connection may come in.`
        : sentence`No policy selects ${subject} for egress: every connection may go out.`;
    case 'not-decided':
      return sentence`Policies select ${subject} for ${direction}, but none isolates it and no rule decides this connection: it passes.`;
    case 'same-pod':
      return sentence`A pod always reaches itself, whatever policies say.`;
    case 'host-network':
      return sentence`${subject} uses its node's network: policies do not apply to it.`;
    case 'outside':
      return sentence`${subject} is not a pod of this cluster: no policy here applies to it.`;
    case 'local-node':
      return direction === 'ingress'
        ? sentence`The node that a pod runs on always reaches it, whatever policies say.`
        : sentence`The network plugin lets a pod reach its own node, whatever policies say.`;
    case 'unknown':
      return capitalized(sentence`${joinClauses(reason.causes.map(causeClause))}.`);
  }
}

/** What the requests in a connection have to be that is let through: an answer beside the verdict (CIL-40). */
export function requestSentence({ message, policy }: RequestCondition): Sentence {
  return sentence`Its requests are looked at, as policy ${policyName(policy)} asks: ${message}.`;
}

/** Tiers that everybody has need no mention. */
function endOfTier(tier: string): string {
  return tier === 'NetworkPolicy' ? '' : `: the ${tier} tier ends with a block`;
}

function permittedSentence(rules: readonly [RuleRef, ...RuleRef[]]): Sentence {
  const [best, ...others] = rules.map(ruleOfPolicy);
  const opening = capitalized(sentence`${best ?? ''} permits it`);
  if (others.length === 0) return sentence`${opening}.`;
  return sentence`${opening}; so ${others.length === 1 ? 'does' : 'do'} ${listed(others)}.`;
}

function ruleOfPolicy(rule: RuleRef): Sentence {
  return sentence`${ruleNumber(rule)} of policy ${policyName(rule.policy)}`;
}

function policyList(policies: readonly PolicyRef[]): Sentence {
  const word = policies.length === 1 ? 'policy' : 'policies';
  return sentence`${word} ${listed(policies.map(policyName))}`;
}

function joinClauses(clauses: readonly Sentence[]): Sentence {
  return clauses.reduce((all, clause) => sentence`${all}; ${clause}`);
}

/** What an unknown answer waits for, as a clause: lower-case, without a full stop. */
export function causeClause(cause: UnknownCause): Sentence {
  switch (cause.kind) {
    case 'cni-flag':
      return flagClause(cause.flag);
    case 'not-understood':
      return sentence`${field(cause.path)} of policy ${qualifiedPolicy(cause.policy)} is not understood (${cause.message})`;
    case 'condition':
      return sentence`${field(cause.path)} of policy ${qualifiedPolicy(cause.policy)} asks for more than is known of a connection (${cause.message})`;
    case 'domain-names':
      return sentence`${field(cause.path)} of policy ${qualifiedPolicy(cause.policy)} names ${listed(cause.names.map(code))}, and which addresses that are is known to the pods' name servers only`;
    case 'not-readable':
      return sentence`${code(cause.resource)} could not be read (${cause.message})`;
    case 'not-evaluated':
      return sentence`${code(cause.resource)} may decide it, and Sightline does not evaluate that kind (${cause.message})`;
    case 'equal-priority':
      return sentence`policies ${listed(cause.policies.map(qualifiedPolicy))} have no order between them, and any of them may decide`;
    case 'address-family':
      return sentence`both ends have IPv4 and IPv6 addresses, and the answer differs by family`;
    case 'node-of-pod':
      return sentence`the node that a pod runs on always reaches it, and whether the other end is that node is not known or differs from pod to pod`;
  }
}

const UNDECIDED = "and what this cluster's plugin does is not known";

function flagClause(flag: CniFlag): Sentence {
  switch (flag) {
    case 'enforcesClusterNetworkPolicy':
      return sentence`only some network plugins enforce ClusterNetworkPolicy, ${UNDECIDED}`;
    case 'enforcesAdminNetworkPolicy':
      return sentence`only some network plugins enforce AdminNetworkPolicy, ${UNDECIDED}`;
    case 'enforcesCilium':
      return sentence`only Cilium enforces the policies of its own kinds, and whether it runs here is not known`;
    case 'enforcesCalico':
      return sentence`only Calico enforces the policies of its own kinds, and whether it runs here is not known`;
    case 'hostPolicies':
      return sentence`whether policies for nodes are enforced is a setting of the network plugin that is not known`;
    case 'nodeReachesItsPods':
      return sentence`whether a node always reaches its pods is a setting of the network plugin that is not known`;
    case 'resolvesNamedPorts':
      return sentence`network plugins differ on whether they look up named ports, ${UNDECIDED}`;
    case 'isolatesEverything':
      return sentence`whether pods without policies are isolated is a setting of the network plugin that is not known`;
    case 'enforces':
      return sentence`this cluster's network plugin does not enforce NetworkPolicy, or is not known to; unenforced, policies change nothing`;
    case 'dropsDenied':
      return sentence`this cluster's network plugin is in audit mode: what policies deny is reported, and passes all the same`;
    case 'ipBlockMatchesPods':
      return sentence`network plugins differ on whether an ${code('ipBlock')} matches the addresses of pods, ${UNDECIDED}`;
    case 'ipBlockMatchesNodes':
      return sentence`network plugins differ on whether an ${code('ipBlock')} matches the addresses of nodes, ${UNDECIDED}`;
    case 'endPort':
      return sentence`network plugins differ on whether they honour ${code('endPort')} or permit the first port only, ${UNDECIDED}`;
    case 'sctp':
      return sentence`network plugins differ on whether they enforce rules for SCTP, ${UNDECIDED}`;
    case 'initContainerPorts':
      return sentence`network plugins differ on whether a named port may be that of an init container, ${UNDECIDED}`;
    case 'policesPodToLocalNode':
      return sentence`network plugins differ on whether policies apply to a pod that connects to its own node, ${UNDECIDED}`;
    case 'policesHairpin':
      return sentence`network plugins differ on whether policies apply to a pod that connects to itself through a Service, ${UNDECIDED}`;
  }
}

/** What being selected by this policy means for the pod, before its rules are looked at. */
export function consideredPolicySentence(
  considered: ConsideredPolicy,
  { subject, direction }: SideEnds,
): Sentence {
  const pods = endpointName(subject);
  const at = considered.isolatedAt;
  const rules =
    considered.rules.length === 0
      ? sentence`, and lists no ${direction} rule: it permits nothing`
      : sentence``;
  if (!considered.valid) {
    return sentence`selects ${pods}, but whether it isolates for ${direction} is not known: it is not valid, or not understood`;
  }
  if (at === null) {
    return sentence`decides for ${pods} ${orderWords(considered)}, where one of its rules matches`;
  }
  if (at.defaulted) {
    return sentence`isolates ${pods} for ${direction} by default, for it lists no directions${rules}`;
  }
  return sentence`isolates ${pods} for ${direction}${rules}`;
}

/** `in the Admin tier with priority 10` */
function orderWords({ tier, priority }: ConsideredPolicy): string {
  return priority === null
    ? `in the ${tier} tier`
    : `in the ${tier} tier with priority ${priority}`;
}

/** What a rule that matches does. */
const DOES: Readonly<Record<Action, string>> = {
  allow: 'permits it',
  deny: 'denies it',
  pass: 'passes it on to the next tier',
  log: 'logs it',
};

const MAY_DO: Readonly<Record<Action, string>> = {
  allow: 'may permit it',
  deny: 'may deny it',
  pass: 'may pass it on to the next tier',
  log: 'may log it',
};

/** Why a rule permits the connection or does not; `written` adds what it permits instead. */
export function consideredRuleSentence(rule: ConsideredRule, written: RuleView | null): Sentence {
  const number =
    rule.name === null ? `rule ${rule.index + 1}` : `rule ${rule.index + 1} (${rule.name})`;
  switch (rule.match) {
    case 'yes':
      return rule.reached
        ? sentence`${number} ${DOES[rule.action]}`
        : sentence`${number} matches, but what it matches is decided before it`;
    case 'unknown':
      return sentence`${number} ${MAY_DO[rule.action]}: ${unsureOf(rule)}`;
    case 'no':
      return sentence`${number} does not match: ${failure(rule, written)}`;
  }
}

function unsureOf({ peer, port, conditions }: ConsideredRule): string {
  const [condition] = conditions;
  if (condition !== undefined && peer === 'yes' && port === 'yes') return condition.message;
  if (peer === 'yes') return 'whether it lists the port is not known';
  if (port === 'yes') return 'whether it names this peer is not known';
  return 'whether it names this peer and port is not known';
}

function failure(rule: ConsideredRule, written: RuleView | null): string {
  if (rule.own.some(({ match }) => match === 'no')) return 'it is for other pods than this one';
  if (rule.peer !== 'no') return `the port is not listed${permittedPorts(written)}`;
  if (rule.port !== 'no') return 'it does not name this peer';
  return `it names neither this peer nor this port${permittedPorts(written)}`;
}

function permittedPorts(written: RuleView | null): string {
  if (written === null || written.ports === 'all') return '';
  const does = { allow: 'permits', deny: 'denies', pass: 'passes on', log: 'logs' }[written.action];
  return ` (it ${does} ${written.ports.join(', ')})`;
}

/** The rule that failed the fewest tests: where a person would mend it. */
export function nearMissSentence(miss: NearMiss, port: PortQuery | null): Sentence {
  const rule = ruleOfPolicy(miss.rule);
  switch (miss.failed) {
    case 'port':
      return port === null
        ? sentence`Closest: ${rule} names this peer, but no port that it has.`
        : sentence`Closest: ${rule} names this peer, but not ${portWords(port)}.`;
    case 'peer':
      return port === null
        ? sentence`Closest: ${rule}, but it does not name this peer.`
        : sentence`Closest: ${rule} permits ${portWords(port)}, but does not name this peer.`;
  }
}

/** What a person reading the object may take it for, and is not. */
export function noteSentence(note: PolicyNote): Sentence {
  switch (note.kind) {
    case 'policy-types-defaulted':
      return note.emptyEgressIgnored
        ? sentence`${code('egress: []')} without ${code('policyTypes')} does not isolate egress: this policy isolates ${note.directions.join(' and ')} only.`
        : sentence`${code('policyTypes')} is absent: the API server fills it in, and this policy isolates ${note.directions.join(' and ')}.`;
    case 'rules-ignored':
      return sentence`The rules under ${field(note.path)} have no effect: ${code('policyTypes')} does not list ${directionType(note.direction)}.`;
    case 'host-bits-dropped':
      return sentence`${code(note.written)} means ${code(note.meant)}: the bits behind the prefix are dropped.`;
    case 'remark':
      return sentence`${field(note.path)}: ${note.message}.`;
  }
}

/** As `policyTypes` spells it. */
function directionType(direction: Direction): string {
  return direction === 'ingress' ? 'Ingress' : 'Egress';
}

/** What being isolated, or not, means for these pods. */
export function isolationSentence(
  badge: IsolationBadge,
  direction: Direction,
  policies: number,
): string {
  switch (badge) {
    case 'isolated': {
      const by = `Isolated for ${direction} by ${counted(policies, 'policy', 'policies')}`;
      const rules = policies === 1 ? 'its rules permit' : 'their rules permit';
      return direction === 'ingress'
        ? `${by}: only what ${rules} may connect.`
        : `${by}: it may connect only to what ${rules}.`;
    }
    case 'open':
      // Policies that isolate nobody may select it all the same (CNP-9).
      if (policies > 0)
        return `Not isolated for ${direction}: what the rules of ${counted(policies, 'policy', 'policies')} do not decide passes.`;
      return direction === 'ingress'
        ? 'Open: no policy selects it for ingress, so every pod and address may connect.'
        : 'Open: no policy selects it for egress, so it may connect to every pod and address.';
    case 'mixed':
      return `Mixed: some of the pods are selected by a policy for ${direction}, the others are open.`;
    case 'unknown':
      return `Unknown: whether policies isolate it for ${direction} could not be determined.`;
  }
}
