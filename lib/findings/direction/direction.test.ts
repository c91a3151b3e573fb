import { describe, expect, test } from 'vitest';
import { applied, findingsOf } from '#lib/testing/findings.ts';

/** Which way is closed (PIT-DIR): each mistake, and what nearly is one. */

const applying = (id: string, key: string, spec: string) =>
  findingsOf(id, {}, { objects: applied(key, spec) });

test('PIT-DIR-1 pods that nobody isolates for ingress', () => {
  const found = findingsOf('PIT-DIR-1', {
    'shop/db': 'podSelector: {matchLabels: {app: db}}',
    'ops/all': 'podSelector: {}',
  });
  expect(found).toMatchObject([
    {
      object: { kind: 'Namespace', name: 'shop' },
      message:
        'No policy isolates 2 of 3 pods of shop for ingress (api and web): whatever runs in the cluster reaches them.',
      patch: expect.stringContaining('policyTypes: [Ingress]'),
    },
  ]);
});

test('PIT-DIR-1 an administrator who denies by default leaves nobody open', () => {
  const objects = `---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: baseline}
spec:
  tier: Baseline
  priority: 1
  subject: {namespaces: {}}
  ingress: [{action: Deny, from: [{namespaces: {}}]}]
`;
  expect(findingsOf('PIT-DIR-1', {}, { objects })).toEqual([]);
  expect(findingsOf('PIT-DIR-1', {})).toHaveLength(2);
});

test('PIT-DIR-2 pods that nobody isolates for egress', () => {
  const found = findingsOf('PIT-DIR-2', {
    'shop/all': 'podSelector: {}',
    'ops/all': '{podSelector: {}, policyTypes: [Egress]}',
  });
  expect(found).toMatchObject([
    { severity: 'info', object: { name: 'shop' }, patch: expect.stringContaining('[Egress]') },
  ]);
});

describe('policyTypes was not written', () => {
  const TO_API = 'egress: [{to: [{podSelector: {matchLabels: {app: api}}}]}]';

  test('PIT-DIR-3 a policy for egress closes ingress', () => {
    const spec = `{podSelector: {matchLabels: {app: web}}, ${TO_API}}`;
    expect(applying('PIT-DIR-3', 'shop/web', spec)).toMatchObject([
      {
        object: { name: 'web' },
        message: expect.stringContaining('isolates 1 pod for ingress too'),
        patch: 'spec:\n  policyTypes: [Egress]',
      },
    ]);
  });

  test.each([
    ['policyTypes was written', `{podSelector: {}, policyTypes: [Egress], ${TO_API}}`],
    ['ingress was written too', `{podSelector: {}, ingress: [], ${TO_API}}`],
    ['nobody connects to the pod', `{podSelector: {matchLabels: {app: prom}}, ${TO_API}}`],
  ])('PIT-DIR-3 not where %s', (_, spec) => {
    expect(applying('PIT-DIR-3', spec.includes('prom') ? 'ops/p' : 'shop/p', spec)).toEqual([]);
  });

  test('PIT-DIR-3 not where ingress is closed by another policy anyway', () => {
    const objects = applied('shop/web', `{podSelector: {matchLabels: {app: web}}, ${TO_API}}`);
    expect(findingsOf('PIT-DIR-3', { 'shop/all': 'podSelector: {}' }, { objects })).toEqual([]);
  });

  test('PIT-DIR-3 not where it is not known what was written', () => {
    const filledIn = `{podSelector: {}, policyTypes: [Ingress, Egress], ${TO_API}}`;
    expect(findingsOf('PIT-DIR-3', { 'shop/web': filledIn })).toEqual([]);
    // Nobody filled it in: it is as it was written.
    expect(findingsOf('PIT-DIR-3', { 'shop/web': `{podSelector: {}, ${TO_API}}` })).toHaveLength(1);
  });

  test('PIT-DIR-4 an empty egress does not isolate', () => {
    expect(applying('PIT-DIR-4', 'shop/deny', '{podSelector: {}, egress: []}')).toMatchObject([
      { object: { name: 'deny' }, path: ['spec', 'egress'] },
    ]);
  });

  test.each([
    '{podSelector: {}, egress: [], policyTypes: [Egress]}',
    '{podSelector: {}, ingress: []}',
    '{podSelector: {}, egress: [{}]}',
  ])('PIT-DIR-4 %s is what it says', (spec) => {
    expect(applying('PIT-DIR-4', 'shop/deny', spec)).toEqual([]);
  });
});

test('PIT-DIR-5 egress rules in a policy for ingress', () => {
  const found = findingsOf('PIT-DIR-5', {
    'shop/ignored': '{podSelector: {}, policyTypes: [Ingress], egress: [{}, {}]}',
    'shop/both': '{podSelector: {}, policyTypes: [Ingress, Egress], egress: [{}]}',
  });
  expect(found).toMatchObject([
    {
      object: { name: 'ignored' },
      path: ['spec', 'egress'],
      message:
        'policyTypes lists only Ingress: the 2 egress rules have no effect, and its pods are not isolated for egress.',
    },
  ]);
});

const FROM_WEB =
  '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]}';
const WEB_OUT = (to: string) =>
  `{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: ${to}}}}]}]}`;

test('PIT-DIR-6 ingress is opened, and egress of the other end is not', () => {
  const found = findingsOf('PIT-DIR-6', { 'shop/db': FROM_WEB, 'shop/web': WEB_OUT('api') });
  expect(found).toMatchObject([
    {
      object: { name: 'db' },
      path: ['spec', 'ingress', 0, 'from', 0],
      message:
        'It permits shop/web to connect to shop/db on TCP 5432, and the egress of shop/web blocks it (shop/web).',
      related: [
        { kind: 'Pod', name: 'web' },
        { kind: 'NetworkPolicy', name: 'web' },
      ],
    },
  ]);
});

test('PIT-DIR-6 the mirror case: egress is opened, and ingress of the other end is not', () => {
  const found = findingsOf('PIT-DIR-6', {
    'shop/web': WEB_OUT('db'),
    'shop/db': '{podSelector: {matchLabels: {app: db}}}',
  });
  expect(found).toMatchObject([{ object: { name: 'web' }, path: ['spec', 'egress', 0, 'to', 0] }]);
});

test('PIT-DIR-6 not where both ends are open, nor where the other end is not isolated', () => {
  const both = { 'shop/db': FROM_WEB, 'shop/web': WEB_OUT('db') };
  expect(findingsOf('PIT-DIR-6', both)).toEqual([]);
  expect(findingsOf('PIT-DIR-6', { 'shop/db': FROM_WEB })).toEqual([]);
});

test('PIT-DIR-6 not where only some plugins block it', () => {
  const range =
    '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 53, endPort: 81}]}]}';
  const out =
    '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{ports: [{port: 80}]}]}';
  const policies = { 'shop/db': range, 'shop/web': out };
  expect(findingsOf('PIT-DIR-6', policies, { flags: { endPort: 'unknown' } })).toEqual([]);
  expect(findingsOf('PIT-DIR-6', policies, { flags: { endPort: 'no' } })).toHaveLength(1);
});

test('PIT-DIR-6 a peer of a whole namespace is an offer, unless nobody can take it up', () => {
  const fromShop =
    '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}';
  const web = { 'shop/db': fromShop, 'shop/web': WEB_OUT('api') };
  expect(findingsOf('PIT-DIR-6', web)).toEqual([]);
  const all = { 'shop/db': fromShop, 'shop/all': '{podSelector: {}, policyTypes: [Egress]}' };
  expect(findingsOf('PIT-DIR-6', all)).toHaveLength(1);
});

const EGRESS = (rules: string) =>
  `{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: ${rules}}`;
const API = '{to: [{podSelector: {matchLabels: {app: api}}}]}';
const DNS = (ports: string) =>
  `{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [${ports}]}`;
const UDP = '{protocol: UDP, port: 53}';
const TCP = '{port: 53}';

describe('PIT-DIR-7', () => {
  test('PIT-DIR-7 egress without DNS', () => {
    expect(findingsOf('PIT-DIR-7', { 'shop/web': EGRESS(`[${API}]`) })).toMatchObject([
      {
        object: { name: 'web' },
        path: ['spec', 'policyTypes', 0],
        message:
          'No rule lets 1 pod (shop/web) reach kube-system/coredns on UDP 53: names are not resolved.',
      },
    ]);
  });

  test.each([
    ['with a rule for it', `[${API}, ${DNS(UDP)}]`],
    ['that is closed on purpose', '[]'],
    ['to a few addresses only', '[{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]'],
    ['to everybody', '[{}]'],
  ])('PIT-DIR-7 not for egress %s', (_, rules) => {
    expect(findingsOf('PIT-DIR-7', { 'shop/web': EGRESS(rules) })).toEqual([]);
  });

  const NO_SERVER = `---
apiVersion: v1
kind: Pod
metadata: {name: coredns, namespace: kube-system}
spec: {containers: [{name: main}]}
`;

  test.each([
    [`[${API}]`, 1],
    ['[{to: [{namespaceSelector: {}}], ports: [{port: 443}]}]', 1],
    ['[{to: [{namespaceSelector: {}}]}]', 0],
    [`[${API}, {ports: [${UDP}]}]`, 0],
  ])('PIT-DIR-7 without a server that is known, egress %s: %i', (rules, count) => {
    const found = findingsOf('PIT-DIR-7', { 'shop/web': EGRESS(rules) }, { objects: NO_SERVER });
    expect(found).toHaveLength(count);
  });
});

test('PIT-DIR-8 DNS over UDP alone', () => {
  const udp = { 'shop/web': EGRESS(`[${DNS(UDP)}]`) };
  expect(findingsOf('PIT-DIR-8', udp)).toMatchObject([
    { severity: 'info', message: expect.stringContaining('not over TCP 53') },
  ]);
  const both = { 'shop/web': EGRESS(`[${DNS(`${UDP}, ${TCP}`)}]`) };
  expect(findingsOf('PIT-DIR-8', both)).toEqual([]);
});

const NODE_CACHE = `---
apiVersion: v1
kind: Pod
metadata: {name: cache, namespace: kube-system, labels: {k8s-app: node-local-dns}}
spec: {nodeName: n1, hostNetwork: true, containers: [{name: main}]}
status: {phase: Running, podIPs: [{ip: 192.168.0.1}]}
`;

test('PIT-DIR-9 the cache on the node is not covered', () => {
  const pods = { 'shop/web': EGRESS(`[${DNS(UDP)}]`) };
  const options = { objects: NODE_CACHE };
  expect(findingsOf('PIT-DIR-9', pods, options)).toMatchObject([
    { object: { name: 'web' }, message: expect.stringContaining('169.254.20.10') },
  ]);
  expect(findingsOf('PIT-DIR-9', pods)).toEqual([]);
  expect(findingsOf('PIT-DIR-9', pods, { ...options, cni: 'cilium' })).toEqual([]);
  const flags = { policesPodToLocalNode: 'unknown' } as const;
  expect(findingsOf('PIT-DIR-9', pods, { ...options, flags })).toEqual([]);
  const block = '{to: [{ipBlock: {cidr: 169.254.20.10/32}}]}';
  const covered = { 'shop/web': EGRESS(`[${DNS(UDP)}, ${block}]`) };
  expect(findingsOf('PIT-DIR-9', covered, options)).toEqual([]);
});

test.each([
  [TCP, 1],
  ['{port: dns}', 1],
  [`${TCP}, ${UDP}`, 0],
  ['{protocol: TCP, port: 53}', 0],
  ['{port: 5432}', 0],
])('PIT-DIR-10 the ports %s: %i', (ports, count) => {
  expect(applying('PIT-DIR-10', 'shop/web', EGRESS(`[${DNS(ports)}]`))).toHaveLength(count);
});

describe('PIT-DIR-18', () => {
  const CONTROLLER = `---
{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, spec: {controller: k8s.io/ingress-nginx}}
---
apiVersion: v1
kind: Pod
metadata:
  name: nginx
  namespace: ops
  labels: {app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller}
spec: {nodeName: n2, containers: [{name: main}]}
status: {phase: Running, podIPs: [{ip: 10.0.2.30}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: public, namespace: shop}
spec: {ingressClassName: nginx, defaultBackend: {service: {name: api, port: {number: 80}}}}
`;
  const api = (rules: string) => ({
    'shop/api': `{podSelector: {matchLabels: {app: api}}, ingress: [${rules}]}`,
  });
  const OPS = 'from: [{namespaceSelector: {matchLabels: {team: b}}}]';

  test('PIT-DIR-18 the pods that an Ingress leads to are closed to its controller', () => {
    expect(findingsOf('PIT-DIR-18', api(''), { objects: CONTROLLER })).toMatchObject([
      {
        object: { name: 'api' },
        message:
          'Ingress shop/public leads from ops/nginx to shop/api on TCP 8081, and the ingress of shop/api blocks it.',
        related: [{ kind: 'Ingress', name: 'public' }, { name: 'nginx' }, { name: 'api' }],
      },
    ]);
    const other = api(`{${OPS}, ports: [{port: 80}]}`);
    expect(findingsOf('PIT-DIR-18', other, { objects: CONTROLLER })).toHaveLength(1);
  });

  test('PIT-DIR-18 the controller’s own egress is closed', () => {
    const closed = { 'ops/closed': '{podSelector: {}, policyTypes: [Egress]}' };
    expect(findingsOf('PIT-DIR-18', closed, { objects: CONTROLLER })).toMatchObject([
      { object: { name: 'closed' }, message: expect.stringContaining('the egress of ops/nginx') },
    ]);
  });

  test('PIT-DIR-18 not where a rule permits it, nor where the controller is not known', () => {
    const open = api(`{${OPS}, ports: [{port: 8081}]}`);
    expect(findingsOf('PIT-DIR-18', open, { objects: CONTROLLER })).toEqual([]);
    const nobody = CONTROLLER.replace('ingress-nginx, app', 'something-else, app');
    expect(findingsOf('PIT-DIR-18', api(''), { objects: nobody })).toEqual([]);
  });
});

describe('PIT-DIR-17', () => {
  const pod = (name: string, spec: string) => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: web}}
spec: {nodeName: n2, ${spec}, containers: [{name: main}]}
status: {phase: Running, podIPs: [{ip: 10.0.1.40}]}
`;
  const CONTROLLER = pod('backup-controller', 'serviceAccountName: backup');
  const reaching = (egress: string, objects = CONTROLLER) =>
    findingsOf(
      'PIT-DIR-17',
      { 'shop/web': `{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], ${egress}}` },
      { objects },
    );
  const to = (cidr: string, port: number) =>
    `egress: [{to: [{ipBlock: {cidr: ${cidr}}}], ports: [{port: ${port}}]}]`;

  test.each([
    ['nothing is permitted', 'egress: []'],
    ['only a database is', 'egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]'],
    ['the address of the Service is', to('10.96.0.1/32', 443)],
    ['another port is', to('192.168.0.1/32', 443)],
  ])('PIT-DIR-17 where %s', (_, egress) => {
    expect(reaching(egress)).toMatchObject([
      {
        object: { kind: 'NetworkPolicy', name: 'web' },
        path: ['spec', 'policyTypes', 0],
        message: expect.stringContaining(
          'lets shop/backup-controller reach the API server, 192.168.0.1 on TCP 6443',
        ),
        patch: expect.stringContaining('cidr: 192.168.0.1/32'),
      },
    ]);
  });

  test('PIT-DIR-17 by the token that a pod says it mounts', () => {
    const spec = 'serviceAccountName: web, automountServiceAccountToken';
    expect(reaching('egress: []', pod('reader', `${spec}: true`))).toHaveLength(1);
    expect(reaching('egress: []', pod('reader', `${spec}: false`))).toEqual([]);
  });

  test.each([
    ['the endpoint is permitted', to('192.168.0.0/24', 6443), CONTROLLER],
    ['everything is', 'egress: [{}]', CONTROLLER],
    ['it is no controller', 'egress: []', pod('cache', 'serviceAccountName: cache')],
    ['the account is everybody’s', 'egress: []', pod('mail-controller', 'hostPID: false')],
    [
      'it mounts no token',
      'egress: []',
      pod('a-controller', 'serviceAccountName: a, automountServiceAccountToken: false'),
    ],
  ])('PIT-DIR-17 not where %s', (_, egress, objects) => {
    expect(reaching(egress, objects)).toEqual([]);
  });

  test('PIT-DIR-17 is not run where the endpoints of the API server are not known', () => {
    const states = {
      'endpointslices.discovery.k8s.io': { status: 'forbidden', message: 'no right' } as const,
    };
    expect(() => findingsOf('PIT-DIR-17', {}, { states })).toThrow('api-server');
  });
});

describe('PIT-DIR-19', () => {
  const PROMETHEUS = `---
apiVersion: v1
kind: Pod
metadata: {name: prometheus, namespace: ops, labels: {app.kubernetes.io/name: prometheus}}
spec: {nodeName: n2, containers: [{name: main}]}
status: {phase: Running, podIPs: [{ip: 10.0.2.30}]}
`;
  const target = (annotations: string) => `---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart}, annotations: {${annotations}}}
spec: {nodeName: n2, containers: [{name: main, ports: [{name: http, containerPort: 8080}, {name: m, containerPort: 9102}]}]}
status: {phase: Running, podIPs: [{ip: 10.0.1.50}]}
`;
  const service = (annotations: string) => `---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop, annotations: {${annotations}}}
spec: {clusterIPs: [10.96.0.50], selector: {app: cart}, ports: [{port: 80, targetPort: m}]}
`;
  const SCRAPE = 'prometheus.io/scrape: "true"';
  const PORT = 'prometheus.io/port: "9102"';
  const closed = (ingress: string, objects: string) =>
    findingsOf(
      'PIT-DIR-19',
      { 'shop/cart': `{podSelector: {matchLabels: {app: cart}}, ingress: [${ingress}]}` },
      { objects },
    );
  const fromOps = (port: number) =>
    `{from: [{namespaceSelector: {matchLabels: {team: b}}}], ports: [{port: ${port}}]}`;

  test.each([
    ['its own annotation', target(`${SCRAPE}, ${PORT}`), '9102'],
    ['one without a port', target(SCRAPE), '8080 or 9102'],
    ['one of its Service', target('') + service(SCRAPE), '9102'],
  ])('PIT-DIR-19 told by %s', (_, objects, ports) => {
    expect(closed('', objects + PROMETHEUS)).toMatchObject([
      {
        object: { kind: 'NetworkPolicy', name: 'cart' },
        message: `Annotations tell Prometheus (ops/prometheus) to scrape shop/cart on TCP ${ports}, and the ingress of these pods lets none of it pass.`,
      },
    ]);
  });

  test('PIT-DIR-19 where Prometheus itself is closed', () => {
    const policies = { 'ops/out': '{podSelector: {}, policyTypes: [Egress]}' };
    const objects = target(`${SCRAPE}, ${PORT}`) + PROMETHEUS;
    expect(findingsOf('PIT-DIR-19', policies, { objects })).toMatchObject([
      { object: { name: 'out' }, message: expect.stringContaining('the egress of Prometheus') },
    ]);
  });

  test.each([
    ['it is permitted', fromOps(9102), target(`${SCRAPE}, ${PORT}`) + PROMETHEUS],
    ['a port that may be meant is', fromOps(8080), target(SCRAPE) + PROMETHEUS],
    ['nobody is told to scrape it', '', target('prometheus.io/scrape: "false"') + PROMETHEUS],
    ['no Prometheus is known', '', target(SCRAPE)],
  ])('PIT-DIR-19 not where %s', (_, ingress, objects) => {
    expect(closed(ingress, objects)).toEqual([]);
  });
});
