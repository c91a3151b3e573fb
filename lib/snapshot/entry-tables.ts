import { parseGateway, parseGatewayClass, parseReferenceGrant } from '#lib/manifests/gateway.ts';
import { parseGatewayRoute } from '#lib/manifests/gateway-route.ts';
import { parseIngress, parseIngressClass } from '#lib/manifests/ingress.ts';
import { parseOpenShiftRoute } from '#lib/manifests/openshift-route.ts';
import type { Namespace } from '#lib/model/cluster.ts';
import type { EntryPoint } from '#lib/model/entry-point.ts';
import {
  GATEWAY_CLASSES,
  GATEWAY_ROUTES,
  GATEWAYS,
  INGRESS_CLASSES,
  INGRESSES,
  OPENSHIFT_ROUTES,
  REFERENCE_GRANTS,
  type Resource,
} from '#lib/model/resource.ts';
import { entryPoints } from './entry-points.ts';
import { createObjectTable, type Table } from './object-table.ts';
import { remember } from './remember.ts';

/** The lists that ways into the cluster are made of. */
export interface EntryTables {
  readonly all: readonly { readonly resource: Resource; readonly table: Table }[];
  /** The same array until one of them changes. */
  entryPoints(namespaces: ReadonlyMap<string, Namespace>): readonly EntryPoint[];
}

export function createEntryTables(): EntryTables {
  const ingresses = createObjectTable(true, parseIngress);
  const ingressClasses = createObjectTable(false, parseIngressClass);
  const gateways = createObjectTable(true, parseGateway);
  const gatewayClasses = createObjectTable(false, parseGatewayClass);
  const grants = createObjectTable(true, parseReferenceGrant);
  const routes = GATEWAY_ROUTES.map((resource) => ({
    resource,
    table: createObjectTable(true, parseGatewayRoute(resource)),
  }));
  const openShiftRoutes = createObjectTable(true, parseOpenShiftRoute);
  const all = [
    { resource: INGRESSES, table: ingresses },
    { resource: INGRESS_CLASSES, table: ingressClasses },
    { resource: GATEWAYS, table: gateways },
    { resource: GATEWAY_CLASSES, table: gatewayClasses },
    { resource: REFERENCE_GRANTS, table: grants },
    ...routes,
    { resource: OPENSHIFT_ROUTES, table: openShiftRoutes },
  ];
  const join = remember(
    (namespaces: ReadonlyMap<string, Namespace>, isWhole: boolean, ..._: readonly unknown[]) =>
      entryPoints(
        {
          ingresses: ingresses.values(),
          ingressClasses: ingressClasses.values(),
          routes: routes.flatMap(({ table }) => table.values()),
          gateways: gateways.values(),
          gatewayClasses: gatewayClasses.values(),
          referenceGrants: isWhole ? grants.values() : null,
          openShiftRoutes: openShiftRoutes.values(),
        },
        namespaces,
      ),
  );
  return {
    all,
    entryPoints(namespaces) {
      // Read in some namespaces alone, a grant may be missing.
      const { state } = grants;
      const isWhole = state.status === 'live' && state.namespaces === undefined;
      return join(namespaces, isWhole, ...all.map(({ table }) => table.values()));
    },
  };
}
