import type { CniFlags } from '#lib/engine/cni-profile.ts';
import type {
  CompiledPolicy,
  CompiledPort,
  CompiledRule,
  NamespaceMatch,
  PeerMatch,
  PodMatch,
} from '#lib/engine/compiled-policy.ts';
import { type AddressRange, rangeCovers } from '#lib/model/ip-address.ts';
import { NAMESPACE_NAME_LABEL } from '#lib/model/labels.ts';
import type { Requirement, Selector } from '#lib/model/selector.ts';

/**
 * Whether what one thing matches is surely all matched by another, whatever pods there are today
 * or will be: told from how they are written. What is not seen to cover is taken not to.
 */

function requirementImplies(inner: Requirement, outer: Requirement): boolean {
  if (inner.key !== outer.key) return false;
  if (outer.operator === 'Exists')
    return inner.operator !== 'NotIn' && inner.operator !== 'DoesNotExist';
  if (outer.operator !== inner.operator) return false;
  const [narrow, wide] = outer.operator === 'NotIn' ? [outer, inner] : [inner, outer];
  return narrow.values.every((value) => wide.values.includes(value));
}

function selectorCovers(outer: Selector, inner: Selector): boolean {
  return outer.every((asked) => inner.some((each) => requirementImplies(each, asked)));
}

/** The selector of namespaces that means the same; null for what is in none. */
function namespaceSelector(match: NamespaceMatch): Selector | null {
  if (match.kind === 'named')
    return [{ key: NAMESPACE_NAME_LABEL, operator: 'In', values: [match.name] }];
  return match.kind === 'labelled' ? match.selector : null;
}

function namespaceCovers(outer: NamespaceMatch, inner: NamespaceMatch): boolean {
  if (outer.kind === 'anywhere' || outer.kind === inner.kind) {
    if (outer.kind === 'anywhere' || outer.kind === 'nowhere') return true;
  }
  const [wide, narrow] = [namespaceSelector(outer), namespaceSelector(inner)];
  return wide !== null && narrow !== null && selectorCovers(wide, narrow);
}

/** Boolean combinations, the same way for pods and for peers; null where neither side is one. */
function combinationCovers<T extends PodMatch | PeerMatch>(
  outer: T,
  inner: T,
  covers: (outer: T, inner: T) => boolean,
): boolean | null {
  // What a combination holds is of its own kind.
  const parts = (match: T) => (match.kind === 'all-of' || match.kind === 'any-of' ? match.of : []);
  const of = (match: T) => parts(match) as readonly T[];
  if (inner.kind === 'any-of') return of(inner).every((each) => covers(outer, each));
  if (outer.kind === 'all-of') return of(outer).every((each) => covers(each, inner));
  if (outer.kind === 'any-of') return of(outer).some((each) => covers(each, inner));
  if (inner.kind === 'all-of') return of(inner).some((each) => covers(outer, each));
  return null;
}

function podsCover(outer: PodMatch, inner: PodMatch): boolean {
  const combined = combinationCovers(outer, inner, podsCover);
  if (combined !== null) return combined;
  if (outer.kind === 'not' && inner.kind === 'not') return podsCover(inner.of, outer.of);
  if (outer.kind !== 'labelled' || inner.kind !== 'labelled') return false;
  const { serviceAccounts } = outer;
  return (
    namespaceCovers(outer.namespaces, inner.namespaces) &&
    selectorCovers(outer.pods, inner.pods) &&
    (serviceAccounts === undefined ||
      inner.serviceAccounts?.every((name) => serviceAccounts.includes(name)) === true)
  );
}

function overlap(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

type Addresses = Extract<PeerMatch, { kind: 'addresses' }>;

function addressesCover(outer: Addresses, inner: Addresses): boolean {
  return (
    rangeCovers(outer.block, inner.block) &&
    (outer.owners === 'anybody' || inner.owners === undefined) &&
    outer.except.every(
      (left) => !overlap(left, inner.block) || inner.except.some((each) => rangeCovers(each, left)),
    )
  );
}

function peerCovers(outer: PeerMatch, inner: PeerMatch): boolean {
  if (outer.kind === 'anyone') return true;
  const combined = combinationCovers(outer, inner, peerCovers);
  if (combined !== null) return combined;
  if (outer.kind === 'pods' && inner.kind === 'pods') return podsCover(outer.match, inner.match);
  if (outer.kind === 'addresses' && inner.kind === 'addresses') return addressesCover(outer, inner);
  if (outer.kind === 'outside' && inner.kind === 'outside')
    return outer.family === undefined || outer.family === inner.family;
  if (outer.kind === 'nodes' && inner.kind === 'nodes')
    return (
      selectorCovers(outer.selector, inner.selector) &&
      (outer.locality === undefined || outer.locality === inner.locality)
    );
  return (
    outer.kind === 'domain-names' &&
    inner.kind === 'domain-names' &&
    inner.names.every((name) => outer.names.includes(name))
  );
}

function portCovers(
  { match: outer }: CompiledPort,
  { match: inner }: CompiledPort,
  flags: CniFlags,
) {
  switch (outer.kind) {
    case 'all-of-protocol':
      return 'protocol' in inner && inner.protocol === outer.protocol;
    case 'range': {
      if (inner.kind !== 'range' || inner.protocol !== outer.protocol) return false;
      // NP-19: where the end is not looked at, only what is written the same is the same.
      return flags.endPort === 'yes'
        ? outer.first <= inner.first && inner.last <= outer.last
        : outer.first === inner.first && outer.last === inner.last;
    }
    case 'named':
      return (
        inner.kind === 'named' &&
        inner.name === outer.name &&
        (outer.protocol === 'any' || outer.protocol === inner.protocol)
      );
    case 'icmp':
      return inner.kind === 'icmp' && outer.types === 'all';
    default:
      return false;
  }
}

function portsCover(outer: CompiledRule, inner: CompiledRule, flags: CniFlags): boolean {
  if ((outer.exceptPorts ?? []).length > 0) return false;
  if (outer.ports === 'all') return true;
  const { ports } = outer;
  return (
    inner.ports !== 'all' &&
    inner.ports.every((asked) => ports.some((each) => portCovers(each, asked, flags)))
  );
}

/** Whether it matches by its peers and ports alone. */
function isUnconditional({ own = [], conditions = [], qualifiers = [] }: CompiledRule): boolean {
  return own.length === 0 && conditions.length === 0 && qualifiers.length === 0;
}

/** Whether a rule matches all that another does of one of its peers. */
export function ruleCoversPeer(
  outer: CompiledRule,
  inner: CompiledRule,
  peer: PeerMatch,
  flags: CniFlags,
): boolean {
  return (
    isUnconditional(outer) &&
    portsCover(outer, inner, flags) &&
    outer.peers.some(({ match }) => peerCovers(match, peer))
  );
}

/** The rules that, all together, match whatever this one does; null where they do not, or it matches nobody. */
export function coveringRules<T extends { readonly rule: CompiledRule }>(
  candidates: readonly T[],
  inner: CompiledRule,
  flags: CniFlags,
): readonly T[] | null {
  const found = inner.peers.map(({ match }) =>
    candidates.find(({ rule }) => ruleCoversPeer(rule, inner, match, flags)),
  );
  const covering = found.filter((each) => each !== undefined);
  return inner.peers.length === 0 || covering.length < found.length ? null : [...new Set(covering)];
}

/** Whether a policy selects every pod that another does. */
export function subjectCovers(
  { subject: outer }: CompiledPolicy,
  { subject: inner }: CompiledPolicy,
) {
  if (outer.kind === 'pods' && inner.kind === 'pods') return podsCover(outer.match, inner.match);
  return (
    outer.kind === 'nodes' &&
    inner.kind === 'nodes' &&
    selectorCovers(outer.selector, inner.selector)
  );
}
