import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import type { IpAddress } from '#lib/model/ip-address.ts';

/** One place where the API server answers, over TCP. */
export interface ApiServerAddress {
  readonly address: IpAddress;
  readonly port: number;
}

/** The endpoints behind default/kubernetes (GEN-23); empty where they are not known. */
export function apiServerAddresses({
  services,
}: Pick<ClusterSnapshot, 'services'>): readonly ApiServerAddress[] {
  const service = services.find(
    ({ namespace, name }) => namespace === 'default' && name === 'kubernetes',
  );
  const usual = (service?.ports ?? []).flatMap(({ targetPort }) =>
    typeof targetPort === 'number' ? [targetPort] : [],
  );
  return (service?.backends ?? []).flatMap(({ at, ports }) => {
    const told = ports.flatMap(({ port }) => port ?? []);
    if (typeof at === 'string') return [];
    return (told.length > 0 ? told : usual).map((port) => ({ address: at, port }));
  });
}
