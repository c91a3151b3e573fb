import { expect, test } from 'vitest';
import { SHOP, typed } from './typed-command.ts';

/** Kinds of others that decide connections: each is named, and leaves open what it may decide. */

test.each([
  ['ANT-1', 'crd.antrea.io/v1beta1', 'NetworkPolicy', 'shop/api'],
  ['ANT-1', 'crd.antrea.io/v1beta1', 'ClusterNetworkPolicy', 'shop/api'],
  ['OVN-2', 'k8s.ovn.org/v1', 'EgressFirewall', '203.0.113.5'],
  ['AWS-6', 'networking.k8s.aws/v1alpha1', 'ApplicationNetworkPolicy', '203.0.113.5'],
  ['AWS-6', 'networking.k8s.aws/v1alpha1', 'ClusterNetworkPolicy', 'shop/api'],
  ['IST-1', 'security.istio.io/v1', 'AuthorizationPolicy', 'shop/api'],
  ['VEN-1', 'networking.gke.io/v1alpha1', 'FQDNNetworkPolicy', '203.0.113.5'],
])('%s %s %s, towards %s', async (_, apiVersion, kind, to) => {
  const clusterwide = kind === 'ClusterNetworkPolicy' ? '' : ', namespace: shop';
  const object = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x${clusterwide}}\n`;
  const ask = (yaml: string) =>
    typed(`explain --manifests - --from shop/web --to ${to} --port 8080 -o json`, yaml);
  expect(JSON.parse((await ask(SHOP)).out).verdict).toBe('allowed');
  const { code, out } = await ask(`${SHOP}---\n${object}`);
  expect(code).toBe(1);
  const { verdict, problems } = JSON.parse(out);
  expect(verdict).toBe('unknown');
  expect(problems).toContainEqual(
    expect.objectContaining({ severity: 'error', object: expect.stringContaining(`[${kind}]`) }),
  );
});

test.each([
  ['OVN-3', 'k8s.ovn.org/v1', 'UserDefinedNetwork'],
  ['VEN-1', 'k8s.cni.cncf.io/v1beta1', 'MultiNetworkPolicy'],
])('%s %s %s is an error', async (_, apiVersion, kind) => {
  const object = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x, namespace: shop}\n`;
  const { code, out } = await typed('list --manifests - -o json', `${SHOP}---\n${object}`);
  expect(code).toBe(1);
  expect(JSON.parse(out).problems).toContainEqual(
    expect.objectContaining({ code: 'kind-not-evaluated', object: `shop/x[${kind}]` }),
  );
});
