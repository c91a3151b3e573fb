import type { CompiledPeer, PeerMatch, PodMatch } from '#lib/engine/compiled-policy.ts';
import { type AddressRange, everyAddress, type Family } from '#lib/model/ip-address.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import { CALICO_GROUP } from './groups.ts';
import { inNamespaces } from './pod-match.ts';
import type { CalicoEntity } from './schema.ts';
import {
  type Asked,
  accountBounds,
  accountsNamed,
  bothOf,
  certain,
  endpointBounds,
  type MatchBounds,
  namespaceBounds,
} from './selector-match.ts';

/** The source or the destination of a rule: what is asked of one end of a connection (CAL-21 … CAL-30). */

/** One thing that is asked: any of these. All that is asked has to hold (CAL-21). */
export type Criterion = readonly CompiledPeer[];

const KNOWN = new Set([
  'nets',
  'notNets',
  'selector',
  'notSelector',
  'namespaceSelector',
  'serviceAccounts',
  'services',
  'ports',
  'notPorts',
  'domains',
]);

/** The fields of an entity that are not known. */
export function unknownFields(entity: CalicoEntity): readonly string[] {
  return Object.keys(entity).filter((key) => !KNOWN.has(key));
}

const FAMILIES: readonly Family[] = [4, 6];
const LABELS_NOT_READ =
  'the selector asks for labels of service accounts or networks, which are not read';

/** Those that a selector matches; where that is not all known, some surely and others perhaps. */
function within({ least, most }: MatchBounds, match: (pods: PodMatch) => PeerMatch): PeerMatch {
  if (least === most) return match(most);
  const perhaps: PeerMatch = {
    kind: 'all-of',
    of: [match(most), { kind: 'not-understood', message: LABELS_NOT_READ }],
  };
  return { kind: 'any-of', of: [match(least), perhaps] };
}

/** CAL-22: pods, and sets of addresses, which have labels of their own. */
function labelledEnds(boundsOf: (asked: Asked) => MatchBounds): readonly PeerMatch[] {
  return [
    within(boundsOf('pods'), (match) => ({ kind: 'pods', match })),
    within(boundsOf('address-sets'), (matching) => ({
      kind: 'address-sets',
      resource: CALICO_GROUP,
      which: { matching },
    })),
  ];
}

/** CAL-23 … CAL-26: where the selectors of a rule look, `namespace` being that of the policy. */
function scopeOf(
  { selector, notSelector, namespaceSelector, serviceAccounts }: CalicoEntity,
  namespace: string | null,
): MatchBounds | null {
  if (namespaceSelector !== undefined) return namespaceBounds(namespaceSelector);
  const asksForLabels = [selector, notSelector, serviceAccounts].some((each) => each !== undefined);
  if (namespace === null || !asksForLabels) return null;
  return certain(inNamespaces({ kind: 'named', name: namespace }));
}

type ServiceAccounts = NonNullable<CalicoEntity['serviceAccounts']>;

/** CAL-30 */
function accountsMeant({ names, selector }: ServiceAccounts, asked: Asked): readonly MatchBounds[] {
  return [
    ...(names.length === 0 ? [] : [accountBounds(accountsNamed(names), asked)]),
    ...(selector === undefined ? [] : [accountBounds(selector, asked)]),
  ];
}

function bySelectors(
  entity: CalicoEntity,
  namespace: string | null,
  path: FieldPath,
): readonly Criterion[] {
  const { selector, notSelector, serviceAccounts, namespaceSelector } = entity;
  const scope = scopeOf(entity, namespace);
  if (scope === null && selector === undefined && serviceAccounts === undefined) return [];
  const boundsOf = (asked: Asked) =>
    bothOf([
      ...(scope === null ? [] : [scope]),
      ...(serviceAccounts === undefined ? [] : accountsMeant(serviceAccounts, asked)),
      ...(selector === undefined ? [] : [endpointBounds(selector, asked)]),
    ]);
  const [field, ...others] = Object.entries({
    selector,
    notSelector,
    serviceAccounts,
    namespaceSelector,
  }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const at = field === undefined || others.length > 0 ? path : [...path, field];
  return [labelledEnds(boundsOf).map((match) => ({ path: at, match }))];
}

function addresses(block: AddressRange, except: readonly AddressRange[] = []): PeerMatch {
  return { kind: 'addresses', block, except, owners: 'anybody' };
}

/** Connections of one IP version (CAL-32, CAL-33). */
export function ofFamily(family: Family, path: FieldPath): Criterion {
  return [{ path, match: addresses(everyAddress(family)) }];
}

/** Whatever is outside of the blocks, in the IP versions that they are of: the rule is for those alone. */
function outsideOf(blocks: readonly AddressRange[]): readonly PeerMatch[] {
  return FAMILIES.flatMap((family) => {
    const own = blocks.filter((block) => block.family === family);
    return own.length === 0 ? [] : [addresses(everyAddress(family), own)];
  });
}

function byAddresses({ nets, notNets }: CalicoEntity, path: FieldPath): readonly Criterion[] {
  const inside = nets.map(({ range }, i) => ({
    path: [...path, 'nets', i],
    match: addresses(range),
  }));
  const outside = outsideOf(notNets.map(({ range }) => range)).map((match) => ({
    path: [...path, 'notNets'],
    match,
  }));
  return [inside, outside].filter((criterion) => criterion.length > 0);
}

function notUnderstood(message: string): PeerMatch {
  return { kind: 'not-understood', message };
}

/** CAL-29 */
function serviceMeant(
  { name, namespace }: NonNullable<CalicoEntity['services']>,
  own: string | null,
): PeerMatch {
  const where = namespace ?? own;
  return where === null
    ? notUnderstood('services of a policy without a namespace has to name one')
    : { kind: 'services', namespace: where, name, selector: null };
}

/** CAL-35: the names of the commercial editions; with addresses beside them they are not understood. */
function byDomains({ domains, nets }: CalicoEntity, path: FieldPath): readonly Criterion[] {
  if (domains.length === 0) return [];
  const match: PeerMatch =
    nets.length === 0
      ? { kind: 'domain-names', names: domains }
      : notUnderstood('domains and nets together are not understood');
  return [[{ path: [...path, 'domains'], match }]];
}

/** All that is asked of an end, `namespace` being that of the policy; empty when anybody will do. */
export function criteriaOf(
  entity: CalicoEntity,
  namespace: string | null,
  path: FieldPath,
): readonly Criterion[] {
  const [unknown] = unknownFields(entity);
  if (unknown !== undefined)
    return [[{ path: [...path, unknown], match: notUnderstood(`unknown field "${unknown}"`) }]];
  const { notSelector, services } = entity;
  const excluded: Criterion[] =
    notSelector === undefined
      ? []
      : [
          [
            {
              path: [...path, 'notSelector'],
              match: {
                kind: 'not',
                of: {
                  kind: 'any-of',
                  of: labelledEnds((asked) => endpointBounds(notSelector, asked)),
                },
              },
            },
          ],
        ];
  const backends: Criterion[] =
    services === undefined
      ? []
      : [[{ path: [...path, 'services'], match: serviceMeant(services, namespace) }]];
  return [
    ...bySelectors(entity, namespace, path),
    ...excluded,
    ...byAddresses(entity, path),
    ...backends,
    ...byDomains(entity, path),
  ];
}

function anyOf(criterion: Criterion, path: FieldPath): CompiledPeer {
  const [only, ...others] = criterion;
  return only !== undefined && others.length === 0
    ? only
    : { path, match: { kind: 'any-of', of: criterion.map(({ match }) => match) } };
}

/** Whoever meets all criteria, as peers of which one is enough. */
export function peersMeeting(
  criteria: readonly Criterion[],
  path: FieldPath,
): readonly CompiledPeer[] {
  const [only, ...others] = criteria;
  if (only === undefined) return [{ path, match: { kind: 'anyone' } }];
  if (others.length === 0) return only;
  return [{ path, match: { kind: 'all-of', of: criteria.map((each) => anyOf(each, path).match) } }];
}

/** The same of the policy's own pod, as peers all of which it has to be. */
export function ownMeeting(
  criteria: readonly Criterion[],
  path: FieldPath,
): readonly CompiledPeer[] {
  return criteria.map((criterion) => anyOf(criterion, criterion[0]?.path ?? path));
}
