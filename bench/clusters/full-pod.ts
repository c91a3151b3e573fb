import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import { nodeAddress, type PodPlan, placeOf, portsOf, uidOf } from './pods.ts';

/** The fields of a pod that Sightline never reads: most of what an API server sends. */

const STARTED = '2026-03-02T09:14:27Z';

function objectAt(parent: JsonObject, field: string): JsonObject {
  const value = parent[field];
  return isJsonObject(value) ? value : {};
}

function container({ workload, version }: PodPlan): JsonObject {
  const { app } = workload;
  const probe = {
    httpGet: { path: '/healthz', port: 'metrics', scheme: 'HTTP' },
    timeoutSeconds: 2,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  };
  const secret = (name: string, key: string) => ({
    name,
    valueFrom: { secretKeyRef: { name: `${app}-credentials`, key } },
  });
  return {
    name: app,
    image: `images.example.com/${app}:${version.version}`,
    args: [`--config=/etc/${app}/config.yaml`, '--log-format=json', '--shutdown-delay=15s'],
    ports: portsOf(version),
    env: [
      { name: 'SERVICE', value: app },
      { name: 'LOG_LEVEL', value: 'info' },
      {
        name: 'POD_NAME',
        valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } },
      },
      { name: 'POD_IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
      secret('DATABASE_USER', 'username'),
      secret('DATABASE_PASSWORD', 'password'),
      { name: 'DATABASE_HOST', value: `db.${app}.svc.cluster.local` },
      { name: 'CACHE_HOST', value: 'cache:6379' },
      { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://collector.monitoring:4317' },
    ],
    resources: {
      limits: { cpu: '1', memory: '512Mi' },
      requests: { cpu: '100m', memory: '256Mi' },
    },
    volumeMounts: [
      { name: 'config', readOnly: true, mountPath: `/etc/${app}` },
      { name: 'tmp', mountPath: '/tmp' },
      {
        name: 'kube-api-access-x7k2p',
        readOnly: true,
        mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
      },
    ],
    livenessProbe: probe,
    readinessProbe: { ...probe, httpGet: { ...probe.httpGet, path: '/ready' } },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    securityContext: {
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
    },
  };
}

/** Which manager wrote which field: a third of a real pod. */
function managedFields({ workload }: PodPlan, labels: JsonObject): readonly JsonObject[] {
  const each = (fields: readonly string[]) =>
    Object.fromEntries(fields.map((field) => [`f:${field}`, {}]));
  const env = [
    'SERVICE',
    'LOG_LEVEL',
    'POD_NAME',
    'POD_IP',
    'DATABASE_USER',
    'DATABASE_PASSWORD',
    'DATABASE_HOST',
    'CACHE_HOST',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
  ];
  const container = {
    '.': {},
    ...each(['args', 'image', 'imagePullPolicy', 'name', 'resources', 'securityContext']),
    'f:env': {
      '.': {},
      ...Object.fromEntries(
        env.map((name) => [`k:{"name":"${name}"}`, { '.': {}, 'f:name': {}, 'f:value': {} }]),
      ),
    },
    'f:livenessProbe': {
      '.': {},
      ...each(['failureThreshold', 'periodSeconds', 'successThreshold', 'timeoutSeconds']),
    },
    'f:readinessProbe': {
      '.': {},
      ...each(['failureThreshold', 'periodSeconds', 'successThreshold', 'timeoutSeconds']),
    },
    'f:volumeMounts': {
      '.': {},
      'k:{"mountPath":"/tmp"}': { '.': {}, 'f:mountPath': {}, 'f:name': {} },
    },
  };
  const condition = (type: string) => [
    `k:{"type":"${type}"}`,
    { '.': {}, ...each(['lastProbeTime', 'lastTransitionTime', 'status', 'type']) },
  ];
  const shared = { apiVersion: 'v1', fieldsType: 'FieldsV1', operation: 'Update', time: STARTED };
  return [
    {
      ...shared,
      manager: 'kube-controller-manager',
      fieldsV1: {
        'f:metadata': {
          'f:generateName': {},
          'f:labels': { '.': {}, ...each(Object.keys(labels)) },
          'f:ownerReferences': { '.': {} },
        },
        'f:spec': {
          'f:containers': { [`k:{"name":"${workload.app}"}`]: container },
          ...each(['dnsPolicy', 'enableServiceLinks', 'restartPolicy', 'schedulerName']),
          ...each(['securityContext', 'terminationGracePeriodSeconds', 'volumes']),
        },
      },
    },
    {
      ...shared,
      manager: 'kubelet',
      subresource: 'status',
      fieldsV1: {
        'f:status': {
          'f:conditions': Object.fromEntries(
            ['ContainersReady', 'Initialized', 'Ready', 'PodReadyToStartContainers'].map(condition),
          ),
          ...each(['containerStatuses', 'hostIP', 'hostIPs', 'phase', 'podIP', 'startTime']),
        },
      },
    },
  ];
}

function volumes({ workload }: PodPlan): readonly JsonObject[] {
  const source = {
    name: 'kube-root-ca.crt',
    items: [{ key: 'ca.crt', path: 'ca.crt' }],
  };
  const namespace = {
    path: 'namespace',
    fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' },
  };
  return [
    { name: 'config', configMap: { name: `${workload.app}-config`, defaultMode: 420 } },
    { name: 'tmp', emptyDir: {} },
    {
      name: 'kube-api-access-x7k2p',
      projected: {
        defaultMode: 420,
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: source },
          { downwardAPI: { items: [namespace] } },
        ],
      },
    },
  ];
}

/** Completes what an API server would send. */
export function withEverything(slim: JsonObject, pod: PodPlan, nodes: number): JsonObject {
  const metadata = objectAt(slim, 'metadata');
  const spec = objectAt(slim, 'spec');
  const status = objectAt(slim, 'status');
  const { app, kind } = pod.workload;
  const { node, ip } = placeOf(pod, nodes);
  const owner =
    kind === 'Deployment' ? `${pod.workload.name}-${pod.version.hash}` : pod.workload.name;
  const condition = (type: string) => ({
    type,
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: STARTED,
  });
  const image = `images.example.com/${app}`;
  return {
    ...slim,
    metadata: {
      ...metadata,
      uid: uidOf(`Pod/${pod.namespace}/${pod.name}`),
      resourceVersion: String(100_000 + pod.index),
      ownerReferences: [
        {
          apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
          kind: kind === 'Deployment' ? 'ReplicaSet' : kind,
          name: owner,
          uid: uidOf(`${kind}/${pod.namespace}/${owner}`),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      generateName: `${pod.workload.name}-${pod.version.hash}-`,
      creationTimestamp: STARTED,
      annotations: {
        'checksum/config': '3b8e0f52cbd1f9e8a6f1d6f2e7d3f0c1a4b59687786950413c2b1a0f9e8d7c6b',
        'example.com/restarted-at': STARTED,
      },
      managedFields: managedFields(pod, objectAt(metadata, 'labels')),
    },
    spec: {
      ...spec,
      volumes: volumes(pod),
      containers: [container(pod)],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccount: pod.workload.serviceAccount,
      securityContext: {
        runAsUser: 10001,
        fsGroup: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      schedulerName: 'default-scheduler',
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    status: {
      ...status,
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition),
      hostIP: nodeAddress(node),
      hostIPs: [{ ip: nodeAddress(node) }],
      podIP: ip,
      startTime: STARTED,
      containerStatuses: [
        {
          name: app,
          state: { running: { startedAt: STARTED } },
          lastState: {},
          ready: true,
          restartCount: 0,
          image: `${image}:${pod.version.version}`,
          imageID: `${image}@sha256:9f2c1a7be04d58c36b21fa0e9d7c64b38a15f0e2d3c4b5a69788796a5b4c3d2e`,
          containerID:
            'containerd://5d1c0b9a8f7e6d5c4b3a29181706f5e4d3c2b1a0f9e8d7c6b5a4938271605f4e',
          started: true,
        },
      ],
      qosClass: 'Burstable',
    },
  };
}
