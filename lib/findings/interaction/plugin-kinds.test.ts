import { describe, expect, test } from 'vitest';
import { findingsOf } from '#lib/testing/findings.ts';

/** How policies of the plugins' own kinds act on each other (PIT-REL): each mistake, and what nearly is one. */

const WEB = 'endpointSelector: {matchLabels: {app: web}}';

function cilium(name: string, spec: string): string {
  return `---\n{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: shop, name: ${name}}, spec: {${WEB}, ${spec}}}\n`;
}

describe('Cilium', () => {
  const find = (id: string, spec: string, objects = '') =>
    findingsOf(id, {}, { cni: 'cilium', objects: cilium('policy', spec) + objects });

  test.each([
    ['egressDeny: [{toCIDR: [203.0.113.0/24]}], egress: [{toCIDR: [203.0.113.5/32]}]', 1],
    ['egressDeny: [{toEntities: [all]}], egress: [{toEndpoints: [{}]}]', 1],
    ['egressDeny: [{toCIDR: [203.0.113.0/24]}], egress: [{toCIDR: [203.0.112.0/22]}]', 0],
    [
      'egressDeny: [{toCIDRSet: [{cidr: 203.0.113.0/24, except: [203.0.113.5/32]}]}], egress: [{toCIDR: [203.0.113.5/32]}]',
      0,
    ],
    [
      'egressDeny: [{toCIDR: [203.0.113.0/24], toPorts: [{ports: [{port: "80"}]}]}], egress: [{toCIDR: [203.0.113.5/32]}]',
      0,
    ],
    ['ingressDeny: [{fromCIDR: [203.0.113.0/24]}], egress: [{toCIDR: [203.0.113.5/32]}]', 0],
  ])('PIT-REL-11 %s: %i', (spec, count) => {
    expect(find('PIT-REL-11', spec)).toHaveLength(count);
  });

  test('PIT-REL-11 NetworkPolicies are denied as well', () => {
    const policies = {
      'shop/plain':
        '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: {}}]}]}',
    };
    const objects = cilium('policy', 'ingressDeny: [{fromEntities: [all]}]');
    expect(findingsOf('PIT-REL-11', policies, { cni: 'cilium', objects })).toMatchObject([
      { object: { name: 'plain' }, related: [{ name: 'policy' }] },
    ]);
  });

  const NAMES = 'egress: [{toFQDNs: [{matchName: api.example.com}]}';
  const DNS =
    '{toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchPattern: "*"}]}}]}]';
  test.each([
    [`${NAMES}]`, '', 1],
    [`${NAMES}, {toPorts: [{ports: [{port: "53", protocol: ANY}]}]}]`, '', 1],
    [`${NAMES}, ${DNS}`, '', 0],
    [`${NAMES}]`, cilium('dns', `egress: [${DNS}`), 0],
  ])('PIT-REL-12 %s%s: %i', (spec, objects, count) => {
    const found = find('PIT-REL-12', spec, objects);
    expect(found).toHaveLength(count);
    for (const { message } of found) expect(message).toContain('for DNS for shop/web');
  });

  test.each([
    ['matchName: api.shop.svc.cluster.local', 1],
    ['matchPattern: "*.shop.svc.cluster.local"', 1],
    ['matchName: api.shop', 1],
    ['matchName: api.shop.example.com', 0],
    ['matchName: shop.org', 0],
  ])('PIT-REL-13 %s: %i', (name, count) => {
    expect(find('PIT-REL-13', `egress: [{toFQDNs: [{${name}}]}]`)).toHaveLength(count);
  });

  const SERVICE = 'toServices: [{k8sService: {serviceName: api, namespace: shop}}]';
  test.each([
    [SERVICE, 1],
    [`${SERVICE}, toPorts: [{ports: [{port: "8081"}]}]`, 0],
  ])('PIT-REL-14 %s: %i', (entry, count) => {
    expect(find('PIT-REL-14', `egress: [{${entry}}]`)).toHaveLength(count);
  });

  const group = (spec: string) =>
    `---\n{apiVersion: cilium.io/v2alpha1, kind: CiliumCIDRGroup, metadata: {name: office}, spec: ${spec}}\n`;
  test.each([
    ['', ['The group office does not exist: this matches nothing.']],
    [group('{externalCIDRs: []}'), ['The group office has no CIDR: this matches nothing.']],
    [group('{externalCIDRs: [203.0.113.0/24]}'), []],
  ])('PIT-REL-15 %s', (objects, messages) => {
    const found = find('PIT-REL-15', 'ingress: [{fromCIDRSet: [{cidrGroupRef: office}]}]', objects);
    expect(found.map(({ message }) => message)).toEqual(messages);
  });

  const NODE_PORT = (policy: string) =>
    `---\n{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: NodePort, externalTrafficPolicy: ${policy}, selector: {app: web}, ports: [{port: 80}]}}\n`;
  test.each([
    ['[world]', 'Cluster', 1],
    ['[world]', 'Local', 0],
    ['[world, remote-node]', 'Cluster', 0],
    ['[cluster]', 'Cluster', 0],
  ])('PIT-REL-16 %s with externalTrafficPolicy %s: %i', (entities, policy, count) => {
    const spec = `ingress: [{fromEntities: ${entities}}]`;
    expect(find('PIT-REL-16', spec, NODE_PORT(policy))).toHaveLength(count);
  });
});

describe('Calico', () => {
  const calico = (kind: string, name: string, spec: string) =>
    `---\n{apiVersion: projectcalico.org/v3, kind: ${kind}, metadata: {namespace: shop, name: ${name}}, spec: {selector: "app == 'web'", ${spec}}}\n`;
  const STAGED = calico('StagedNetworkPolicy', 'close', 'types: [Ingress]');

  test.each([
    [STAGED, 1],
    [STAGED + calico('NetworkPolicy', 'close', 'types: [Ingress]'), 0],
    [calico('StagedNetworkPolicy', 'close', 'stagedAction: Delete'), 0],
    [calico('NetworkPolicy', 'close', 'types: [Ingress]'), 0],
  ])('PIT-REL-9 %s: %i', (objects, count) => {
    expect(findingsOf('PIT-REL-9', {}, { cni: 'calico', objects })).toHaveLength(count);
  });

  const TIER =
    '---\n{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: secops}, spec: {order: 10}}\n';
  test.each([
    ['tier: secruity, types: [Ingress]', 1],
    ['tier: secops, types: [Ingress]', 0],
    ['tier: default, types: [Ingress]', 0],
    ['types: [Ingress]', 0],
  ])('PIT-REL-10 %s: %i', (spec, count) => {
    const objects = TIER + calico('NetworkPolicy', 'policy', spec);
    expect(findingsOf('PIT-REL-10', {}, { cni: 'calico', objects })).toHaveLength(count);
  });
});
