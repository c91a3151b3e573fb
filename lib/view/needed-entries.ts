import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { NeededEntry } from '#lib/findings/context.ts';
import { controllerOf } from './entry-controllers.ts';
import { entryLeads } from './entry-leads.ts';

/** The connections that ways into the cluster need, where the pods of their controller are known (GEN-11). */
export function neededEntries(connectivity: Connectivity): readonly NeededEntry[] {
  return entryLeads(connectivity).flatMap(({ point, targets }) => {
    const controllers = point.doors
      .filter(({ refused }) => refused === null)
      .map((door) => controllerOf(connectivity, door))
      .flatMap((each) => (each.kind === 'workloads' ? each.workloads : []))
      .flatMap(({ groups }) => [...groups]);
    return targets.flatMap(({ end, port }) =>
      end.endpoint.kind === 'pods' && controllers.length > 0
        ? [{ entry: point.ref, controllers, destination: end.endpoint, port }]
        : [],
    );
  });
}
