import { type CniProfile, KUBERNETES_PROFILE } from '#lib/engine/cni-profile.ts';
import { readManifest } from '#lib/manifests/yaml-documents.ts';
import type { JsonObject } from '#lib/model/json.ts';
import {
  CLUSTER_RESOURCES,
  ENTRY_RESOURCES,
  type Resource,
  resourceName,
} from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { resourcesOf } from '#lib/policies/policy-kind.ts';
import { createSnapshotStore, type SnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import type { ListState } from '#lib/sources/cluster-source.ts';

/** The cluster that the examples of the semantics speak of (section 1.2), and ways to change it. */

const FIXTURE = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: ops, labels: {team: b}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: kube-system}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: default}}
---
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {addresses: [{type: InternalIP, address: 192.168.0.1}, {type: Hostname, address: n1}]}
---
apiVersion: v1
kind: Node
metadata: {name: n2}
status: {addresses: [{type: InternalIP, address: 192.168.0.2}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {nodeName: n1, containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}
status: {phase: Running, podIPs: [{ip: 10.0.1.10}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
spec:
  nodeName: n2
  containers:
    - {name: main, ports: [{name: http, containerPort: 8081}, {name: metrics, containerPort: 9090}]}
status: {phase: Running, podIPs: [{ip: 10.0.1.11}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {nodeName: n1, containers: [{name: main, ports: [{name: pg, containerPort: 5432}]}]}
status: {phase: Running, podIPs: [{ip: 10.0.1.12}]}
---
apiVersion: v1
kind: Pod
metadata: {name: prom, namespace: ops, labels: {app: prom}}
spec: {nodeName: n2, containers: [{name: main}]}
status: {phase: Running, podIPs: [{ip: 10.0.2.20}]}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: ops, labels: {app: agent}}
spec: {nodeName: n1, hostNetwork: true, containers: [{name: main}]}
status: {phase: Running, podIPs: [{ip: 192.168.0.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: coredns, namespace: kube-system, labels: {k8s-app: kube-dns}}
spec:
  nodeName: n2
  containers:
    - name: main
      ports:
        - {name: dns, containerPort: 53, protocol: UDP}
        - {name: dns-tcp, containerPort: 53}
status: {phase: Running, podIPs: [{ip: 10.0.9.53}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {clusterIPs: [10.96.0.11], selector: {app: api}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system}
spec:
  clusterIPs: [10.96.0.10]
  selector: {k8s-app: kube-dns}
  ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53}]
---
apiVersion: v1
kind: Service
metadata: {name: kubernetes, namespace: default}
spec: {clusterIPs: [10.96.0.1], ports: [{name: https, port: 443, targetPort: 6443}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
addressType: IPv4
endpoints: [{addresses: [192.168.0.1]}]
`;

const RESOURCES: readonly Resource[] = [
  ...CLUSTER_RESOURCES,
  ...ENTRY_RESOURCES,
  ...resourcesOf(POLICY_KINDS),
];

/** NetworkPolicies in YAML by `namespace/name`, each text being a spec. */
export type PolicySpecs = Readonly<Record<string, string>>;

export interface FixtureOptions {
  readonly profile?: CniProfile;
  /** Manifests added to the cluster; those of a name that is there replace it. */
  readonly objects?: string;
  /** By resourceName, instead of live; the objects of a list that was not read are not there either. */
  readonly states?: Readonly<Record<string, ListState>>;
}

function bodiesOf(yaml: string, file: string): readonly JsonObject[] {
  const { objects, problems } = readManifest(yaml, file);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '));
  return objects.map(({ body }) => body);
}

function policyBody([key, spec]: readonly [string, string]): JsonObject {
  const [namespace = '', name = ''] = key.split('/');
  const text = spec.trimEnd().replace(/^/gm, '  ');
  const [body] = bodiesOf(
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {}\nspec:\n${text}\n`,
    key,
  );
  return { ...body, metadata: { namespace, name } };
}

const FIXTURE_BODIES = bodiesOf(FIXTURE, 'fixture');

/** Whether an object is of a resource; what it is served as has to be said for kinds that share a name. */
function isOf({ apiVersion, kind }: JsonObject, resource: Resource): boolean {
  if (kind !== resource.kind) return false;
  const { group, version } = resource;
  const isShared = RESOURCES.filter((each) => each.kind === kind).length > 1;
  return !isShared || apiVersion === `${group}/${version}`;
}

/** A store that was told of objects as an API tells of them. */
function storeWith(
  bodies: readonly JsonObject[],
  { profile = KUBERNETES_PROFILE, objects = '', states = {} }: FixtureOptions = {},
): SnapshotStore {
  const store = createSnapshotStore({ kinds: POLICY_KINDS, profile });
  const all = [...bodies, ...bodiesOf(objects, 'objects')];
  for (const resource of RESOURCES) {
    const state: ListState = states[resourceName(resource)] ?? { status: 'live' };
    store.stateChanged(resource, state);
    if (state.status !== 'live' && state.status !== 'stale') continue;
    const own = all.filter((body) => isOf(body, resource));
    store.changed(
      resource,
      own.map((body) => ({ type: 'set', object: { body, origin: null } })),
    );
  }
  return store;
}

/** The fixture cluster with some policies. */
export function fixtureStore(policies: PolicySpecs, options: FixtureOptions = {}): SnapshotStore {
  return storeWith([...FIXTURE_BODIES, ...Object.entries(policies).map(policyBody)], options);
}

/** A cluster of these manifests alone. */
export function manifestStore(yaml: string, options: FixtureOptions = {}): SnapshotStore {
  return storeWith(bodiesOf(yaml, 'manifests'), options);
}
