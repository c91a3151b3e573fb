import { describe, expect, test } from 'vitest';
import { isIdentityLabel, parseLabelKey } from './cilium-label-keys.ts';

describe('CIL-24 the source of a label', () => {
  test.each([
    ['app', 'any', 'app'],
    ['k8s:app', 'k8s', 'app'],
    ['k8s.app', 'any', 'k8s.app'],
    ['any:a.b/c', 'any', 'a.b/c'],
    ['reserved:host', 'reserved', 'host'],
    ['reserved.host', 'reserved', 'host'],
    ['$host', 'reserved', 'host'],
    ['cidr:10.0.0.0/8', 'cidr', '10.0.0.0/8'],
    ['constructor', 'any', 'constructor'],
    [':app', '', 'app'],
  ])('%s', (text, source, key) => {
    expect(parseLabelKey(text)).toEqual({ source, key });
  });
});

describe('CIL-25 labels of an identity', () => {
  test.each([
    'app',
    'app.kubernetes.io/name',
    'io.kubernetes.pod.namespace',
    'io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name',
    'io.cilium.k8s.policy.serviceaccount',
    'topology.kubernetes.io/zone',
    'my-pod-template-hash',
  ])('%s is one', (key) => {
    expect(isIdentityLabel(key)).toBe(true);
  });

  test.each([
    'statefulset.kubernetes.io/pod-name',
    'apps.kubernetes.io/pod-index',
    'batch.kubernetes.io/job-completion-index',
    'pod-template-hash',
    'controller-revision-hash',
    'kubernetes.io/arch',
    'beta.kubernetes.io/os',
    'io.kubernetes.thing',
    'k8s.io/x',
  ])('%s is none', (key) => {
    expect(isIdentityLabel(key)).toBe(false);
  });
});
