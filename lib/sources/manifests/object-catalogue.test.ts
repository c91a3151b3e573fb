import { describe, expect, test } from 'vitest';
import { parsePod } from '#lib/manifests/pod.ts';
import { readManifest } from '#lib/manifests/yaml-documents.ts';
import {
  CLUSTER_RESOURCES,
  ENTRY_RESOURCES,
  NAMESPACES,
  PLUGIN_RESOURCES,
  PODS,
  REPLICA_SETS,
  type Resource,
} from '#lib/model/resource.ts';
import { catalogue } from './object-catalogue.ts';

const POLICIES: Resource = {
  group: 'networking.k8s.io',
  version: 'v1',
  plural: 'networkpolicies',
  kind: 'NetworkPolicy',
  namespaced: true,
};

function catalogueOf(text: string) {
  const { objects, problems } = readManifest(text, 'a.yaml');
  expect(problems).toEqual([]);
  return catalogue(objects, [PODS, NAMESPACES, REPLICA_SETS, POLICIES]);
}

/** The pods of a text, parsed, by `namespace/name`. */
function podsOf(text: string) {
  const { objects, problems } = catalogueOf(text);
  expect(problems).toEqual([]);
  return [...(objects.get('pods')?.values() ?? [])].map(({ body, origin }) => {
    const parsed = parsePod(body, origin);
    if (!parsed.ok) throw new Error(parsed.problem.message);
    return parsed.value;
  });
}

function workload(apiVersion: string, kind: string, name: string, spec: object, metadata = {}) {
  return `${JSON.stringify({ apiVersion, kind, metadata: { name, ...metadata }, spec })}\n---\n`;
}

const TEMPLATE = {
  metadata: { labels: { app: 'web' } },
  spec: { hostNetwork: true, containers: [{ ports: [{ name: 'http', containerPort: 8080 }] }] },
};

describe('templates', () => {
  test.each([
    ['apps/v1', 'Deployment', { replicas: 3, template: TEMPLATE }, 3],
    ['apps/v1', 'StatefulSet', { template: TEMPLATE }, 1],
    ['apps/v1', 'DaemonSet', { template: TEMPLATE }, 1],
    ['apps/v1', 'ReplicaSet', { replicas: 0, template: TEMPLATE }, 1],
    ['v1', 'ReplicationController', { replicas: 2, template: TEMPLATE }, 2],
    ['batch/v1', 'Job', { parallelism: 4, template: TEMPLATE }, 4],
    ['batch/v1', 'CronJob', { jobTemplate: { spec: { template: TEMPLATE } } }, 1],
  ])('of %s %s become a pod of the workload', (apiVersion, kind, spec, replicas) => {
    expect(podsOf(workload(apiVersion, kind, 'web', spec, { namespace: 'shop' }))).toMatchObject([
      {
        namespace: 'shop',
        name: 'web',
        labels: new Map([['app', 'web']]),
        hostNetwork: true,
        ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
        workload: { kind, namespace: 'shop', name: 'web' },
        replicas,
        origin: { file: 'a.yaml', line: 1 },
      },
    ]);
  });

  test('of workloads with the same name become pods with different ones', () => {
    const pods = podsOf(
      [
        workload('v1', 'Pod', 'web', {}),
        workload('apps/v1', 'Deployment', 'web', { template: TEMPLATE }),
        workload('batch/v1', 'Job', 'web', { template: TEMPLATE }),
      ].join(''),
    );
    expect(pods.map(({ name, workload: { kind } }) => `${name} ${kind}`)).toEqual([
      'web Pod',
      'web-deployment Deployment',
      'web-job Job',
    ]);
  });

  const owner = (kind: string, name: string) => ({
    ownerReferences: [{ kind, name, controller: true }],
  });

  test('are left out where the workload that makes them is there', () => {
    const pods = podsOf(
      [
        workload('apps/v1', 'Deployment', 'web', { template: TEMPLATE }),
        workload(
          'apps/v1',
          'ReplicaSet',
          'web-1',
          { template: TEMPLATE },
          owner('Deployment', 'web'),
        ),
        workload('batch/v1', 'CronJob', 'sync', { jobTemplate: { spec: { template: TEMPLATE } } }),
        workload('batch/v1', 'Job', 'sync-1', { template: TEMPLATE }, owner('CronJob', 'sync')),
      ].join(''),
    );
    expect(pods.map(({ name }) => name)).toEqual(['web', 'sync']);
  });

  test('are left out where their pods are there, however the pods are linked to them', () => {
    const hashed = { ...owner('ReplicaSet', 'api-7d4f'), labels: { 'pod-template-hash': '7d4f' } };
    const pods = podsOf(
      [
        workload('apps/v1', 'Deployment', 'web', { template: TEMPLATE }),
        workload(
          'apps/v1',
          'ReplicaSet',
          'web-1',
          { template: TEMPLATE },
          owner('Deployment', 'web'),
        ),
        workload('v1', 'Pod', 'web-1-abc', {}, owner('ReplicaSet', 'web-1')),
        workload('apps/v1', 'Deployment', 'api', { template: TEMPLATE }),
        workload('v1', 'Pod', 'api-7d4f-abc', {}, hashed),
        workload('apps/v1', 'StatefulSet', 'db', { template: TEMPLATE }),
        workload('v1', 'Pod', 'db-0', {}, owner('StatefulSet', 'db')),
        workload('batch/v1', 'CronJob', 'sync', { jobTemplate: { spec: { template: TEMPLATE } } }),
        workload('v1', 'Pod', 'sync-29384756-x', {}, owner('Job', 'sync-29384756')),
      ].join(''),
    );
    expect(pods.map(({ name }) => name)).toEqual([
      'web-1-abc',
      'api-7d4f-abc',
      'db-0',
      'sync-29384756-x',
    ]);
  });

  test('stand in again when all pods there were are finished', () => {
    const text =
      workload('apps/v1', 'StatefulSet', 'db', { template: TEMPLATE }) +
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: db-0\n  ownerReferences: [{kind: StatefulSet, name: db, controller: true}]\nstatus: {phase: Failed}\n';
    expect(podsOf(text).map(({ name }) => name)).toEqual(['db-0', 'db']);
  });

  test('that are missing or wrong are problems of the workload, at their place in it', () => {
    const broken = { metadata: { labels: { on: true } }, spec: {} };
    const { objects, problems } = catalogueOf(
      workload('apps/v1', 'Deployment', 'a', {}) +
        workload('batch/v1', 'CronJob', 'b', { jobTemplate: { spec: { template: broken } } }),
    );
    expect(objects.get('pods')?.size).toBe(0);
    expect(problems).toMatchObject([
      { object: { kind: 'Deployment', name: 'a' }, path: ['spec', 'template'] },
      {
        object: { kind: 'CronJob', name: 'b' },
        path: ['spec', 'jobTemplate', 'spec', 'template', 'metadata', 'labels', 'on'],
        message: 'expected text, got true: quote it',
      },
    ]);
  });
});

describe('names', () => {
  test('without a namespace lie in default; those of the cluster in none', () => {
    const { objects } = catalogueOf(
      'apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, namespace: x}\n',
    );
    expect([...(objects.get('pods')?.values() ?? [])]).toMatchObject([
      {
        namespace: 'default',
        name: 'a-',
        body: { metadata: { name: 'a-', namespace: 'default' } },
      },
    ]);
    const [namespace] = objects.get('namespaces')?.values() ?? [];
    expect(namespace?.namespace).toBeNull();
    expect(namespace?.body.metadata).toEqual({ name: 'shop' });
  });

  test.each([
    ['{}', 'metadata.name is missing', 'name'],
    ['{name: 1}', 'metadata.name is 1, not text: quote it', 'name'],
    ['{name: a, namespace: n}', 'metadata.namespace is false, not text: quote it', 'namespace'],
  ])('that are not names are refused: %s', (metadata, message, field) => {
    const { objects, problems } = catalogueOf(
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: ${metadata}\n`,
    );
    expect(objects.get('networkpolicies.networking.k8s.io')?.size).toBe(0);
    expect(problems).toMatchObject([{ severity: 'error', message, path: ['metadata', field] }]);
  });
});

describe('of an object that comes twice', () => {
  const policy = (type: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, policyTypes: [${type}]}\n`;

  test('the later counts, as for kubectl apply, and that is an error', () => {
    const { objects, problems } = catalogueOf(`${policy('Ingress')}---\n${policy('Egress')}`);
    const [kept] = objects.get('networkpolicies.networking.k8s.io')?.values() ?? [];
    expect(kept?.body.spec).toEqual({ podSelector: {}, policyTypes: ['Egress'] });
    expect(problems).toMatchObject([
      {
        code: 'duplicate-object',
        severity: 'error',
        message: 'default/a[NetworkPolicy] is also defined at a.yaml:1; this later one counts',
        origin: { line: 6 },
      },
    ]);
  });

  test('in the same words, nothing is lost', () => {
    const { problems } = catalogueOf(`${policy('Egress')}---\n# again\n${policy('Egress')}`);
    expect(problems).toMatchObject([{ code: 'duplicate-object', severity: 'warning' }]);
  });
});

test('routes of the Gateway API are read in every version: they are of one shape', () => {
  const route =
    'apiVersion: gateway.networking.k8s.io/v1beta1\nkind: HTTPRoute\nmetadata: {name: a}\n';
  const { objects, problems } = catalogue(readManifest(route, 'a.yaml').objects, ENTRY_RESOURCES);
  expect(problems).toEqual([]);
  expect(objects.get('httproutes.gateway.networking.k8s.io')?.size).toBe(1);
});

test('kinds that decide connections and are not evaluated are never passed over', () => {
  const { problems } = catalogueOf(
    [
      'apiVersion: k8s.ovn.org/v1\nkind: EgressFirewall\nmetadata: {name: a}\n',
      'apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: {name: b}\n',
      'apiVersion: networking.k8s.io/v1beta1\nkind: NetworkPolicy\nmetadata: {name: c}\n',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: d}\n',
    ].join('---\n'),
  );
  expect(problems).toMatchObject([
    { code: 'kind-not-evaluated', severity: 'error', object: { name: 'a' } },
    { code: 'kind-not-evaluated', hint: expect.stringContaining('networking.k8s.io/v1') },
    {
      code: 'version-not-read',
      message: 'NetworkPolicy is read in version v1, not v1beta1',
      hint: 'Write networking.k8s.io/v1.',
    },
  ]);
});

describe('what plugins are recognised by', () => {
  const ALL = [...CLUSTER_RESOURCES, ...PLUGIN_RESOURCES];
  const daemonSet = workload('apps/v1', 'DaemonSet', 'cilium', { template: TEMPLATE });
  const settings = (name: string) =>
    `${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })}\n---\n`;

  test('a DaemonSet is read, and its template is still a pod', () => {
    const { objects, problems } = catalogue(read(daemonSet), ALL);
    expect(problems).toEqual([]);
    expect([...(objects.get('daemonsets.apps')?.keys() ?? [])]).toEqual([
      'default/cilium[DaemonSet]',
    ]);
    expect([...(objects.get('pods')?.keys() ?? [])]).toEqual(['default/cilium[Pod]']);
  });

  test('of ConfigMaps only those of plugins are read, each by its name', () => {
    const text = settings('cilium-config') + settings('antrea-config') + settings('passwords');
    const { objects, problems } = catalogue(read(text), ALL);
    expect(problems).toEqual([]);
    expect([...(objects.get('configmaps/cilium-config')?.keys() ?? [])]).toEqual([
      'default/cilium-config[ConfigMap]',
    ]);
    const all = [...objects.values()].flatMap((each) => [...each.values()]);
    expect(all.map(({ name }) => name).sort()).toEqual(['antrea-config', 'cilium-config']);
  });

  test('an old DaemonSet still makes a pod, without complaint', () => {
    const text = workload('apps/v1beta2', 'DaemonSet', 'cilium', { template: TEMPLATE });
    const { objects, problems } = catalogue(read(text), ALL);
    expect(problems).toEqual([]);
    expect(objects.get('pods')?.size).toBe(1);
  });
});

function read(text: string) {
  return readManifest(text, 'a.yaml').objects;
}
