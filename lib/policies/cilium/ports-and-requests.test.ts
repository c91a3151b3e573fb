import { describe, expect, test } from 'vitest';
import { ciliumScenario } from '#lib/testing/cilium-scenario.ts';
import type { WrittenPort } from '#lib/testing/scenario.ts';

/** Ports, ICMP, and what is said inside connections (CIL-38 … CIL-44, CIL-51). */

/** From web to api, with these entries of toPorts at api. */
function at(entry: string, flags = {}) {
  const spec = `endpointSelector: {matchLabels: {app: api}}\ningress: [{fromEndpoints: [{}], ${entry}}]`;
  const { verdict, answer, causes } = ciliumScenario({ 'shop/api': spec }, { flags });
  return {
    verdict: (port: WrittenPort) => verdict('shop/web', 'shop/api', port),
    ingress: (port: WrittenPort) => answer('shop/web', 'shop/api', port).ingress,
    causes: (port: WrittenPort) => causes('shop/web', 'shop/api', port),
  };
}

function ports(list: string, flags = {}) {
  return at(`toPorts: [{ports: [${list}]}]`, flags);
}

describe('a port', () => {
  test.each<[string, WrittenPort, string]>([
    ['{port: "53"}', '53/UDP', 'allowed'],
    ['{port: "53"}', 53, 'allowed'],
    ['{port: "53"}', 54, 'blocked'],
    ['{port: "53", protocol: ANY}', '53/UDP', 'allowed'],
    ['{port: "53", protocol: UDP}', '53/UDP', 'allowed'],
    ['{port: "53", protocol: UDP}', 53, 'blocked'],
    ['{port: "0", protocol: TCP}', 9090, 'allowed'],
    ['{port: "0", protocol: TCP}', '9090/UDP', 'blocked'],
    ['{port: "0"}', '9090/UDP', 'allowed'],
    ['{port: "8000", endPort: 8100, protocol: TCP}', 8081, 'allowed'],
    ['{port: "8000", endPort: 8080, protocol: TCP}', 8081, 'blocked'],
    ['{port: "8081", endPort: 0}', 8081, 'allowed'],
    ['{port: "8081", endPort: 0}', 8082, 'blocked'],
    ['{port: http}', 8081, 'allowed'],
    ['{port: HTTP}', 8081, 'allowed'],
    ['{port: http, protocol: TCP}', 8081, 'allowed'],
    ['{port: http, protocol: UDP}', '8081/UDP', 'blocked'],
    ['{port: metrics}', 8081, 'blocked'],
    ['{port: VRRP, protocol: VRRP}', 8081, 'blocked'],
    ['{protocol: VRRP}', 8081, 'blocked'],
  ])('CIL-38 %s: %s is %s', (written, port, expected) => {
    expect(ports(written).verdict(port)).toBe(expected);
  });

  test('CIL-38 an entry of toPorts without ports is read differently', () => {
    expect(at('toPorts: [{}]').verdict(8081)).toBe('unknown');
  });

  test.each([
    ['yes', 'allowed'],
    ['unknown', 'unknown'],
  ])('CIL-51 SCTP counts as far as it is enabled: %s', (sctp, expected) => {
    expect(ports('{port: "81"}', { sctp }).verdict('81/SCTP')).toBe(expected);
    expect(ports('{port: "81"}', { sctp }).verdict(81)).toBe('allowed');
  });
});

describe('ICMP', () => {
  const reachable = (entry: string) => at(entry).ingress(8081).ports;
  test.each([
    ['toPorts: []', { allowed: { icmp: true }, unknown: { icmp: false } }],
    ['toPorts: [{ports: [{port: "80"}]}]', { allowed: { icmp: false }, unknown: { icmp: false } }],
    [
      'icmps: [{fields: [{type: 8, family: IPv4}, {type: EchoRequest, family: IPv6}]}]',
      { allowed: { icmp: false, TCP: [] }, unknown: { icmp: true, TCP: [] } },
    ],
  ])('CIL-39 %s', (entry, expected) => {
    expect(reachable(entry)).toMatchObject(expected);
  });
});

describe('what is said inside a connection', () => {
  const HTTP =
    'toPorts: [{ports: [{port: "8081", protocol: TCP}], rules: {http: [{method: GET, path: /public}]}}, {ports: [{port: "9090", protocol: TCP}]}]';

  test('CIL-40 the connection is set up, requests are looked at', () => {
    const { verdict, ingress } = at(HTTP);
    expect(verdict(8081)).toBe('allowed');
    expect(ingress(8081).requests).toMatchObject([
      { kind: 'http', message: 'only HTTP GET /public', policy: { name: 'api' } },
    ]);
  });

  test('CIL-40 on its own ports only', () => {
    const { verdict, ingress } = at(HTTP);
    expect(verdict(9090)).toBe('allowed');
    expect(ingress(9090).requests).toEqual([]);
    expect(verdict(80)).toBe('blocked');
  });

  test('CIL-41 but not where another rule permits the connection as it is', () => {
    const spec = `endpointSelector: {matchLabels: {app: api}}\ningress: [{fromEndpoints: [{}], ${HTTP}}]`;
    const { answer } = ciliumScenario(
      { 'shop/api': spec },
      {
        networkPolicies: {
          'shop/api':
            '{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8081}]}]}',
        },
      },
    );
    expect(answer('shop/web', 'shop/api', 8081).ingress.requests).toEqual([]);
  });

  test.each([
    ['http: [{}]', []],
    ['http: [{method: GET}, {}]', []],
    ['http: [{path: /a, host: b}]', ['only HTTP /a with host b']],
    ['http: [{headers: [X-Token abc]}]', ['only HTTP header X-Token abc']],
    ['http: []', ['no HTTP request']],
    ['kafka: [{role: consume, topic: a}]', ['only some Kafka requests']],
    ['l7proto: memcache, l7: [{cmd: get}]', ['only some memcache requests']],
  ])('CIL-42 {%s} asks for %s', (rules, expected) => {
    const { ingress } = at(
      `toPorts: [{ports: [{port: "8081", protocol: TCP}], rules: {${rules}}}]`,
    );
    expect(ingress(8081).requests.map(({ message }) => message)).toEqual(expected);
  });

  test.each([
    ['serverNames: [a.example.com]', ['only TLS for a.example.com']],
    ['terminatingTLS: {secret: {name: a}}', ['only TLS, which the proxy terminates']],
  ])('CIL-43 %s', (more, expected) => {
    const { ingress } = at(`toPorts: [{ports: [{port: "8081", protocol: TCP}], ${more}}]`);
    expect(ingress(8081).requests.map(({ message }) => message)).toEqual(expected);
  });

  test('CIL-40 queries for names, in egress', () => {
    const dns = (name: string) =>
      ciliumScenario({
        'shop/web': `
endpointSelector: {matchLabels: {app: web}}
egress:
  - toEndpoints: [{matchLabels: {k8s-app: kube-dns, io.kubernetes.pod.namespace: kube-system}}]
    toPorts: [{ports: [{port: "53"}], rules: {dns: [${name}]}}]`,
      })
        .answer('shop/web', 'kube-system/coredns', '53/UDP')
        .egress.requests.map(({ message }) => message);
    expect(dns('{matchPattern: "*"}')).toEqual([]);
    expect(dns('{matchName: example.com}')).toEqual(['only DNS queries for example.com']);
  });

  test('CIL-43 a listener, in egress', () => {
    const { answer } = ciliumScenario({
      'shop/web': `
endpointSelector: {matchLabels: {app: web}}
egress:
  - toPorts: [{ports: [{port: "8081", protocol: TCP}], listener: {name: mine, envoyConfig: {name: config}}, originatingTLS: {secret: {name: a}}}]`,
    });
    expect(answer('shop/web', 'shop/api', 8081).egress).toMatchObject({
      verdict: 'allowed',
      requests: [{ kind: 'tls' }, { kind: 'l7', message: 'as the Envoy listener mine decides' }],
    });
  });
});

describe('mutual authentication', () => {
  test.each([
    ['required', 'unknown'],
    ['test-always-fail', 'unknown'],
    ['disabled', 'allowed'],
  ])('CIL-44 mode %s: %s', (mode, expected) => {
    const { verdict, causes } = at(`authentication: {mode: ${mode}}`);
    expect(verdict(8081)).toBe(expected);
    if (expected === 'unknown') expect(causes(8081)).toMatchObject([{ kind: 'condition' }]);
  });
});
