import type { PeerMatch } from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import type { Severity } from '#lib/findings/finding.ts';
import { rulesThat } from '#lib/findings/in-force.ts';
import { podCount } from '#lib/findings/objects.ts';
import { labelledPods, type RulePlace, subjectGroups } from '#lib/findings/policy-facts.ts';
import { portsOfRule } from '#lib/findings/traffic.ts';
import { counted } from '#lib/findings/words.ts';
import type { Family } from '#lib/model/ip-address.ts';
import {
  formatPorts,
  hasPort,
  isEmptyPorts,
  NO_PORTS,
  type PortSet,
  portRange,
  subtractPorts,
  unitePorts,
} from '#lib/model/port-set.ts';
import { blocksOf, coverFamily, isWholeFamily } from './blocks.ts';

/** Rules that let in more than anybody can have thought of. */

function isEveryPod(match: PeerMatch): boolean {
  const labels = labelledPods(match);
  if (labels === null || labels.pods.length > 0) return false;
  const { namespaces } = labels;
  return (
    namespaces.kind === 'anywhere' ||
    (namespaces.kind === 'labelled' && namespaces.selector.length === 0)
  );
}

/** The policy says by its name that it means to. */
const SAYS_SO =
  /allow-?all|all-?(ingress|traffic|access)|any-?(where|body|one)|open|public|external/i;

/** The pods that a rule lets in for; null where these are not sure. */
function openedPods({ facts }: RulePlace, { connectivity }: LintContext): number | null {
  const groups = subjectGroups(connectivity, facts.policy);
  return groups === null ? null : podCount(groups.flatMap(({ pods }) => [...pods]));
}

export const allowsEverybody: Check = {
  id: 'PIT-WIDE-1',
  title: 'Ingress from everywhere, on every port',
  severity: 'warning',
  group: 'breadth',
  rules: ['NP-13', 'NP-14', 'NP-26'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A rule has neither from nor ports, or lets in every namespace on every port. Whatever else the policy says, these pods are as open as without it.',
  evidence:
    'A rule for ingress permits every port, from anybody or from every pod of every namespace, and its policy selects at least one pod. Not reported for policies whose names say so: allow-all, public, open, external.',
  fix: 'Say who is to connect, and on which ports.',
  *find(context) {
    for (const place of rulesThat('allow', context)) {
      const { rule, direction, facts } = place;
      if (direction !== 'ingress' || rule.ports !== 'all' || isBound(place)) continue;
      const peer = rule.peers.find(({ match }) => match.kind === 'anyone' || isEveryPod(match));
      const pods = openedPods(place, context);
      if (peer === undefined || !pods || SAYS_SO.test(facts.policy.ref.name)) continue;
      const who = peer.match.kind === 'anyone' ? 'Anybody' : 'Every pod of every namespace';
      yield {
        object: facts.policy.ref,
        path: peer.path,
        message: `${who} may connect to ${counted(pods, 'pod')} on every port.`,
      };
    }
  },
};

/** It asks for more than who and where to. */
function isBound({ rule: { own = [], conditions = [], exceptPorts = [] } }: RulePlace): boolean {
  return own.length > 0 || conditions.length > 0 || exceptPorts.length > 0;
}

/** Databases, key stores and remote shells, with what they are known as. */
const ADMIN_PORTS: readonly (readonly [port: number, name: string])[] = [
  [22, 'SSH'],
  [1433, 'SQL Server'],
  [2379, 'etcd'],
  [2380, 'etcd'],
  [3306, 'MySQL'],
  [3389, 'RDP'],
  [5432, 'PostgreSQL'],
  [5984, 'CouchDB'],
  [6379, 'Redis'],
  [6443, 'the Kubernetes API'],
  [9042, 'Cassandra'],
  [9200, 'Elasticsearch'],
  [10250, 'the kubelet'],
  [11211, 'memcached'],
  [27017, 'MongoDB'],
];

/** Ports on which the internet is usually served. */
const WEB: PortSet = [80, 443, 8080, 8443]
  .flatMap((port) => [portRange('TCP', port, port), portRange('UDP', port, port)])
  .reduce(unitePorts, NO_PORTS);

const WHOLE: Readonly<Record<Family, string>> = { 4: '0.0.0.0/0', 6: '::/0' };

/** How a rule says the internet: the words, and where; null when it does not. */
function internetIn({ rule }: RulePlace) {
  const outside = rule.peers.find(({ match }) => match.kind === 'outside');
  if (outside !== undefined) return { path: outside.path, what: 'the world' };
  const blocks = rule.peers.flatMap(({ match, path }) =>
    blocksOf(match).map(({ block }) => ({ block, path })),
  );
  for (const family of [4, 6] as const) {
    const whole = blocks.find(({ block }) => block.family === family && isWholeFamily(block));
    if (whole !== undefined) return { path: whole.path, what: WHOLE[family] };
    const ranges = blocks.map(({ block }) => block);
    const [first] = blocks.filter(({ block }) => block.family === family);
    if (first !== undefined && coverFamily(ranges, family))
      return { path: rule.path, what: `${WHOLE[family]}, in parts` };
  }
  return null;
}

/** The ports on which the rule opens its policy's pods, as far as that is known. */
function openedPorts(place: RulePlace, { connectivity }: LintContext): PortSet | null {
  const groups = subjectGroups(connectivity, place.facts.policy);
  if (groups === null || groups.length === 0) return null;
  return groups
    .map((group) => portsOfRule(connectivity, place.rule, 'ingress', group, group).sure)
    .reduce(unitePorts, NO_PORTS);
}

function judge(ports: PortSet, declared: ReadonlySet<number>) {
  // A rule without ports opens what its pods listen on, and everything else is closed by nobody listening.
  const admin = ADMIN_PORTS.find(
    ([port]) => hasPort(ports, 'TCP', port) && (declared.has(port) || isNarrow(ports)),
  );
  const severity: Severity =
    admin !== undefined ? 'error' : isEmptyPorts(subtractPorts(ports, WEB)) ? 'info' : 'warning';
  return { admin, severity };
}

/** The rule names its ports, and does not open all of TCP. */
function isNarrow({ TCP }: PortSet): boolean {
  return TCP.reduce((sum, [first, last]) => sum + last - first + 1, 0) <= 100;
}

export const openToInternet: Check = {
  id: 'PIT-WIDE-2',
  title: 'Ingress from the internet',
  severity: 'warning',
  group: 'breadth',
  rules: ['NP-31', 'CIL-30', 'CAL-27'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A rule permits 0.0.0.0/0. That is right for what serves the internet, and a way in for everybody where the port is a database’s or a shell’s.',
  evidence:
    'A rule for ingress names 0.0.0.0/0 or ::/0, whole or in parts that come to it, or the entity world, and its policy selects at least one pod. An error where the port is one that databases, etcd or remote shells have; only a note where the ports are 80, 443, 8080 and 8443 alone.',
  fix: 'Name the addresses that may connect, or the ingress controller in front.',
  *find(context) {
    for (const place of rulesThat('allow', context)) {
      if (place.direction !== 'ingress' || isBound(place)) continue;
      const internet = internetIn(place);
      const ports = internet === null ? null : openedPorts(place, context);
      if (internet === null || ports === null || isEmptyPorts(ports)) continue;
      const groups = subjectGroups(context.connectivity, place.facts.policy) ?? [];
      const pods = groups.flatMap((group) => [...group.pods]);
      const declared = new Set(pods.flatMap((pod) => pod.ports.map(({ port }) => port)));
      const { admin, severity } = judge(ports, declared);
      const which = admin === undefined ? '' : `; ${admin[0]} is ${admin[1]}`;
      yield {
        object: place.facts.policy.ref,
        path: internet.path,
        severity,
        message: `${capital(internet.what)} may connect to ${counted(podCount(pods), 'pod')} on ${formatPorts(ports)}${which}.`,
      };
    }
  },
};

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
