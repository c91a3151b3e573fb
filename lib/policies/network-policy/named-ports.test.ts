import { describe, expect, test } from 'vitest';
import { type ScenarioOptions, scenario } from '#lib/testing/scenario.ts';

/** Ports by name: they are the destination's (NP-38 … NP-42). */

const HTTP = 'ports: [{port: http}]';

describe('a named port in an egress rule of api', () => {
  test.each`
    from          | to            | port    | verdict
    ${'shop/api'} | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'shop/api'} | ${'shop/web'} | ${8081} | ${'blocked'}
    ${'shop/api'} | ${'shop/db'}  | ${5432} | ${'blocked'}
  `(
    'NP-38 is looked up in each peer: $from → $to:$port is $verdict',
    scenario({
      'shop/api': `{podSelector: {matchLabels: {app: api}}, egress: [{to: [{podSelector: {}}], ${HTTP}}]}`,
    }).check,
  );
});

describe('a named port in an ingress rule of every pod', () => {
  test.each`
    from          | to            | port    | verdict
    ${'shop/web'} | ${'shop/api'} | ${8081} | ${'allowed'}
    ${'shop/web'} | ${'shop/api'} | ${8080} | ${'blocked'}
    ${'shop/api'} | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'shop/api'} | ${'shop/web'} | ${8081} | ${'blocked'}
  `(
    'NP-38 is looked up in the selected pod: $from → $to:$port is $verdict',
    scenario({ 'shop/policy': `ingress: [{${HTTP}}]` }).check,
  );
});

/** db with several ports of one name: of containers, of a sidecar, of a plain init container. */
const MANY_PORTS = `
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec:
  containers:
    - ports: [{name: http, containerPort: 8080}, {name: http, containerPort: 53, protocol: UDP}]
    - ports: [{name: http, containerPort: 9090}]
  initContainers:
    - {restartPolicy: Always, ports: [{name: http, containerPort: 7070}]}
    - ports: [{name: http, containerPort: 6060}]
`;

describe('a name that several containers give', () => {
  const withFlags = (flags: ScenarioOptions['flags'] = {}) =>
    scenario(
      { 'shop/db': `{podSelector: {matchLabels: {app: db}}, ingress: [{${HTTP}}]}` },
      { objects: MANY_PORTS, flags },
    );

  test.each`
    from          | to           | port        | verdict
    ${'shop/web'} | ${'shop/db'} | ${8080}     | ${'allowed'}
    ${'shop/web'} | ${'shop/db'} | ${9090}     | ${'allowed'}
    ${'shop/web'} | ${'shop/db'} | ${7070}     | ${'allowed'}
    ${'shop/web'} | ${'shop/db'} | ${6060}     | ${'blocked'}
    ${'shop/web'} | ${'shop/db'} | ${'53/UDP'} | ${'blocked'}
  `('NP-39 is all their ports: $from → $to:$port is $verdict', withFlags().check);

  test('NP-39 with those of init containers where the plugin counts them', () => {
    const { verdict } = withFlags({ initContainerPorts: 'yes' });
    expect(verdict('shop/web', 'shop/db', 6060)).toBe('allowed');
    expect(verdict('shop/web', 'shop/db', 6061)).toBe('blocked');
  });

  test('NP-39 unknown where it is not known whether it does', () => {
    const { verdict, causes } = withFlags({ initContainerPorts: 'unknown' });
    expect(verdict('shop/web', 'shop/db', 6060)).toBe('unknown');
    expect(causes('shop/web', 'shop/db', 6060)).toEqual([
      { kind: 'cni-flag', flag: 'initContainerPorts' },
    ]);
    expect(verdict('shop/web', 'shop/db', 7070)).toBe('allowed');
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('blocked');
  });
});

describe('a name that the pod does not have, or has for another protocol', () => {
  test.each`
    from          | to            | port          | verdict
    ${'shop/web'} | ${'shop/db'}  | ${5432}       | ${'blocked'}
    ${'shop/web'} | ${'shop/db'}  | ${8080}       | ${'blocked'}
    ${'shop/web'} | ${'shop/api'} | ${8081}       | ${'blocked'}
    ${'shop/web'} | ${'shop/api'} | ${'8081/UDP'} | ${'blocked'}
  `(
    'NP-40 permits nothing: $from → $to:$port is $verdict',
    scenario({
      'shop/db': `{podSelector: {matchLabels: {app: db}}, ingress: [{${HTTP}}]}`,
      'shop/api':
        '{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{protocol: UDP, port: http}]}]}',
    }).check,
  );

  test('NP-40 the name under the right protocol does', () => {
    const { verdict } = scenario({
      'shop/policy': 'ingress: [{ports: [{protocol: TCP, port: http}]}]',
    });
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('allowed');
  });
});

describe('a named port without peers', () => {
  test.each`
    from          | to               | port    | verdict
    ${'shop/web'} | ${'203.0.113.5'} | ${8081} | ${'blocked'}
    ${'shop/web'} | ${'192.168.0.2'} | ${8081} | ${'blocked'}
    ${'shop/web'} | ${'shop/api'}    | ${8081} | ${'allowed'}
    ${'shop/web'} | ${'ops/prom'}    | ${8081} | ${'blocked'}
  `(
    'NP-41 reaches only pods that have it: $from → $to:$port is $verdict',
    scenario({
      'shop/web': `{podSelector: {matchLabels: {app: web}}, egress: [{${HTTP}}]}`,
    }).check,
  );

  test('NP-41 with a block of addresses it reaches nobody outside', () => {
    const { verdict } = scenario({
      'shop/web': `{podSelector: {matchLabels: {app: web}}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ${HTTP}}]}`,
    });
    expect(verdict('shop/web', '203.0.113.5')).toBe('blocked');
  });
});

describe('a port by number that no container declares', () => {
  test.each`
    from          | to            | port    | verdict
    ${'shop/web'} | ${'ops/prom'} | ${9090} | ${'allowed'}
    ${'shop/web'} | ${'ops/prom'} | ${9091} | ${'blocked'}
  `(
    'NP-42 is permitted all the same: $from → $to:$port is $verdict',
    scenario({ 'ops/prom': 'ingress: [{ports: [{port: 9090}]}]' }).check,
  );

  test('NP-42 a declared port opens nothing by itself', () => {
    const { verdict } = scenario({ 'shop/policy': '{}' });
    expect(verdict('ops/prom', 'shop/web', 8080)).toBe('blocked');
  });
});
