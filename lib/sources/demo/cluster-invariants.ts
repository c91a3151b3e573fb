/** What is true of every cluster at rest or nearly so; tests hold the demo to it. */
import { z } from 'zod';
import { parseCidr, parseIp, rangeContains } from '#lib/model/ip-address.ts';
import { CLUSTER_RESOURCES, DAEMON_SETS } from '#lib/model/resource.ts';
import type { DemoCluster } from './demo-cluster.ts';

const labels = z.record(z.string(), z.string());

const owner = z.strictObject({
  apiVersion: z.enum(['v1', 'apps/v1', 'batch/v1']),
  kind: z.string(),
  name: z.string(),
  uid: z.uuid(),
  controller: z.literal(true),
  blockOwnerDeletion: z.literal(true),
});

const metadata = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/),
  namespace: z.string().optional(),
  uid: z.uuid(),
  resourceVersion: z.string().regex(/^\d+$/),
  creationTimestamp: z.iso.datetime(),
  deletionTimestamp: z.iso.datetime().optional(),
  labels: labels.default({}),
  ownerReferences: z.array(owner).default([]),
});

const portName = z.string().regex(/^[a-z][a-z0-9-]{0,14}$/);
const portNumber = z.int().min(1).max(65535);
const protocol = z.enum(['TCP', 'UDP']);

function apiObject<Shape extends z.ZodRawShape>(apiVersion: string, kind: string, shape: Shape) {
  return z.strictObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal(kind),
    metadata,
    ...shape,
  });
}

const pod = apiObject('v1', 'Pod', {
  spec: z.strictObject({
    nodeName: z.string(),
    hostNetwork: z.literal(true).optional(),
    containers: z.tuple([
      z.strictObject({
        name: z.string(),
        image: z.string(),
        ports: z
          .array(
            z.strictObject({
              name: portName,
              containerPort: portNumber,
              hostPort: portNumber.optional(),
              protocol,
            }),
          )
          .default([]),
      }),
    ]),
  }),
  status: z.strictObject({
    phase: z.enum(['Pending', 'Running', 'Succeeded']),
    conditions: z.tuple([z.strictObject({ type: z.string(), status: z.enum(['True', 'False']) })]),
    hostIP: z.string(),
    hostIPs: z.array(z.strictObject({ ip: z.string() })),
    podIP: z.string().optional(),
    podIPs: z.array(z.strictObject({ ip: z.string() })).default([]),
  }),
});

const service = apiObject('v1', 'Service', {
  spec: z.object({
    type: z.enum(['ClusterIP', 'LoadBalancer']),
    clusterIP: z.string(),
    clusterIPs: z.array(z.string()).min(1).max(2),
    ipFamilies: z.array(z.enum(['IPv4', 'IPv6'])),
    selector: labels.optional(),
    ports: z.array(
      z.strictObject({
        name: portName,
        port: portNumber,
        protocol,
        targetPort: z.union([portName, portNumber]),
        nodePort: z.int().min(30000).max(32767).optional(),
      }),
    ),
  }),
  status: z.object({}),
});

const endpointSlice = apiObject('discovery.k8s.io/v1', 'EndpointSlice', {
  addressType: z.enum(['IPv4', 'IPv6']),
  endpoints: z.array(
    z.object({
      addresses: z.tuple([z.string()]),
      conditions: z.object({ ready: z.boolean() }),
      targetRef: z
        .strictObject({
          kind: z.literal('Pod'),
          namespace: z.string(),
          name: z.string(),
          uid: z.uuid(),
        })
        .optional(),
    }),
  ),
  ports: z.array(z.strictObject({ name: portName, port: portNumber, protocol })),
});

const demoObjects = z.object({
  namespaces: z.array(
    apiObject('v1', 'Namespace', { status: z.strictObject({ phase: z.literal('Active') }) }),
  ),
  nodes: z.array(
    apiObject('v1', 'Node', {
      spec: z.strictObject({ podCIDR: z.string(), podCIDRs: z.array(z.string()).length(2) }),
      status: z.object({
        addresses: z.array(z.strictObject({ type: z.string(), address: z.string() })),
      }),
    }),
  ),
  pods: z.array(pod),
  services: z.array(service),
  endpointslices: z.array(endpointSlice),
  replicasets: z.array(
    apiObject('apps/v1', 'ReplicaSet', {
      spec: z.strictObject({
        replicas: z.int(),
        selector: z.strictObject({ matchLabels: labels }),
      }),
      status: z.strictObject({ replicas: z.int() }),
    }),
  ),
  daemonsets: z.array(
    apiObject('apps/v1', 'DaemonSet', {
      spec: z.strictObject({
        selector: z.strictObject({ matchLabels: labels }),
        template: z.strictObject({
          metadata: z.strictObject({ labels }),
          spec: z.strictObject({
            hostNetwork: z.literal(true).optional(),
            containers: z.tuple([
              z.strictObject({
                name: z.string(),
                image: z.string(),
                env: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
              }),
            ]),
          }),
        }),
      }),
      status: z.object({ desiredNumberScheduled: z.int() }),
    }),
  ),
  jobs: z.array(
    apiObject('batch/v1', 'Job', {
      spec: z.object({ completions: z.literal(1) }),
      status: z.object({}),
    }),
  ),
});

/** All objects of the demo but its policies, by the plural of their kind, with the fields checked. */
type DemoObjects = z.output<typeof demoObjects>;
type Pod = DemoObjects['pods'][number];

/** Throws where an object lacks a field of the API or has one that is not there. */
export function readObjects(cluster: DemoCluster): DemoObjects {
  const bodies = [...CLUSTER_RESOURCES, DAEMON_SETS].map((resource) => [
    resource.plural,
    cluster.objects.list(resource)?.map((change) => change.type === 'set' && change.object.body),
  ]);
  return demoObjects.parse(Object.fromEntries(bodies));
}

function selects(selector: Readonly<Record<string, string>>, pod: Pod): boolean {
  return Object.entries(selector).every(([key, value]) => pod.metadata.labels[key] === value);
}

function duplicates(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

function ownerViolations({ pods, replicasets, daemonsets, jobs }: DemoObjects): string[] {
  const owners = new Map(
    [...replicasets, ...daemonsets, ...jobs].map(({ kind, metadata }) => [
      metadata.uid,
      { kind, metadata },
    ]),
  );
  const chains = new Map([
    ['ReplicaSet', 'Deployment'],
    ['Job', 'CronJob'],
    ['DaemonSet', null],
  ]);
  return pods.flatMap(({ metadata: { name, namespace, ownerReferences } }) =>
    ownerReferences.flatMap((reference) => {
      const above = chains.get(reference.kind);
      if (above === undefined) return [];
      const found = owners.get(reference.uid);
      const complete =
        found?.kind === reference.kind &&
        found.metadata.name === reference.name &&
        found.metadata.namespace === namespace &&
        (found.metadata.ownerReferences[0]?.kind ?? null) === above;
      return complete ? [] : [`${namespace}/${name}: no ${reference.kind} as it should be`];
    }),
  );
}

function addressViolations({ pods, nodes }: DemoObjects): string[] {
  const onPodNetwork = pods.filter(
    (pod) => pod.spec.hostNetwork !== true && pod.status.phase !== 'Succeeded',
  );
  const used = onPodNetwork.flatMap((pod) => pod.status.podIPs.map(({ ip }) => ip));
  const misplaced = pods.filter((pod) => {
    const node = nodes.find((candidate) => candidate.metadata.name === pod.spec.nodeName);
    if (node === undefined) return true;
    const addresses = pod.status.podIPs.map(({ ip }) => ip);
    if (pod.status.podIP !== addresses[0]) return true;
    if (pod.status.phase === 'Pending') return addresses.length > 0;
    if (pod.spec.hostNetwork === true)
      return !addresses.every((ip) => node.status.addresses.some(({ address }) => address === ip));
    return !node.spec.podCIDRs.every((cidr, index) => {
      const [range, ip] = [parseCidr(cidr), parseIp(addresses[index] ?? '')];
      return range !== null && ip !== null && rangeContains(range, ip);
    });
  });
  return [
    ...duplicates(used).map((ip) => `${ip} is used twice`),
    ...misplaced.map((pod) => `${pod.metadata.name} has an address that is not its node's`),
  ];
}

/** Each slice of a Service with a selector has just the running pods which that selects. */
function sliceViolations({ services, endpointslices, pods }: DemoObjects): string[] {
  return services.flatMap(({ metadata: { namespace, name }, spec }) => {
    const { selector } = spec;
    if (selector === undefined) return [];
    const backends = pods.filter(
      (pod) => pod.metadata.namespace === namespace && selects(selector, pod),
    );
    const slices = endpointslices.filter(
      (slice) =>
        slice.metadata.namespace === namespace &&
        slice.metadata.labels['kubernetes.io/service-name'] === name,
    );
    const running = backends.filter((pod) => pod.status.phase === 'Running');
    const wanted = running.map((pod) => pod.metadata.uid).sort();
    const wrong = slices.filter((slice, family) => {
      const listed = slice.endpoints.map((endpoint) => endpoint.targetRef?.uid ?? '').sort();
      const reachable = slice.endpoints.every(({ addresses: [address], targetRef }) =>
        running.some(
          (pod) => pod.metadata.uid === targetRef?.uid && pod.status.podIPs[family]?.ip === address,
        ),
      );
      const open = slice.ports.every((port) =>
        backends.every((pod) =>
          pod.spec.containers[0].ports.some(
            (own) => own.name === port.name && own.containerPort === port.port,
          ),
        ),
      );
      return listed.join() !== wanted.join() || !reachable || !open;
    });
    return [
      ...(backends.length === 0 ? [`service ${namespace}/${name} selects nothing`] : []),
      ...(slices.length === spec.ipFamilies.length ? [] : [`slices of ${name} are missing`]),
      ...wrong.map((slice) => `slice ${slice.metadata.name} disagrees with the pods`),
    ];
  });
}

/** A Deployment has the pods it wants, and at most one or two more in a change. */
function replicaViolations({ replicasets, pods }: DemoObjects): string[] {
  return replicasets.flatMap(({ metadata: { namespace, name }, spec }) => {
    const own = pods.filter(
      (pod) =>
        pod.metadata.namespace === namespace &&
        pod.metadata.ownerReferences[0]?.name === name &&
        selects(spec.selector.matchLabels, pod),
    );
    const fine = own.length >= spec.replicas && own.length <= spec.replicas + 2;
    return fine ? [] : [`${namespace}/${name}: ${own.length} pods for ${spec.replicas}`];
  });
}

/** What is wrong, one sentence each; empty for a sound cluster. */
export function violations(objects: DemoObjects): string[] {
  const all = Object.values(objects).flat();
  const known = new Set(objects.namespaces.map((namespace) => namespace.metadata.name));
  return [
    ...duplicates(all.map(({ metadata }) => metadata.uid)).map((uid) => `${uid} is used twice`),
    ...duplicates(
      all.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`),
    ).map((name) => `${name} exists twice`),
    ...all
      .filter(({ metadata: { namespace } }) => namespace !== undefined && !known.has(namespace))
      .map(({ metadata }) => `${metadata.name} lies in no namespace`),
    ...ownerViolations(objects),
    ...addressViolations(objects),
    ...sliceViolations(objects),
    ...replicaViolations(objects),
  ];
}
