import { expect, test } from 'vitest';
import type { JsonObject } from '#lib/model/json.ts';
import { LAST_APPLIED as lastApplied } from '#lib/model/labels.ts';
import {
  DAEMON_SETS,
  NODES,
  PODS,
  REPLICA_SETS,
  type Resource,
  SERVICES,
} from '#lib/model/resource.ts';
import { NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import { prune } from './prune.ts';

const ANP: Resource = {
  group: 'policy.networking.k8s.io',
  version: 'v1alpha1',
  plural: 'adminnetworkpolicies',
  kind: 'AdminNetworkPolicy',
  namespaced: false,
};

const managedFields = [{ manager: 'kubectl', fieldsV1: { 'f:metadata': {} } }];

test('R13 a pod keeps what connections depend on and nothing else', () => {
  const pod: JsonObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'u',
      resourceVersion: '7',
      labels: { app: 'web' },
      annotations: {
        'sightline.dev/note': 'x',
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': '9090',
        'prometheus.io/path': '/metrics',
        [lastApplied]: '{}',
        other: 'y',
      },
      deletionTimestamp: '2026-01-01T00:00:00Z',
      generateName: 'web-',
      managedFields,
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'web-1',
          uid: 'r',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      nodeName: 'n1',
      hostNetwork: true,
      serviceAccountName: 'default',
      automountServiceAccountToken: false,
      volumes: [{ name: 'v' }],
      containers: [
        {
          name: 'c',
          image: 'i',
          ports: [{ name: 'http', containerPort: 80, hostIP: '10.0.0.9' }],
          env: [],
        },
      ],
      initContainers: [{ name: 'i', restartPolicy: 'Always', image: 'i' }],
    },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      podIPs: [{ ip: '10.0.0.1' }],
      hostIP: '192.168.0.1',
      conditions: [],
    },
  };
  expect(prune(PODS, pod)).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'u',
      resourceVersion: '7',
      labels: { app: 'web' },
      annotations: {
        'sightline.dev/note': 'x',
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': '9090',
      },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', controller: true }],
    },
    spec: {
      nodeName: 'n1',
      hostNetwork: true,
      serviceAccountName: 'default',
      automountServiceAccountToken: false,
      containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 80 }] }],
      initContainers: [{ name: 'i', restartPolicy: 'Always' }],
    },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      podIPs: [{ ip: '10.0.0.1' }],
    },
  });
});

test('R13 a policy stays as written, but for the bookkeeping', () => {
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: 'p',
      namespace: 'shop',
      annotations: { why: 'because', [lastApplied]: '{}' },
      managedFields,
    },
    spec: { podSelector: {}, unknownField: [1, { deep: true }] },
  };
  const annotations = { why: 'because' };
  expect(prune(ANP, policy)).toEqual({
    ...policy,
    metadata: { name: 'p', namespace: 'shop', annotations },
  });
  // What a NetworkPolicy's author wrote is told by kubectl's copy alone: the server fills fields in.
  expect(prune(NETWORK_POLICIES, policy)).toEqual({
    ...policy,
    metadata: {
      name: 'p',
      namespace: 'shop',
      annotations: { ...annotations, [lastApplied]: '{}' },
    },
  });
});

test('annotations that all go leave no empty object', () => {
  const metadata = { name: 'p', annotations: { [lastApplied]: '{}' } };
  expect(prune(ANP, { metadata })).toEqual({ metadata: { name: 'p' } });
  expect(prune(SERVICES, { metadata })).toEqual({ metadata: { name: 'p' } });
});

test('services, nodes and owners keep their part', () => {
  const metadata = { name: 'x' };
  const spec = { selector: { app: 'web' }, clusterIPs: ['10.96.0.1'], sessionAffinity: 'None' };
  expect(prune(SERVICES, { metadata, spec })).toMatchObject({
    spec: { selector: { app: 'web' }, clusterIPs: ['10.96.0.1'] },
  });
  const status = { addresses: [{ type: 'InternalIP', address: '1.2.3.4' }], images: ['big'] };
  expect(prune(NODES, { metadata, status })).toEqual({
    metadata,
    status: { addresses: status.addresses },
  });
  expect(prune(REPLICA_SETS, { metadata, spec: { replicas: 3 }, status: {} })).toEqual({
    metadata,
  });
});

test('a label named __proto__ stays data, and touches no prototype', () => {
  const raw = JSON.parse(
    '{"metadata":{"name":"w","labels":{"__proto__":"x","constructor":"y"},"annotations":{"sightline.dev/a":"1","__proto__":"2"}}}',
  );
  const { metadata } = prune(PODS, raw) as { metadata: { labels: object; annotations: object } };
  expect(Object.entries(metadata.labels)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
  expect(Object.getPrototypeOf(metadata.labels)).toBe(Object.prototype);
  expect(Object.keys(metadata.annotations)).toEqual(['sightline.dev/a']);
});

test('what is not of the expected shape stays for its reader to judge', () => {
  const odd = { metadata: { name: 'w', ownerReferences: 'none' }, spec: null, status: [1] };
  expect(prune(PODS, odd)).toEqual({ ...odd, apiVersion: undefined, kind: undefined });
  expect(prune(PODS, { metadata: { name: 'w' }, spec: { containers: 'many' } })).toMatchObject({
    spec: { containers: 'many' },
  });
});

test('a DaemonSet keeps what plugins are known by, and no secret of anybody else', () => {
  const metadata = { name: 'x', namespace: 'kube-system' };
  const agent = {
    name: 'cilium-agent',
    image: 'quay.io/cilium/cilium:v1.18.2',
    args: ['--config-dir=/tmp/cilium/config-map'],
    env: [
      { name: 'CILIUM_ENABLE_POLICY', value: 'never' },
      { name: 'API_KEY', value: 'hunter2' },
    ],
    resources: {},
  };
  const other = { name: 'agent', image: 'i', args: ['--token=hunter2'], env: agent.env.slice(1) };
  const body = {
    metadata,
    spec: {
      selector: {},
      template: {
        metadata: { labels: {} },
        spec: { hostNetwork: true, containers: [agent, other], volumes: [] },
      },
    },
    status: { desiredNumberScheduled: 3, numberReady: 3, observedGeneration: 1 },
  };
  expect(prune(DAEMON_SETS, body)).toEqual({
    metadata,
    spec: {
      template: {
        spec: {
          hostNetwork: true,
          containers: [
            {
              name: 'cilium-agent',
              image: 'quay.io/cilium/cilium:v1.18.2',
              args: ['--config-dir=/tmp/cilium/config-map'],
              env: [{ name: 'CILIUM_ENABLE_POLICY', value: 'never' }],
            },
            { name: 'agent', image: 'i' },
          ],
        },
      },
    },
    status: { desiredNumberScheduled: 3, observedGeneration: 1 },
  });
});

test('a node keeps what k3s was started with', () => {
  const annotations = { 'k3s.io/node-args': '["server"]', 'k3s.io/node-env': '{}' };
  const status = { nodeInfo: { kubeletVersion: 'v1.33.5+k3s1', bootID: 'b' } };
  expect(prune(NODES, { metadata: { name: 'n', annotations }, status })).toEqual({
    metadata: { name: 'n', annotations: { 'k3s.io/node-args': '["server"]' } },
    status: { nodeInfo: { kubeletVersion: 'v1.33.5+k3s1' } },
  });
});
