import { describe, expect, test } from 'vitest';
import { type CiliumOptions, ciliumScenario } from '#lib/testing/cilium-scenario.ts';

/** Peers by labels (CIL-21 … CIL-26, CIL-52). */

/** Ingress of every pod of shop from these endpoints. */
function from(endpoints: string, options: CiliumOptions = {}) {
  const spec = `endpointSelector: {}\ningress: [{fromEndpoints: ${endpoints}}]`;
  return ciliumScenario({ 'shop/policy': spec }, options);
}

/** The same, written for the whole cluster. */
function fromClusterwide(endpoints: string) {
  return ciliumScenario({
    policy: `endpointSelector: {matchLabels: {io.kubernetes.pod.namespace: shop}}\ningress: [{fromEndpoints: ${endpoints}}]`,
  });
}

describe('labels alone', () => {
  test.each`
    from          | to            | port    | verdict
    ${'shop/api'} | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'shop/db'}  | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'ops/prom'} | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'CIL-21 mean pods of the policy’s namespace: $from → $to:$port is $verdict',
    from('[{matchLabels: {app: prom}}, {matchLabels: {app: api}}]').check,
  );

  test.each([
    'matchLabels: {app: prom, "k8s:io.kubernetes.pod.namespace": ops}',
    'matchLabels: {app: prom, "any:io.kubernetes.pod.namespace": ops}',
    'matchLabels: {app: prom, io.kubernetes.pod.namespace: ops}',
    'matchLabels: {app: prom, io.cilium.k8s.namespace.labels.team: b}',
    'matchLabels: {app: prom}, matchExpressions: [{key: "k8s:io.kubernetes.pod.namespace", operator: In, values: [ops, shop]}]',
  ])('CIL-21 unless they name another: %s', (selector) => {
    const { verdict } = from(`[{${selector}}]`);
    expect(verdict('ops/prom', 'shop/web', 8080)).toBe('allowed');
    expect(verdict('shop/api', 'shop/web', 8080)).toBe('blocked');
  });

  test.each`
    from          | to            | port    | verdict
    ${'ops/prom'} | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'shop/api'} | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'CIL-22 of a cluster-wide policy mean pods of all: $from → $to:$port is $verdict',
    fromClusterwide('[{matchLabels: {app: prom}}]').check,
  );
});

describe('an empty selector', () => {
  test.each`
    from             | to            | port    | verdict
    ${'shop/api'}    | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'ops/prom'}    | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'203.0.113.5'} | ${'shop/web'} | ${8080} | ${'blocked'}
  `('CIL-22 means the own namespace: $from → $to:$port is $verdict', from('[{}]').check);

  test.each`
    from             | to            | port    | verdict
    ${'shop/api'}    | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'ops/prom'}    | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'203.0.113.5'} | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'192.168.0.2'} | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'ops/agent'}   | ${'shop/api'} | ${8081} | ${'blocked'}
  `(
    'CIL-22 of a cluster-wide policy every pod, and nothing else: $from → $to:$port is $verdict',
    fromClusterwide('[{}]').check,
  );
});

describe('labels of namespaces', () => {
  test.each`
    from                     | to            | port    | verdict
    ${'ops/prom'}            | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'shop/api'}            | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'kube-system/coredns'} | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'CIL-23 select across them: $from → $to:$port is $verdict',
    from('[{matchLabels: {"k8s:io.cilium.k8s.namespace.labels.team": b}}]').check,
  );

  test.each`
    from                     | to            | port    | verdict
    ${'ops/prom'}            | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'shop/api'}            | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'kube-system/coredns'} | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'203.0.113.5'}         | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'CIL-23 that one has a name is true of all: $from → $to:$port is $verdict',
    from('[{matchExpressions: [{key: io.kubernetes.pod.namespace, operator: Exists}]}]').check,
  );

  test('CIL-23 a label that namespaces lack selects nobody', () => {
    const { verdict } = from('[{matchLabels: {io.cilium.k8s.namespace.labels.team: z}}]');
    expect(verdict('ops/prom', 'shop/web', 8080)).toBe('blocked');
  });

  test.each`
    from             | to            | port    | verdict
    ${'shop/api'}    | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'ops/prom'}    | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'203.0.113.5'} | ${'shop/web'} | ${8080} | ${'unknown'}
    ${'192.168.0.2'} | ${'shop/web'} | ${8080} | ${'unknown'}
  `(
    'CIL-26 what has none at all lacks any that is named: $from → $to:$port is $verdict',
    from(
      '[{matchExpressions: [{key: io.kubernetes.pod.namespace, operator: NotIn, values: [ops]}]}]',
    ).check,
  );
});

describe('sources of labels', () => {
  test.each([
    ['app', 'allowed'],
    ['k8s:app', 'allowed'],
    ['any:app', 'allowed'],
    ['container:app', 'blocked'],
    ['reserved:app', 'unknown'],
    ['cidr:app', 'blocked'],
  ])('CIL-24 %s: %s', (key, expected) => {
    const { verdict } = from(`[{matchLabels: {"${key}": api}}]`);
    expect(verdict('shop/api', 'shop/web', 8080)).toBe(
      expected === 'unknown' ? 'blocked' : expected,
    );
  });

  test('CIL-24 a key keeps its dots', () => {
    const objects =
      '{apiVersion: v1, kind: Pod, metadata: {name: dotted, namespace: shop, labels: {k8s.app: x, app.kubernetes.io/name: shop}}, status: {podIPs: [{ip: 10.0.1.77}]}}';
    const dotted = from('[{matchLabels: {k8s.app: x}}]', { objects });
    expect(dotted.verdict('shop/dotted', 'shop/web', 8080)).toBe('allowed');
    const prefixed = from('[{matchLabels: {"k8s:app.kubernetes.io/name": shop}}]', { objects });
    expect(prefixed.verdict('shop/dotted', 'shop/web', 8080)).toBe('allowed');
    expect(prefixed.verdict('shop/api', 'shop/web', 8080)).toBe('blocked');
  });

  test.each`
    from             | to            | port    | verdict
    ${'192.168.0.2'} | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'shop/api'}    | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'ops/prom'}    | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'203.0.113.5'} | ${'shop/web'} | ${8080} | ${'blocked'}
  `(
    'CIL-24 a reserved one has no namespace: $from → $to:$port is $verdict',
    from('[{matchLabels: {"reserved:remote-node": ""}}]').check,
  );

  test.each`
    from             | to            | port    | verdict
    ${'192.168.0.2'} | ${'shop/web'} | ${8080} | ${'blocked'}
    ${'shop/api'}    | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'ops/prom'}    | ${'shop/web'} | ${8080} | ${'allowed'}
    ${'203.0.113.5'} | ${'shop/web'} | ${8080} | ${'allowed'}
  `(
    'CIL-24 what has not this one may be anybody: $from → $to:$port is $verdict',
    from('[{matchExpressions: [{key: "reserved:remote-node", operator: DoesNotExist}]}]').check,
  );
});

describe('labels that are in no identity', () => {
  const objects =
    '{apiVersion: v1, kind: Pod, metadata: {name: db-0, namespace: shop, labels: {app: db, statefulset.kubernetes.io/pod-name: db-0}}, status: {podIPs: [{ip: 10.0.1.78}]}}';

  test.each([
    ['shop/db-0', 'unknown'],
    ['shop/api', 'unknown'],
    ['ops/prom', 'blocked'],
    ['203.0.113.5', 'blocked'],
  ])('CIL-25 leave open whom they select: %s is %s', (source, expected) => {
    const { verdict } = from('[{matchLabels: {statefulset.kubernetes.io/pod-name: db-0}}]', {
      objects,
    });
    expect(verdict(source, 'shop/web', 8080)).toBe(expected);
  });

  test('CIL-25 but not where another label refuses', () => {
    const { verdict } = from('[{matchLabels: {app: api, pod-template-hash: abc}}]', { objects });
    expect(verdict('shop/api', 'shop/web', 8080)).toBe('unknown');
    expect(verdict('shop/db-0', 'shop/web', 8080)).toBe('blocked');
  });

  test('CIL-25 and whom a policy applies to', () => {
    const { verdict, connectivity } = ciliumScenario({
      'shop/db':
        'endpointSelector: {matchLabels: {app: db, pod-template-hash: abc}}\ningress: [{}]',
    });
    expect(verdict('shop/web', 'shop/db', 5432)).toBe('unknown');
    expect(verdict('shop/web', 'shop/api', 8081)).toBe('allowed');
    expect(connectivity.snapshot.problems).toMatchObject([
      { code: 'policy-subject-unclear', path: ['spec', 'endpointSelector'] },
    ]);
  });
});

describe('the name of a cluster', () => {
  test.each([
    ['matchLabels: {app: api, io.cilium.k8s.policy.cluster: other}', 'unknown'],
    ['matchLabels: {app: db, io.cilium.k8s.policy.cluster: other}', 'blocked'],
    [
      'matchLabels: {app: api}, matchExpressions: [{key: io.cilium.k8s.policy.cluster, operator: Exists}]',
      'allowed',
    ],
  ])('CIL-26 %s: %s', (selector, expected) => {
    expect(from(`[{${selector}}]`).verdict('shop/api', 'shop/web', 8080)).toBe(expected);
  });
});

describe('the service account', () => {
  const pod = (name: string, account: string) =>
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ops}, spec: {serviceAccountName: ${account}, containers: [{name: main}]}, status: {podIPs: [{ip: 10.0.2.${name.length + 100}}]}}`;
  const objects = [pod('one', 'prom'), pod('other', 'default')].join('\n---\n');
  const selecting = (selector: string) => from(`[${selector}]`, { objects });

  test.each([
    ['one', 'allowed'],
    ['other', 'blocked'],
  ])('CIL-52 can be selected by its label: ops/%s is %s', (name, expected) => {
    const { verdict } = selecting(
      '{matchLabels: {io.cilium.k8s.policy.serviceaccount: prom, "k8s:io.kubernetes.pod.namespace": ops}}',
    );
    expect(verdict(`ops/${name}`, 'shop/web', 8080)).toBe(expected);
  });

  test.each([
    ['one', 'blocked'],
    ['other', 'allowed'],
  ])('CIL-52 or left out: ops/%s is %s', (name, expected) => {
    const { verdict } = selecting(
      '{matchLabels: {io.kubernetes.pod.namespace: ops}, matchExpressions: [{key: io.cilium.k8s.policy.serviceaccount, operator: NotIn, values: [prom]}]}',
    );
    expect(verdict(`ops/${name}`, 'shop/web', 8080)).toBe(expected);
  });
});
