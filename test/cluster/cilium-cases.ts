import type { Json, JsonObject } from '#lib/model/json.ts';
import type { ValidationCase } from './validation-cases.ts';

/** Cilium's policies at the edge of what their definitions take (CIL-1 … CIL-43). */

const LATER = 'the definition lets it through; Cilium does not load such a rule';

const named = (
  prefix: string,
  values: readonly Json[],
  make: (value: Json) => Json,
  differs?: string,
) =>
  values.map(
    (value): ValidationCase => ({
      says: `${prefix} ${JSON.stringify(value)}`,
      spec: make(value),
      ...(differs === undefined ? {} : { differs }),
    }),
  );

const into = (fields: Json): JsonObject => ({ endpointSelector: {}, ingress: [fields] });
const outOf = (fields: Json): JsonObject => ({ endpointSelector: {}, egress: [fields] });
const selecting = (endpointSelector: Json): JsonObject => ({ endpointSelector, ingress: [{}] });
const ports = (entry: Json) => into({ toPorts: [{ ports: [entry] }] });
const onTcp = (fields: JsonObject) =>
  outOf({ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], ...fields }] });

export const CILIUM_CASES: readonly ValidationCase[] = [
  ...named(
    'the spec',
    [
      {},
      [],
      { endpointSelector: {} },
      { ingress: [{}] },
      { endpointSelector: {}, ingress: [{}] },
      { endpointSelector: {}, ingressDeny: [{}] },
      { endpointSelector: {}, egress: [{}], egressDeny: [{}] },
      { endpointSelector: {}, nodeSelector: {}, ingress: [{}] },
      { endpointSelector: {}, ingress: {} },
      { endpointSelector: {}, ingress: [{}], more: 1 },
      { endpointSelector: {}, ingress: [{}], enableDefaultDeny: { ingress: false } },
      { endpointSelector: {}, ingress: [{}], enableDefaultDeny: { ingress: 'no' } },
      {
        endpointSelector: {},
        ingress: [{}],
        description: 'words',
        labels: [{ key: 'a', value: 'b' }],
      },
    ],
    (spec) => spec,
  ),
  ...named('the spec', [{ endpointSelector: {}, ingress: [] }], (spec) => spec, LATER),
  ...named(
    'the selector',
    [
      { matchLabels: { app: 'web' } },
      { matchLabels: { 'k8s:app': 'web', 'any:tier': 'x', 'reserved:host': '' } },
      { matchLabels: { app: 1 } },
      { matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }] },
      { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
      { matchExpressions: [{ key: 'app', operator: 'Gt', values: ['1'] }] },
      { matchExpressions: [{ key: 'app' }] },
      { matchLabels: { app: 'b c' } },
      { matchLabels: { app: '-b' } },
      { matchLabels: { app: 'b'.repeat(63) } },
      { matchLabels: { app: 'b'.repeat(64) } },
      { matchExpressions: [{ key: 'app', operator: 'In', values: ['b c'] }] },
      { app: 'web' },
      null,
    ],
    selecting,
  ),
  ...named(
    'the selector',
    [{ matchExpressions: [{ key: 'app', operator: 'In' }] }],
    selecting,
    LATER,
  ),
  ...named(
    'ingress',
    [
      { fromEndpoints: [{}] },
      { fromEndpoints: [] },
      { fromEndpoints: {} },
      {
        fromEntities: [
          'all',
          'world',
          'cluster',
          'cluster-mesh',
          'host',
          'remote-node',
          'kube-apiserver',
          'ingress',
          'init',
          'unmanaged',
          'health',
          'none',
        ],
      },
      { fromEntities: ['World'] },
      { fromEntities: ['world-ipv4'] },
      { fromCIDR: ['10.0.0.0/8', '2001:db8::/32'] },
      { fromCIDR: ['10.0.0.0/33'] },
      { fromCIDR: ['10.0.0.1'] },
      { fromCIDR: ['10.0.0.1/8'] },
      { fromCIDR: ['2001:db8::1'] },
      { fromCIDRSet: [{ cidr: '10.0.0.0' }] },
      { fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] },
      { fromCIDRSet: [{}] },
      { fromCIDRSet: [{ cidrGroupRef: 'office' }] },
      { fromCIDRSet: [{ cidrGroupRef: 'site-1.office' }] },
      { fromCIDRSet: [{ cidrGroupRef: 'Office' }] },
      { fromCIDRSet: [{ cidrGroupRef: '' }] },
      { fromCIDRSet: [{ cidrGroupSelector: { matchLabels: { a: 'b c' } } }] },
      { fromCIDRSet: [{ cidrGroupSelector: { matchLabels: { a: 'b' } } }] },
      { fromCIDRSet: [{ cidr: '10.0.0.0/8', cidrGroupRef: 'office' }] },
      { fromRequires: [] },
      { fromRequires: [{}] },
      { toEndpoints: [{}] },
      { authentication: { mode: 'required' } },
      { authentication: { mode: 'maybe' } },
      { icmps: [{ fields: [{ type: 8 }, { type: 'EchoRequest', family: 'IPv6' }] }] },
      { icmps: [{ fields: [{ family: 'IPv4' }] }] },
      { icmps: [{ fields: [{ type: 8, family: 'IPv5' }] }] },
    ],
    into,
  ),
  ...named(
    'ingress',
    [{ icmps: [{ fields: [{ type: 256 }] }] }, { fromNodes: [{ matchLabels: { a: 'b' } }] }],
    into,
    LATER,
  ),
  ...named(
    'ingress',
    [
      { fromEndpoints: [{}], fromEntities: ['world'] },
      { fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }] },
      { toPorts: [{ ports: [{ port: '80' }] }], icmps: [{ fields: [{ type: 8 }] }] },
    ],
    into,
    LATER,
  ),
  ...named(
    'egress',
    [
      { toServices: [{ k8sService: { serviceName: 'api', namespace: 'shop' } }] },
      { toServices: [{ k8sServiceSelector: { selector: {} } }] },
      { toServices: [{ k8sServiceSelector: {} }] },
      { toFQDNs: [{ matchName: 'a.example.com' }, { matchPattern: '*.example.com' }] },
      { toFQDNs: [{ matchName: 'a.example.com.' }, { matchPattern: '**.example.com' }] },
      { toFQDNs: [{ matchName: 'a b' }] },
      { toFQDNs: [{ matchName: 'a..b' }] },
      { toFQDNs: [{ matchName: '*.example' }] },
      { toFQDNs: [{ matchPattern: 'a b' }] },
      { toFQDNs: [{ matchPattern: '' }] },
      { toFQDNs: [{}] },
      { toFQDNs: [{ matchName: 'a.example', matchPattern: '*' }] },
      { toGroups: [{ aws: { securityGroupsIds: ['sg-1'] } }] },
      { toRequires: [{}] },
    ],
    outOf,
  ),
  ...named(
    'egressDeny',
    [{ toCIDR: ['10.0.0.0/8'] }, { toFQDNs: [{ matchName: 'a.example' }] }],
    (entry) => ({
      endpointSelector: {},
      egressDeny: [entry],
    }),
  ),
  ...named(
    'the port',
    [
      { port: '80' },
      { port: '0' },
      { port: 'http' },
      { port: 'HTTP' },
      { port: 80 },
      { port: '80', protocol: 'TCP' },
      { port: '80', protocol: 'ANY' },
      { port: '80', protocol: 'tcp' },
      { port: '80', protocol: 'ICMP' },
      { port: '80', endPort: 90, protocol: 'UDP' },
      { port: '80', endPort: 65536 },
      { port: '80', name: 'x' },
    ],
    ports,
  ),
  ...named(
    'the port',
    [{}, { port: '65536' }, { port: '90', endPort: 80 }, { port: 'http', endPort: 90 }],
    ports,
    LATER,
  ),
  ...named(
    'on TCP 80',
    [
      { rules: { http: [{}] } },
      { rules: { http: [{ method: 'GET', path: '/.*' }] } },
      { rules: { dns: [{ matchPattern: '*' }] } },
      { rules: { http: [{}], dns: [{}] } },
      { rules: { dns: [{ matchName: 'a b' }] } },
      { rules: {} },
      { serverNames: ['a.example'] },
      { serverNames: ['*.example'] },
      { serverNames: ['a b'] },
      { serverNames: [''] },
      { serverNames: ['a', 'a'] },
      { serverNames: [] },
      { listener: { envoyConfig: { name: 'x' }, name: 'y' } },
      { listener: { name: 'y' } },
      { listener: { envoyConfig: {}, name: 'y' } },
      { listener: { envoyConfig: { name: '' }, name: 'y' } },
      { listener: { envoyConfig: { name: 'x' }, name: '' } },
      { listener: { envoyConfig: { name: 'x' } } },
    ],
    (fields) => onTcp(fields as JsonObject),
  ),
];
