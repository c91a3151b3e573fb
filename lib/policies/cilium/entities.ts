import type { Direction, PeerMatch } from '#lib/engine/compiled-policy.ts';
import { EVERYTHING } from '#lib/model/selector.ts';

/** What Cilium knows without labels of a user's own: entities, and the reserved labels behind them (CIL-30). */

/** Those that a policy may name. */
export const ENTITIES = [
  'all',
  'world',
  'cluster',
  'cluster-mesh',
  'host',
  'init',
  'ingress',
  'unmanaged',
  'remote-node',
  'health',
  'none',
  'kube-apiserver',
] as const;

export type Entity = (typeof ENTITIES)[number];

/** From where an entity is looked at: of a source less can be told. */
export type EntityView = Direction;

const NOBODY: PeerMatch = { kind: 'any-of', of: [] };
const OWN_NODE: PeerMatch = { kind: 'nodes', selector: EVERYTHING, locality: 'local' };
const OTHER_NODES: PeerMatch = { kind: 'nodes', selector: EVERYTHING, locality: 'remote' };
const ANY_NODE: PeerMatch = { kind: 'nodes', selector: EVERYTHING };
const PODS: PeerMatch = {
  kind: 'pods',
  match: {
    kind: 'labelled',
    namespaces: { kind: 'labelled', selector: EVERYTHING },
    pods: EVERYTHING,
  },
};

/** Of those that `match` means it is not known whether they are meant, unless nothing is doubted. */
export function doubted(match: PeerMatch, message: string | null): PeerMatch {
  return message === null
    ? match
    : { kind: 'all-of', of: [match, { kind: 'not-understood', message }] };
}

/** Never a pod. CIL-31: what connects from there may come by another address, or through a tunnel. */
function apiServer(view: EntityView): PeerMatch {
  return doubted(
    { kind: 'all-of', of: [{ kind: 'not', of: PODS }, { kind: 'api-server' }] },
    view === 'ingress' ? 'connections of the API server may come from other addresses' : null,
  );
}

function outside(family: 4 | 6): PeerMatch {
  return doubted(
    { kind: 'outside', family },
    'only clusters with both families of addresses know the outside by one of them',
  );
}

/** Whom an entity means. */
export function entityPeer(entity: Entity, view: EntityView): PeerMatch {
  switch (entity) {
    case 'all':
      return { kind: 'anyone' };
    case 'world':
      return { kind: 'outside' };
    case 'cluster':
    case 'cluster-mesh':
      return { kind: 'any-of', of: [PODS, ANY_NODE, apiServer(view)] };
    default:
      return reservedPeer(entity, view);
  }
}

/** Who has the label `reserved:` of this name; one that is not known here may be on anybody. */
export function reservedPeer(name: string, view: EntityView): PeerMatch {
  switch (name) {
    case 'host':
      return OWN_NODE;
    case 'remote-node':
      return OTHER_NODES;
    case 'kube-apiserver':
      return apiServer(view);
    case 'world':
      return doubted(
        { kind: 'outside' },
        'clusters with both families of addresses have a label for each',
      );
    case 'world-ipv4':
      return outside(4);
    case 'world-ipv6':
      return outside(6);
    // CIL-12: a pod that is asked about has its labels. The others are addresses of Cilium itself.
    case 'init':
    case 'health':
    case 'ingress':
    case 'none':
      return NOBODY;
    case 'unmanaged':
      return doubted(PODS, 'which pods were started before Cilium is not known');
    default:
      return { kind: 'not-understood', message: `unknown entity "${name}"` };
  }
}
