/**
 * Who has which address. Pods 10.42.0.0/16 and fd00:42::/56, services 10.43.0.0/16 and
 * fd00:43::/112, nodes 10.20.1.0/24, the API server 10.20.0.10.
 */

export interface NodeSpec {
  readonly name: string;
  readonly zone: string;
  readonly addresses: readonly [v4: string, v6: string];
  readonly podRanges: readonly [v4: string, v6: string];
  /** Third number of its pods' addresses. */
  readonly subnet: number;
}

/** The provider runs the API server: an address, and no node of ours. */
export const API_SERVER = '10.20.0.10';

const ZONES = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c', 'eu-central-1a', 'eu-central-1b'];

export const NODES: readonly NodeSpec[] = ZONES.map((zone, index) => {
  const subnet = index + 1;
  const host = 10 + subnet;
  return {
    name: `worker-${subnet}`,
    zone,
    addresses: [`10.20.1.${host}`, `fd00:20:0:1::${host.toString(16)}`],
    podRanges: [`10.42.${subnet}.0/24`, `fd00:42:0:${subnet}::/64`],
    subnet,
  };
});

const FIRST_HOST = 4;
const LAST_HOST = 250;

/** Gives out a node's pod addresses in turn, so that a freed one rests as long as possible. */
export class PodAddresses {
  readonly #used = new Set<string>();
  readonly #next = new Map<string, number>();

  /** Both addresses of a new pod on the node; throws when the node's range is used up. */
  take(node: NodeSpec): readonly [v4: string, v6: string] {
    let host = this.#next.get(node.name) ?? FIRST_HOST;
    for (let tries = FIRST_HOST; tries <= LAST_HOST; tries++) {
      const v4 = `10.42.${node.subnet}.${host}`;
      const v6 = `fd00:42:0:${node.subnet}::${host.toString(16)}`;
      host = host === LAST_HOST ? FIRST_HOST : host + 1;
      if (this.#used.has(v4)) continue;
      this.#used.add(v4);
      this.#next.set(node.name, host);
      return [v4, v6];
    }
    throw new Error(`no address is left on ${node.name}`);
  }

  free(v4: string): void {
    this.#used.delete(v4);
  }
}

/** The nth ClusterIP in both families; .1 is the API server's and .10 cluster DNS's. */
export function clusterAddresses(n: number): readonly [v4: string, v6: string] {
  const host = n + 20;
  return [`10.43.0.${host}`, `fd00:43::${host.toString(16)}`];
}
