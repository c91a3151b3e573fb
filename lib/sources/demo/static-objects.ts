import {
  ENDPOINT_SLICES,
  INGRESS_CLASSES,
  INGRESSES,
  NAMESPACES,
  NODES as NODE_RESOURCE,
  type Resource,
  SERVICES,
} from '#lib/model/resource.ts';
import { NODES } from './address-plan.ts';
import type { NamedObject } from './object-store.ts';
import { namespaceObject, nodeObject } from './objects.ts';
import { NETWORK_POLICIES, readManifests } from './policies.ts';
import { apiServerObjects, serviceObject } from './service-objects.ts';
import type { NamespaceSpec } from './workload.ts';

/** All that stays as it is while the demo runs, each with its resource. */
export function staticObjects(
  namespaces: readonly NamespaceSpec[],
  createdAt: number,
): readonly (readonly [Resource, NamedObject])[] {
  const apiServer = apiServerObjects(createdAt);
  const services = namespaces
    .flatMap(({ workloads }) => workloads)
    .flatMap((workload) =>
      workload.service === null ? [] : [{ workload, spec: workload.service }],
    );
  return [
    ...NODES.map((node) => [NODE_RESOURCE, nodeObject(node, createdAt)] as const),
    ...namespaces.map(
      ({ name, labels }) => [NAMESPACES, namespaceObject(name, labels, createdAt)] as const,
    ),
    ...namespaces
      .flatMap(({ policies }) => readManifests(policies, createdAt))
      .map((policy) => [NETWORK_POLICIES, policy] as const),
    ...namespaces
      .flatMap(({ ingresses }) => readManifests(ingresses, createdAt))
      .map((each) => [each.kind === 'Ingress' ? INGRESSES : INGRESS_CLASSES, each] as const),
    [SERVICES, apiServer.service],
    [ENDPOINT_SLICES, apiServer.slice],
    ...services.map(
      ({ workload, spec }, index) =>
        [SERVICES, serviceObject(workload, spec, index, createdAt)] as const,
    ),
  ];
}
