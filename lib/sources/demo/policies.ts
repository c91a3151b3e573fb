import { parseAllDocuments } from 'yaml';
import type { Resource } from '#lib/model/resource.ts';
import { timestamp, uidOf } from './identifiers.ts';
import type { NamedObject } from './object-store.ts';

export const NETWORK_POLICIES: Resource = {
  group: 'networking.k8s.io',
  version: 'v1',
  plural: 'networkpolicies',
  kind: 'NetworkPolicy',
  namespaced: true,
};

/**
 * The objects of a YAML stream, with what the API server adds to their metadata. It would default
 * `policyTypes` of policies as well (NP-3); the demo leaves the manifests as they were written, so
 * that this mistake can be seen.
 */
export function readManifests(yaml: string, createdAt: number): readonly NamedObject[] {
  return parseAllDocuments(yaml, { version: '1.1' }).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    const manifest: NamedObject = document.toJS();
    const { kind } = manifest;
    const { namespace, name } = manifest.metadata;
    return {
      ...manifest,
      metadata: {
        ...manifest.metadata,
        uid: uidOf(`${kind}/${namespace ?? ''}/${name}`),
        creationTimestamp: timestamp(createdAt),
      },
    };
  });
}
