import { withPods } from '#lib/engine/cluster-snapshot.ts';
import { analyse, type Connectivity, connectionBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { connectionDoubts } from '#lib/engine/explain.ts';
import type { UnknownCause } from '#lib/engine/explanation.ts';
import { type PortBounds, unsurePorts } from '#lib/engine/rule-ports.ts';
import type { Namespace, Pod } from '#lib/model/cluster.ts';
import { NAMESPACE_NAME_LABEL } from '#lib/model/labels.ts';
import { isEmptyPorts } from '#lib/model/port-set.ts';
import { entryLeads } from './entry-leads.ts';

/**
 * An ingress controller that was not read: a pod without labels, in a namespace that has only its
 * name. Whoever lets it in lets in any pod; it is what lists mean by `{ingress-controller}`.
 */
export const INGRESS_CONTROLLER = '{ingress-controller}';

// Names that no API server accepts: nothing in a cluster can be called so.
const NAMESPACE: Namespace = {
  name: INGRESS_CONTROLLER,
  labels: new Map([[NAMESPACE_NAME_LABEL, INGRESS_CONTROLLER]]),
  annotations: new Map(),
  declared: false,
  labelsKnown: true,
};
const POD: Pod = {
  namespace: NAMESPACE.name,
  name: INGRESS_CONTROLLER,
  labels: new Map(),
  annotations: new Map(),
  addresses: [],
  node: null,
  hostNetwork: false,
  serviceAccount: 'default',
  phase: 'Running',
  finished: false,
  ports: [],
  workload: { kind: 'Pod', namespace: NAMESPACE.name, name: INGRESS_CONTROLLER },
  replicas: 1,
  origin: null,
};

interface Elsewhere {
  readonly connectivity: Connectivity;
  readonly controller: PodGroup;
  readonly groups: ReadonlyMap<Pod, PodGroup>;
}

const analyses = new WeakMap<Connectivity, Elsewhere>();

/** The cluster with that pod, and of its own pods only those that ways in lead to. */
function elsewhere(connectivity: Connectivity): Elsewhere {
  const known = analyses.get(connectivity);
  if (known !== undefined) return known;
  const { snapshot } = connectivity;
  const ledTo = new Set(
    entryLeads(connectivity).flatMap(({ targets }) =>
      targets.flatMap(({ end }) => (end.endpoint.kind === 'pods' ? end.endpoint.pods : [])),
    ),
  );
  const namespaces = new Map([...snapshot.namespaces, [NAMESPACE.name, NAMESPACE]]);
  const analysed = analyse(withPods({ ...snapshot, namespaces }, [...ledTo, POD]));
  const groups = new Map(analysed.groups.flatMap((group) => group.pods.map((pod) => [pod, group])));
  const controller = groups.get(POD);
  if (controller === undefined) throw new TypeError('the controller is in no group');
  const made = { connectivity: analysed, controller, groups };
  analyses.set(connectivity, made);
  return made;
}

/** What may pass from such a controller to a pod that a way in leads to, and what is in doubt of it. */
export function fromElsewhere(
  connectivity: Connectivity,
  pod: Pod,
): { readonly bounds: PortBounds; readonly causes: readonly UnknownCause[] } {
  const { connectivity: analysed, controller, groups } = elsewhere(connectivity);
  const group = groups.get(pod);
  if (group === undefined) throw new TypeError(`no way in leads to ${pod.name}`);
  const own: PodGroup = { ...group, pods: [pod] };
  const bounds = connectionBounds(analysed, controller, own);
  const isSure = isEmptyPorts(unsurePorts(bounds));
  return { bounds, causes: isSure ? [] : connectionDoubts(analysed, controller, own) };
}
