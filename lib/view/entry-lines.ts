import { type Connectivity, connectionBounds, sideBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { connectionDoubts } from '#lib/engine/explain.ts';
import type { PortQuery, UnknownCause, Verdict } from '#lib/engine/explanation.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import type { PortBounds } from '#lib/engine/rule-ports.ts';
import type { Pod } from '#lib/model/cluster.ts';
import type { EntryDoor, EntryWay } from '#lib/model/entry-point.ts';
import { hasPort } from '#lib/model/port-set.ts';
import { fromElsewhere } from './controller-elsewhere.ts';
import { controllerOf } from './entry-controllers.ts';
import { type EntryLead, type EntryTarget, entryLeads } from './entry-leads.ts';
import type { EntryLine, LetIn } from './entry-view.ts';
import { endpointsOf, settledByNode } from './workload-pairs.ts';

/** The ways into the cluster that lead to one workload, and whether policies let them (GEN-11). */

/** The pods of the workload that a lead ends at on one port, in their groups. */
interface Reached {
  readonly port: PortQuery;
  readonly own: readonly PodGroup[];
}

function isOn({ protocol, port }: PortQuery, { sure, atMost }: PortBounds): Verdict {
  if (hasPort(sure, protocol, port)) return 'allowed';
  return hasPort(atMost, protocol, port) ? 'unknown' : 'blocked';
}

function together(verdicts: Iterable<Verdict>): Verdict | 'mixed' {
  const all = new Set(verdicts);
  const [only] = all;
  if (all.size === 1 && only !== undefined) return only;
  return all.has('unknown') ? 'unknown' : 'mixed';
}

function distinct(causes: readonly UnknownCause[]): readonly UnknownCause[] {
  return [...new Map(causes.map((cause) => [JSON.stringify(cause), cause])).values()];
}

/** What the pods of known controllers may do. */
function fromWorkloads(
  connectivity: Connectivity,
  controllers: readonly Workload[],
  { port, own }: Reached,
) {
  const pairs = controllers
    .flatMap(endpointsOf)
    .flatMap((from) => own.map((to) => ({ from, to })))
    .map(({ from, to }) => {
      const bounds = connectionBounds(connectivity, from, to);
      const settled = settledByNode(connectivity, from, to, bounds);
      if (settled !== null) return { verdict: 'mixed' as const, causes: [] };
      const verdict = isOn(port, bounds);
      const causes = verdict === 'unknown' ? connectionDoubts(connectivity, from, to) : [];
      return { verdict, causes };
    });
  const plain = pairs.flatMap(({ verdict }) => (verdict === 'mixed' ? [] : [verdict]));
  const verdict = plain.length < pairs.length ? 'mixed' : together(plain);
  return { verdict, causes: distinct(pairs.flatMap(({ causes }) => causes)) };
}

/** Whether somebody, a pod or an address outside, is let in. */
function letsSomebodyIn(connectivity: Connectivity, { port, own }: Reached): boolean {
  const { counterparts } = connectivity;
  return own.some((group) =>
    counterparts.of('ingress', group).some((other) => {
      // That its own node reaches it says nothing of others (GEN-14).
      if (other.kind === 'pods' && other.hostNetwork) return false;
      return isOn(port, sideBounds(connectivity, 'ingress', group, other)) !== 'blocked';
    }),
  );
}

function lettingIn(connectivity: Connectivity, reached: Reached): LetIn {
  const { port, own } = reached;
  const pods = own.flatMap((group) => group.pods);
  const isAnyPod = pods.every(
    (pod) => isOn(port, fromElsewhere(connectivity, pod).bounds) === 'allowed',
  );
  const isAnyAddress = own.every((group) =>
    connectivity.sources.every(
      (range) => isOn(port, sideBounds(connectivity, 'ingress', group, range)) === 'allowed',
    ),
  );
  if (isAnyPod && isAnyAddress) return 'everybody';
  if (isAnyPod) return 'any-pod';
  return letsSomebodyIn(connectivity, reached) ? 'some' : 'nobody';
}

function answered(
  connectivity: Connectivity,
  door: EntryDoor,
  reached: Reached,
): Pick<EntryLine, 'controller' | 'verdict' | 'causes'> {
  const controller = controllerOf(connectivity, door);
  if (controller.kind === 'workloads') {
    const refs = controller.workloads.map(({ ref }) => ref);
    return {
      controller: { kind: 'workloads', refs },
      ...fromWorkloads(connectivity, controller.workloads, reached),
    };
  }
  const letIn = lettingIn(connectivity, reached);
  const verdict = letIn === 'everybody' ? 'allowed' : 'unknown';
  return { controller: { kind: controller.kind, letIn }, verdict, causes: [] };
}

function requestsOf({ hosts, match }: EntryWay): readonly string[] {
  if (hosts.length === 0) return match === null ? [] : [match];
  // A path follows its host; whatever else is asked of a request stands apart.
  return hosts.map((host) =>
    match === null ? host : match.startsWith('/') ? `${host}${match}` : `${host} ${match}`,
  );
}

/** The pods of these groups that some targets are. */
function ownGroups(own: readonly PodGroup[], targets: readonly EntryTarget[]) {
  const ledTo = new Set<Pod>(
    targets.flatMap(({ end }) => (end.endpoint.kind === 'pods' ? end.endpoint.pods : [])),
  );
  return own.flatMap((group) => {
    const [first, ...rest] = group.pods.filter((pod) => ledTo.has(pod));
    return first === undefined ? [] : [{ ...group, pods: [first, ...rest] as const }];
  });
}

function linesOf(
  connectivity: Connectivity,
  own: readonly PodGroup[],
  { point, way, backend, targets }: EntryLead,
): readonly EntryLine[] {
  const alike = Map.groupBy(targets, ({ servicePort, port }) =>
    [servicePort.name, servicePort.port, port.protocol, port.port].join(' '),
  );
  return [...alike.values()].flatMap((same): readonly EntryLine[] => {
    const [first] = same;
    const groups = ownGroups(own, same);
    if (first === undefined || groups.length === 0) return [];
    const { port, servicePort } = first;
    return point.doors.map((door) => ({
      entry: point.ref,
      requests: requestsOf(way),
      through: door.through,
      service: {
        namespace: backend.namespace,
        name: backend.name,
        port: String(servicePort.port),
      },
      target: `${port.protocol} ${port.port}`,
      refused: door.refused,
      ...answered(connectivity, door, { port, own: groups }),
    }));
  });
}

/** Ways in that differ in their requests alone are one line. */
function gathered(lines: readonly EntryLine[]): readonly EntryLine[] {
  const alike = Map.groupBy(lines, ({ requests: _, ...line }) => JSON.stringify(line));
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const isAny = same.some(({ requests }) => requests.length === 0);
    const requests = isAny ? [] : [...new Set(same.flatMap((line) => line.requests))];
    return [{ ...first, requests }];
  });
}

/** The lines of a workload, or of one pod of it, in the order of their entry points. */
export function entryLines(connectivity: Connectivity, workload: Workload): readonly EntryLine[] {
  const own = endpointsOf(workload);
  return gathered(entryLeads(connectivity).flatMap((lead) => linesOf(connectivity, own, lead)));
}
