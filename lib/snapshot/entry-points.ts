import type { Gateway, GatewayClass, Listener, ReferenceGrant } from '#lib/manifests/gateway.ts';
import type { GatewayParent, GatewayRoute } from '#lib/manifests/gateway-route.ts';
import type { Ingress, IngressClass } from '#lib/manifests/ingress.ts';
import type { OpenShiftRoute } from '#lib/manifests/openshift-route.ts';
import type { Namespace } from '#lib/model/cluster.ts';
import type { EntryDoor, EntryPoint, EntryWay } from '#lib/model/entry-point.ts';
import { compareText, policyKey } from '#lib/model/object-ref.ts';
import { INGRESSES, OPENSHIFT_ROUTES } from '#lib/model/resource.ts';
import { selects } from '#lib/model/selector.ts';

/** Joins what says where requests go with what says who leads them there. */

export interface EntryObjects {
  readonly ingresses: readonly Ingress[];
  readonly ingressClasses: readonly IngressClass[];
  readonly routes: readonly GatewayRoute[];
  readonly gateways: readonly Gateway[];
  readonly gatewayClasses: readonly GatewayClass[];
  /** Null when they could not be read: then nothing is said to be refused for want of one. */
  readonly referenceGrants: readonly ReferenceGrant[] | null;
  readonly openShiftRoutes: readonly OpenShiftRoute[];
}

type Namespaces = ReadonlyMap<string, Namespace>;

function ingressDoor({ className }: Ingress, classes: readonly IngressClass[]): EntryDoor {
  const found =
    className === null
      ? classes.find(({ isDefault }) => isDefault)
      : classes.find(({ name }) => name === className);
  return {
    through: { kind: 'ingress-class', name: className ?? found?.name ?? null },
    controller: found?.controller ?? null,
    refused: null,
  };
}

/** Whether a listener takes routes of a namespace; in doubt it does. */
function takesFrom({ routesFrom }: Listener, gateway: string, route: Namespace | undefined) {
  switch (routesFrom) {
    case 'All':
      return true;
    case 'None':
      return false;
    case 'Same':
      return route?.name === gateway;
    default:
      return route?.labelsKnown !== true || selects(routesFrom, route.labels);
  }
}

function gatewayDoor(
  { namespace, name, section, refused }: GatewayParent,
  routeNamespace: Namespace | undefined,
  { gateways, gatewayClasses }: EntryObjects,
): EntryDoor {
  const gateway = gateways.find((each) => each.namespace === namespace && each.name === name);
  const listeners = gateway?.listeners.filter((each) => section === null || each.name === section);
  const isTaken = listeners?.some((each) => takesFrom(each, namespace, routeNamespace));
  const kept =
    isTaken === false
      ? section === null
        ? 'no listener takes routes of this namespace'
        : `listener ${section} does not take routes of this namespace, or is not there`
      : null;
  const className = gateway?.className;
  const found = gatewayClasses.find((each) => each.name === className);
  return {
    through: { kind: 'gateway', namespace, name },
    controller: found?.controller ?? null,
    refused: refused ?? kept,
  };
}

/** Whether a route may lead to a Service of another namespace. */
function isGranted(
  { ref }: GatewayRoute,
  service: { readonly namespace: string; readonly name: string },
  grants: readonly ReferenceGrant[],
): boolean {
  return grants.some(
    ({ namespace, from, to }) =>
      namespace === service.namespace &&
      from.some(
        (each) =>
          each.group === ref.group && each.kind === ref.kind && each.namespace === ref.namespace,
      ) &&
      to.some(
        ({ group, kind, name }) =>
          group === '' && kind === 'Service' && (name === null || name === service.name),
      ),
  );
}

function grantedWays(
  route: GatewayRoute,
  grants: readonly ReferenceGrant[] | null,
): readonly EntryWay[] {
  if (grants === null) return route.ways;
  return route.ways.map((way) => ({
    ...way,
    backends: way.backends.map((backend) =>
      backend.kind === 'service' &&
      backend.namespace !== route.ref.namespace &&
      !isGranted(route, backend, grants)
        ? {
            ...backend,
            refused: `no ReferenceGrant in ${backend.namespace} lets the route lead there`,
          }
        : backend,
    ),
  }));
}

/** Every way in, sorted; routes that name no Gateway are none. */
export function entryPoints(objects: EntryObjects, namespaces: Namespaces): readonly EntryPoint[] {
  const { ingresses, ingressClasses, routes, referenceGrants, openShiftRoutes } = objects;
  const points: EntryPoint[] = [
    ...ingresses.map((ingress) => ({
      ref: {
        group: INGRESSES.group,
        kind: INGRESSES.kind,
        namespace: ingress.namespace,
        name: ingress.name,
      },
      doors: [ingressDoor(ingress, ingressClasses)],
      ways: ingress.ways,
    })),
    ...routes
      .filter(({ parents }) => parents.length > 0)
      .map((route) => ({
        ref: route.ref,
        doors: route.parents.map((parent) =>
          gatewayDoor(parent, namespaces.get(route.ref.namespace), objects),
        ),
        ways: grantedWays(route, referenceGrants),
      })),
    ...openShiftRoutes.map(({ namespace, name, refused, ways }) => ({
      ref: {
        group: OPENSHIFT_ROUTES.group,
        kind: OPENSHIFT_ROUTES.kind,
        namespace,
        name,
      },
      doors: [{ through: { kind: 'openshift-router' as const }, controller: null, refused }],
      ways,
    })),
  ];
  return points.toSorted((a, b) => compareText(policyKey(a.ref), policyKey(b.ref)));
}
