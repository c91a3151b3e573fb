import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { UnknownCause } from '#lib/engine/explanation.ts';
import {
  intersectBounds,
  NOTHING_PASSES,
  type PortBounds,
  uniteBounds,
  unsurePorts,
} from '#lib/engine/rule-ports.ts';
import type { Pod } from '#lib/model/cluster.ts';
import { compareText, policyKey, refKey } from '#lib/model/object-ref.ts';
import { formatPorts, isEmptyPorts, portRange } from '#lib/model/port-set.ts';
import type { Problem } from '#lib/model/problem.ts';
import type { ConnectionRow } from './connection-list.ts';
import { fromElsewhere, INGRESS_CONTROLLER } from './controller-elsewhere.ts';
import { controllerOf } from './entry-controllers.ts';
import { type EntryLead, entryLeads } from './entry-leads.ts';

/** What an ingress controller that was not read reaches, for lists of connections. */

/** Leads that such a controller may follow: of the others, its pods have rows of their own. */
function followed(connectivity: Connectivity): readonly EntryLead[] {
  return entryLeads(connectivity).filter(({ point }) =>
    point.doors.some(
      (door) => door.refused === null && controllerOf(connectivity, door).kind === 'not-known',
    ),
  );
}

/** What a lead needs of each pod, and what of it may pass. */
function* passages(connectivity: Connectivity, { targets }: EntryLead) {
  for (const { end, port } of targets) {
    if (end.endpoint.kind !== 'pods') continue;
    const needed = portRange(port.protocol, port.port, port.port);
    for (const pod of end.endpoint.pods) {
      const { bounds, causes } = fromElsewhere(connectivity, pod);
      const passing = intersectBounds(bounds, { sure: needed, atMost: needed });
      yield { pod, needed, passing, causes };
    }
  }
}

function nameOf(pod: Pod, divided: ReadonlySet<string>): string {
  const name = refKey(pod.workload);
  return divided.has(name)
    ? refKey({ kind: 'Pod', namespace: pod.namespace, name: pod.name })
    : name;
}

/** A row for each workload, or pod of a divided one, that it reaches; sorted (GEN-11). */
export function entryRows(
  connectivity: Connectivity,
  divided: ReadonlySet<string>,
): readonly ConnectionRow[] {
  const rows = new Map<string, { bounds: PortBounds; causes: readonly UnknownCause[] }>();
  for (const lead of followed(connectivity))
    for (const { pod, passing, causes } of passages(connectivity, lead)) {
      const name = nameOf(pod, divided);
      const bounds = uniteBounds(rows.get(name)?.bounds ?? NOTHING_PASSES, passing);
      rows.set(name, { bounds, causes });
    }
  return [...rows]
    .filter(([, { bounds }]) => !isEmptyPorts(bounds.atMost))
    .sort(([a], [b]) => compareText(a, b))
    .map(([dst, { bounds, causes }]) => {
      const unknown = unsurePorts(bounds);
      return {
        src: INGRESS_CONTROLLER,
        dst,
        allowed: bounds.sure,
        unknown,
        causes: isEmptyPorts(unknown) ? [] : causes,
      };
    });
}

/** A warning for each workload that a way in leads to and whose policies let no such controller in. */
export function blockedEntries(connectivity: Connectivity): readonly Problem[] {
  const problems = new Map<string, Problem>();
  for (const lead of followed(connectivity))
    for (const { pod, needed, passing } of passages(connectivity, lead)) {
      if (!isEmptyPorts(passing.atMost)) continue;
      const { ref } = lead.point;
      const workload = refKey(pod.workload);
      const ports = formatPorts(needed);
      problems.set(`${policyKey(ref)} ${workload} ${ports}`, {
        code: 'entry-blocked',
        severity: 'warning',
        message: `it leads to ${workload} on ${ports}, where policies let no unknown pod in`,
        hint: 'Unless they name the pods or the addresses of its controller, nothing comes through.',
        object: ref,
        path: [],
        origin: null,
      });
    }
  return [...problems.values()];
}
