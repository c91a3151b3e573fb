import type { CompiledPeer, Direction, PeerMatch } from '#lib/engine/compiled-policy.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import { addressBlock } from '#lib/policies/address-block.ts';
import { endpointPeer, nodePeer } from './endpoint-selector.ts';
import { doubted, entityPeer } from './entities.ts';
import { PEER_PREFIX } from './entries.ts';
import type { CidrRule, Entry, Peers, ServiceRule } from './schema.ts';

/** Whom an entry of a rule means (CIL-19 … CIL-36). */

/** The family of ids that address sets of Cilium have. */
export const ADDRESS_SETS = 'cilium.io';

const NOBODY: PeerMatch = { kind: 'any-of', of: [] };

function blockPeer(cidr: string, except: readonly string[] = []): PeerMatch {
  return { kind: 'addresses', block: addressBlock(cidr), except: except.map(addressBlock) };
}

function cidrPeer({ cidr, cidrGroupRef, cidrGroupSelector, except = [] }: CidrRule): PeerMatch {
  if (cidr !== undefined) return blockPeer(cidr, except);
  const group: PeerMatch = {
    kind: 'address-sets',
    resource: ADDRESS_SETS,
    which:
      cidrGroupSelector === undefined
        ? { named: cidrGroupRef ?? '' }
        : {
            matching: {
              kind: 'labelled',
              namespaces: { kind: 'anywhere' },
              pods: cidrGroupSelector,
            },
          },
  };
  return doubted(
    group,
    except.length > 0 ? 'Cilium does not support except beside a group of CIDRs' : null,
  );
}

/** CIL-27: a service is named, or its labels are; the backends are meant, on any port. */
function servicePeer({ k8sService, k8sServiceSelector }: ServiceRule): PeerMatch {
  if (k8sServiceSelector !== undefined)
    return {
      kind: 'services',
      namespace: k8sServiceSelector.namespace || null,
      name: null,
      selector: k8sServiceSelector.selector,
    };
  return k8sService?.serviceName
    ? {
        kind: 'services',
        namespace: k8sService.namespace || null,
        name: k8sService.serviceName,
        selector: null,
      }
    : NOBODY;
}

/** CIL-33: the addresses behind another cloud's groups are outside of the cluster. */
const GROUP: PeerMatch = doubted(
  { kind: 'outside' },
  'which addresses are in a group of another provider is not known',
);

/** Lists that when empty select nothing in every version; of the others nothing is sure (CIL-20). */
const EMPTY_IS_NOBODY: ReadonlySet<string> = new Set([
  'Endpoints',
  'Nodes',
  'Entities',
  'CIDR',
  'CIDRSet',
] satisfies (keyof Peers)[]);

export interface PeerContext {
  readonly direction: Direction;
  /** Of the policy; null when it is cluster-wide. */
  readonly namespace: string | null;
}

function written(
  peers: Peers,
  { direction, namespace }: PeerContext,
): Readonly<Record<keyof Peers, readonly PeerMatch[] | undefined>> {
  return {
    Endpoints: peers.Endpoints?.map((selector) => endpointPeer(selector, namespace, direction)),
    Nodes: peers.Nodes?.map(nodePeer),
    Entities: peers.Entities?.map((entity) => entityPeer(entity, direction)),
    CIDR: peers.CIDR?.map((cidr) => blockPeer(cidr)),
    CIDRSet: peers.CIDRSet?.map(cidrPeer),
    Groups: peers.Groups?.map(() => GROUP),
    Services: peers.Services?.map(servicePeer),
    FQDNs: peers.FQDNs?.map((name) => ({ kind: 'domain-names', names: [name] })),
  };
}

/** The peers of an entry at `path`; none when it means nobody. */
export function compilePeers(
  entry: Entry,
  path: FieldPath,
  context: PeerContext,
): readonly CompiledPeer[] {
  if (entry.unknown.length > 0) {
    const message = `unknown field "${entry.unknown.join('", "')}"`;
    return [{ path, match: { kind: 'not-understood', message } }];
  }
  const prefix = PEER_PREFIX[context.direction];
  const lists = Object.entries(written(entry.peers, context)).filter(
    (list): list is [string, readonly PeerMatch[]] => list[1] !== undefined,
  );
  if (lists.length === 0) {
    // CIL-20: only what names ports is for anybody; an entry without anything is for nobody (CIL-6).
    const namesPorts = (entry.toPorts ?? []).length + (entry.icmps ?? []).length > 0;
    return namesPorts ? [{ path, match: { kind: 'anyone' } }] : [];
  }
  const empty = lists.filter(([, matches]) => matches.length === 0).map(([field]) => field);
  if (empty.length === lists.length && empty.every((field) => EMPTY_IS_NOBODY.has(field)))
    return [];
  if (empty.length > 0) {
    const message = `versions of Cilium differ about an empty ${prefix}${empty[0]}`;
    return [{ path, match: { kind: 'not-understood', message } }];
  }
  return lists.flatMap(([field, matches]) =>
    matches.map((match, i) => ({ path: [...path, `${prefix}${field}`, i], match })),
  );
}
