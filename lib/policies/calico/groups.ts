import type { Resource } from '#lib/model/resource.ts';

/** The groups in which Calico's objects are served: its API, and the definitions they are stored as (CAL-1). */

export const CALICO_GROUP = 'projectcalico.org';
const STORAGE_GROUP = 'crd.projectcalico.org';

function resourceIn(
  group: string,
  version: string,
  plural: string,
  kind: string,
  namespaced: boolean,
): Resource {
  return { group, version, plural, kind, namespaced };
}

/** As its API serves a kind. */
export function served(plural: string, kind: string, namespaced: boolean): Resource {
  return resourceIn(CALICO_GROUP, 'v3', plural, kind, namespaced);
}

/** As a kind is stored, and served where there is no other API. */
export function stored(plural: string, kind: string, namespaced: boolean): Resource {
  return resourceIn(STORAGE_GROUP, 'v1', plural, kind, namespaced);
}
