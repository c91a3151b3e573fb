import type { JsonObject } from '#lib/model/json.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import { apiVersion, listPath } from '#lib/sources/kubernetes-api/resource-path.ts';

/** Of each kind with a definition: a policy that blocks shop/web from shop/db, and one that lets it. */

interface Sample {
  /** A plugin that enforces the kind. */
  readonly cni: string;
  readonly name: string;
  readonly blocking: JsonObject;
  readonly open: JsonObject;
}

const WEB = { matchLabels: { app: 'web' } };
const DB = { matchLabels: { app: 'db' } };
const SHOP = { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } };

function admin(deny: string, allow: string, rank: JsonObject) {
  const spec = (action: string): JsonObject => ({
    ...rank,
    subject: { pods: { namespaceSelector: SHOP, podSelector: DB } },
    ingress: [{ action, from: [{ pods: { namespaceSelector: SHOP, podSelector: WEB } }] }],
  });
  return { cni: 'kubernetes', blocking: spec(deny), open: spec(allow) };
}

const SAMPLES: Readonly<Record<string, Sample>> = {
  'clusternetworkpolicies.policy.networking.k8s.io': {
    name: 'sample',
    ...admin('Deny', 'Accept', { tier: 'Admin', priority: 10 }),
  },
  'adminnetworkpolicies.policy.networking.k8s.io': {
    name: 'sample',
    ...admin('Deny', 'Allow', { priority: 10 }),
  },
  'baselineadminnetworkpolicies.policy.networking.k8s.io': {
    name: 'default',
    ...admin('Deny', 'Allow', {}),
  },
  'ciliumnetworkpolicies.cilium.io': {
    cni: 'cilium',
    name: 'sample',
    blocking: { endpointSelector: DB, ingressDeny: [{ fromEndpoints: [WEB] }] },
    open: { endpointSelector: DB, ingress: [{ fromEndpoints: [WEB] }] },
  },
  'ciliumclusterwidenetworkpolicies.cilium.io': {
    cni: 'cilium',
    name: 'sample',
    blocking: { endpointSelector: DB, ingressDeny: [{ fromEndpoints: [WEB] }] },
    open: { endpointSelector: DB, ingress: [{ fromEndpoints: [WEB] }] },
  },
  ...calico('projectcalico.org'),
  ...calico('crd.projectcalico.org'),
};

function calico(group: string): Readonly<Record<string, Sample>> {
  const spec = (action: string): JsonObject => ({
    order: 10,
    selector: "app == 'db'",
    types: ['Ingress'],
    ingress: [{ action, source: { selector: "app == 'web'" } }],
  });
  const sample = { cni: 'calico', name: 'sample', blocking: spec('Deny'), open: spec('Allow') };
  return { [`networkpolicies.${group}`]: sample, [`globalnetworkpolicies.${group}`]: sample };
}

/** The sample of a kind; every kind has one. */
export function sampleOf(resource: Resource) {
  const sample = SAMPLES[resourceName(resource)];
  if (sample === undefined) throw new Error(`add a sample of ${resourceName(resource)}`);
  const list = listPath(resource, resource.namespaced ? 'shop' : null);
  const metadata = resource.namespaced
    ? { name: sample.name, namespace: 'shop' }
    : { name: sample.name };
  const body = (spec: JsonObject): JsonObject => ({
    apiVersion: apiVersion(resource),
    kind: resource.kind,
    metadata,
    spec,
  });
  return {
    cni: sample.cni,
    list,
    self: `${list}/${sample.name}`,
    blocking: body(sample.blocking),
    open: body(sample.open),
  };
}
