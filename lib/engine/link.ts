import { namespacedName, type Service } from '#lib/model/cluster.ts';
import type { AddressRange, IpAddress } from '#lib/model/ip-address.ts';
import { resourceName, SERVICES } from '#lib/model/resource.ts';
import { selects } from '#lib/model/selector.ts';
import type { AddressSet, ClusterSnapshot } from './cluster-snapshot.ts';
import {
  type CompiledPeer,
  type CompiledPolicy,
  type CompiledPort,
  type CompiledRule,
  DIRECTIONS,
  type PeerMatch,
  type PortMatch,
} from './compiled-policy.ts';
import { ruleLeaves } from './leaves.ts';
import { matchPods } from './pod-match.ts';

/**
 * Puts what other objects hold in the place of references to them: a policy that names a Service or
 * a set of addresses then reads as if it had been written with pods and blocks. Paths stay.
 */

type Objects = Pick<ClusterSnapshot, 'namespaces' | 'services' | 'addressSets' | 'gaps'>;

function anyOf(matches: readonly PeerMatch[]): PeerMatch {
  const [only, ...others] = matches;
  return only !== undefined && others.length === 0 ? only : { kind: 'any-of', of: matches };
}

function block(range: AddressRange, owners?: 'anybody'): PeerMatch {
  return { kind: 'addresses', block: range, except: [], ...(owners && { owners }) };
}

function single({ family, value }: IpAddress): AddressRange {
  return { family, first: value, last: value };
}

function setsMeant(
  { resource, which }: Extract<PeerMatch, { kind: 'address-sets' }>,
  { addressSets, namespaces }: Objects,
): PeerMatch {
  const blocks: PeerMatch[] = [];
  const test = ({ ref, labels }: AddressSet) => {
    if ('named' in which) return which.named === ref.name ? 'yes' : 'no';
    const namespace = ref.namespace === null ? null : namespaces.get(ref.namespace);
    if (namespace === undefined) return 'unknown';
    return matchPods(which.matching, { namespace, labels, serviceAccount: null }).match;
  };
  for (const set of addressSets) {
    if (set.resource !== resource) continue;
    const match = test(set);
    if (match === 'no') continue;
    const message = `whether ${set.ref.name} is meant depends on labels of its namespace, which are not known`;
    const perhaps: PeerMatch = { kind: 'not-understood', message };
    const own: PeerMatch[] = set.blocks.map((range) => block(range, set.owners));
    if (set.domains !== undefined) own.push({ kind: 'domain-names', names: set.domains });
    blocks.push(match === 'yes' ? anyOf(own) : { kind: 'all-of', of: [anyOf(own), perhaps] });
  }
  return anyOf(blocks);
}

function behindService({ name, namespace, selector, endpoints }: Service): PeerMatch {
  if (selector !== null)
    return {
      kind: 'pods',
      match: { kind: 'labelled', namespaces: { kind: 'named', name: namespace }, pods: selector },
    };
  return endpoints === null
    ? { kind: 'not-understood', message: `the addresses behind ${name} are not known` }
    : anyOf(endpoints.map((address) => block(single(address))));
}

/** Whether there may be Services that are not known. */
function servicesUnread({ gaps }: Objects): boolean {
  return gaps.some(({ resource }) => resource === resourceName(SERVICES));
}

function servicesMeant(
  { namespace, name, selector }: Extract<PeerMatch, { kind: 'services' }>,
  objects: Objects,
): PeerMatch {
  const meant = objects.services.filter(
    (service) =>
      (namespace === null || namespace === service.namespace) &&
      (name === null || name === service.name) &&
      (selector === null || selects(selector, service.labels)),
  );
  const known = meant.map(behindService);
  const unread: PeerMatch = { kind: 'not-understood', message: 'Services could not be read' };
  return anyOf(servicesUnread(objects) ? [...known, unread] : known);
}

function apiServer({ services }: Objects): PeerMatch {
  const service = services.find(
    ({ namespace, name }) => namespacedName(namespace, name) === 'default/kubernetes',
  );
  if (service === undefined || service.endpoints === null)
    return { kind: 'not-understood', message: 'the addresses of the API server are not known' };
  return anyOf(service.endpoints.map((address) => block(single(address), 'anybody')));
}

function linkMatch(match: PeerMatch, objects: Objects): PeerMatch {
  switch (match.kind) {
    case 'address-sets':
      return setsMeant(match, objects);
    case 'services':
      return servicesMeant(match, objects);
    case 'api-server':
      return apiServer(objects);
    case 'not': {
      const of = linkMatch(match.of, objects);
      return of === match.of ? match : { kind: 'not', of };
    }
    case 'all-of':
    case 'any-of': {
      const of = linkAll(match.of, (each) => linkMatch(each, objects));
      return of === match.of ? match : { kind: match.kind, of };
    }
    default:
      return match;
  }
}

/** The same array when nothing in it changes, so that what needs no linking costs nothing later. */
function linkAll<T>(items: readonly T[], link: (item: T) => T): readonly T[] {
  const linked = items.map(link);
  return linked.some((item, i) => item !== items[i]) ? linked : items;
}

function linkPeer(peer: CompiledPeer, objects: Objects): CompiledPeer {
  const match = linkMatch(peer.match, objects);
  return match === peer.match ? peer : { ...peer, match };
}

function portsOfService({ ports }: Service): readonly PortMatch[] {
  return ports.map(({ protocol, targetPort }) =>
    typeof targetPort === 'number'
      ? { kind: 'range', protocol, first: targetPort, last: targetPort }
      : { kind: 'named', protocol, name: targetPort },
  );
}

function linkPorts(ports: CompiledRule['ports'], objects: Objects): CompiledRule['ports'] {
  const { services } = objects;
  if (ports === 'all' || ports.every(({ match }) => match.kind !== 'service-ports')) return ports;
  // Whom such a rule names is in doubt then, and so is on which ports.
  if (servicesUnread(objects)) return 'all';
  return ports.flatMap((port): readonly CompiledPort[] => {
    const { match, path } = port;
    if (match.kind !== 'service-ports') return [port];
    const service = services.find(
      ({ namespace, name }) => namespace === match.namespace && name === match.name,
    );
    return service === undefined
      ? []
      : portsOfService(service).map((each) => ({ path, match: each }));
  });
}

function linkRule(rule: CompiledRule, objects: Objects): CompiledRule {
  const peers = linkAll(rule.peers, (peer) => linkPeer(peer, objects));
  const own = linkAll(rule.own ?? [], (peer) => linkPeer(peer, objects));
  const ports = linkPorts(rule.ports, objects);
  return peers === rule.peers && own === (rule.own ?? own) && ports === rule.ports
    ? rule
    : { ...rule, peers, own, ports };
}

function linkPolicy(policy: CompiledPolicy, objects: Objects): CompiledPolicy {
  const ingress = linkAll(policy.rules.ingress, (rule) => linkRule(rule, objects));
  const egress = linkAll(policy.rules.egress, (rule) => linkRule(rule, objects));
  return ingress === policy.rules.ingress && egress === policy.rules.egress
    ? policy
    : { ...policy, rules: { ingress, egress } };
}

/** Whether a policy refers to other objects; it never changes, so this is found once. */
const referring = new WeakMap<CompiledPolicy, boolean>();

export function hasReferences(policy: CompiledPolicy): boolean {
  const known = referring.get(policy);
  if (known !== undefined) return known;
  const has = DIRECTIONS.flatMap((direction) => policy.rules[direction]).some(
    (rule) =>
      ruleLeaves(rule).some(({ kind }) => REFERENCES.has(kind)) ||
      (rule.ports !== 'all' && rule.ports.some(({ match }) => match.kind === 'service-ports')),
  );
  referring.set(policy, has);
  return has;
}

const REFERENCES: ReadonlySet<PeerMatch['kind']> = new Set([
  'address-sets',
  'services',
  'api-server',
]);

/** The policies with every reference resolved against the objects of the cluster. */
export function linkPolicies(snapshot: ClusterSnapshot): readonly CompiledPolicy[] {
  return linkAll(snapshot.policies, (policy) =>
    hasReferences(policy) ? linkPolicy(policy, snapshot) : policy,
  );
}
