import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import type { EntryDoor } from '#lib/model/entry-point.ts';
import type { Labels } from '#lib/model/labels.ts';

/**
 * Who answers behind a class or a Gateway, as far as the cluster tells (GEN-11). Pods are known for a
 * controller by the labels that it gives them itself, or that its own manifests give them, and by
 * nothing else: a name proves nothing.
 */
export type EntryController =
  /** Its pods are the source of the connections that policies see. */
  | { readonly kind: 'workloads'; readonly workloads: readonly [Workload, ...Workload[]] }
  /** A load balancer of a cloud: connections come from its addresses. */
  | { readonly kind: 'outside' }
  | { readonly kind: 'not-known' };

type RequiredLabels = Readonly<Record<string, string>>;

/** By the controller that a class names: the labels of its pods, one set or another. */
const KNOWN: ReadonlyMap<string, readonly RequiredLabels[]> = new Map([
  [
    'k8s.io/ingress-nginx',
    [{ 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' }],
  ],
  [
    'nginx.org/ingress-controller',
    [{ 'app.kubernetes.io/name': 'nginx-ingress' }, { app: 'nginx-ingress' }],
  ],
  ['traefik.io/ingress-controller', [{ 'app.kubernetes.io/name': 'traefik' }]],
  ['traefik.io/gateway-controller', [{ 'app.kubernetes.io/name': 'traefik' }]],
  ['haproxy.org/ingress-controller/haproxy', [{ 'app.kubernetes.io/name': 'kubernetes-ingress' }]],
  ['haproxy-ingress.github.io/controller', [{ 'app.kubernetes.io/name': 'haproxy-ingress' }]],
  ['ingress-controllers.konghq.com/kong', [{ 'app.kubernetes.io/name': 'kong' }]],
]);

/** Controllers that only program a load balancer outside the cluster. */
const OUTSIDE = [
  'ingress.k8s.aws/',
  'gateway.k8s.aws/',
  'networking.gke.io/',
  'azure/application-gateway',
];

const ROUTER_NAMESPACE = 'openshift-ingress';
const ROUTER_LABEL = 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller';

function hasLabels(labels: Labels, wanted: RequiredLabels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels.get(key) === value);
}

function isBehind({ through, controller }: EntryDoor, { namespace, pods }: Workload): boolean {
  const [{ labels }] = pods;
  switch (through.kind) {
    case 'openshift-router':
      return namespace === ROUTER_NAMESPACE && labels.has(ROUTER_LABEL);
    case 'gateway': {
      const own = {
        'gateway.envoyproxy.io/owning-gateway-namespace': through.namespace,
        'gateway.envoyproxy.io/owning-gateway-name': through.name,
      };
      // The label that the Gateway API gives to what a Gateway is made of.
      const made = { 'gateway.networking.k8s.io/gateway-name': through.name };
      if (hasLabels(labels, own) || (namespace === through.namespace && hasLabels(labels, made)))
        return true;
      break;
    }
    case 'ingress-class':
      break;
  }
  const known = controller === null ? [] : (KNOWN.get(controller) ?? []);
  return known.some((wanted) => hasLabels(labels, wanted));
}

/** By door, for each analysis: thousands of ways in may share one. */
const found = new WeakMap<Connectivity, Map<string, EntryController>>();

export function controllerOf(connectivity: Connectivity, door: EntryDoor): EntryController {
  const known = found.get(connectivity) ?? new Map<string, EntryController>();
  found.set(connectivity, known);
  const key = JSON.stringify([door.through, door.controller]);
  const controller = known.get(key) ?? findController(connectivity, door);
  known.set(key, controller);
  return controller;
}

function findController({ workloads }: Connectivity, door: EntryDoor): EntryController {
  const [first, ...rest] = [...workloads.values()].filter((workload) => isBehind(door, workload));
  if (first !== undefined) return { kind: 'workloads', workloads: [first, ...rest] };
  const { controller } = door;
  return controller !== null && OUTSIDE.some((prefix) => controller.startsWith(prefix))
    ? { kind: 'outside' }
    : { kind: 'not-known' };
}
