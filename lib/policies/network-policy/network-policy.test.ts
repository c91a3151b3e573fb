import { describe, expect, test } from 'vitest';
import { readManifest } from '#lib/manifests/yaml-documents.ts';
import { parseCidr } from '#lib/model/ip-address.ts';
import { onlyPolicy } from '#lib/testing/only-policy.ts';
import { networkPolicy } from './network-policy.ts';

/** YAML in, compiled form out. */

function compile(yaml: string) {
  const { objects, problems } = readManifest(yaml, 'policy.yaml');
  expect(problems).toEqual([]);
  return onlyPolicy(networkPolicy.compile(objects[0]?.body));
}

const HEAD = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n';

test('a policy with everything in it', () => {
  const { policy, problems } = compile(`${HEAD}
metadata: {name: everything, namespace: shop}
spec:
  podSelector:
    matchLabels: {app: db}
    matchExpressions: [{key: tier, operator: NotIn, values: [front, edge]}]
  policyTypes: [Egress, Ingress]
  ingress:
    - from:
        - podSelector: {matchLabels: {app: web}}
        - namespaceSelector: {matchLabels: {team: b}}
          podSelector: {matchExpressions: [{key: app, operator: Exists}]}
      ports:
        - port: 5432
        - {protocol: UDP, port: 30000, endPort: 30100}
        - {protocol: SCTP}
        - port: pg
    - {}
  egress:
    - to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {namespaceSelector: {}}]
`);
  expect(problems).toEqual([]);
  expect(policy).toEqual({
    ref: {
      group: 'networking.k8s.io',
      kind: 'NetworkPolicy',
      namespace: 'shop',
      name: 'everything',
    },
    layer: 'network-policy',
    enforcedIf: 'enforces',
    priority: null,
    subject: {
      kind: 'pods',
      match: {
        kind: 'labelled',
        namespaces: { kind: 'named', name: 'shop' },
        pods: [
          { key: 'app', operator: 'In', values: ['db'] },
          { key: 'tier', operator: 'NotIn', values: ['edge', 'front'] },
        ],
      },
    },
    isolation: {
      ingress: { isolates: 'yes', path: ['spec', 'policyTypes', 1], defaulted: false },
      egress: { isolates: 'yes', path: ['spec', 'policyTypes', 0], defaulted: false },
    },
    rules: {
      ingress: [
        {
          index: 0,
          path: ['spec', 'ingress', 0],
          action: 'allow',
          peers: [
            {
              path: ['spec', 'ingress', 0, 'from', 0],
              match: {
                kind: 'pods',
                match: {
                  kind: 'labelled',
                  namespaces: { kind: 'named', name: 'shop' },
                  pods: [{ key: 'app', operator: 'In', values: ['web'] }],
                },
              },
            },
            {
              path: ['spec', 'ingress', 0, 'from', 1],
              match: {
                kind: 'pods',
                match: {
                  kind: 'labelled',
                  namespaces: {
                    kind: 'labelled',
                    selector: [{ key: 'team', operator: 'In', values: ['b'] }],
                  },
                  pods: [{ key: 'app', operator: 'Exists', values: [] }],
                },
              },
            },
          ],
          ports: [
            {
              path: ['spec', 'ingress', 0, 'ports', 0],
              match: { kind: 'range', protocol: 'TCP', first: 5432, last: 5432 },
            },
            {
              path: ['spec', 'ingress', 0, 'ports', 1],
              match: { kind: 'range', protocol: 'UDP', first: 30000, last: 30100 },
            },
            {
              path: ['spec', 'ingress', 0, 'ports', 2],
              match: { kind: 'all-of-protocol', protocol: 'SCTP' },
            },
            {
              path: ['spec', 'ingress', 0, 'ports', 3],
              match: { kind: 'named', protocol: 'TCP', name: 'pg' },
            },
          ],
        },
        {
          index: 1,
          path: ['spec', 'ingress', 1],
          action: 'allow',
          peers: [{ path: ['spec', 'ingress', 1], match: { kind: 'anyone' } }],
          ports: 'all',
        },
      ],
      egress: [
        {
          index: 0,
          path: ['spec', 'egress', 0],
          action: 'allow',
          peers: [
            {
              path: ['spec', 'egress', 0, 'to', 0],
              match: {
                kind: 'addresses',
                block: parseCidr('10.0.0.0/8'),
                except: [parseCidr('10.1.0.0/16')],
              },
            },
            {
              path: ['spec', 'egress', 0, 'to', 1],
              match: {
                kind: 'pods',
                match: {
                  kind: 'labelled',
                  namespaces: { kind: 'labelled', selector: [] },
                  pods: [],
                },
              },
            },
          ],
          ports: 'all',
        },
      ],
    },
    notes: [],
  });
});

test('a policy with nothing in it', () => {
  const { policy, problems } = compile(`${HEAD}metadata: {name: nothing}`);
  expect(problems).toEqual([]);
  expect(policy).toEqual({
    ref: {
      group: 'networking.k8s.io',
      kind: 'NetworkPolicy',
      namespace: 'default',
      name: 'nothing',
    },
    layer: 'network-policy',
    enforcedIf: 'enforces',
    priority: null,
    subject: {
      kind: 'pods',
      match: { kind: 'labelled', namespaces: { kind: 'named', name: 'default' }, pods: [] },
    },
    isolation: {
      ingress: { isolates: 'yes', path: ['spec'], defaulted: true },
      egress: { isolates: 'no' },
    },
    rules: { ingress: [], egress: [] },
    notes: [{ kind: 'policy-types-defaulted', directions: ['ingress'], emptyEgressIgnored: false }],
  });
});

describe('what stands in a file and not in the API', () => {
  test('NP-45 a status says nothing of what is enforced', () => {
    const spec = 'metadata: {name: a, namespace: shop}\nspec: {ingress: [{}]}\n';
    const status = 'status: {conditions: [{type: Accepted, status: "False"}]}\n';
    expect(compile(HEAD + spec + status)).toEqual(compile(HEAD + spec));
  });

  test('null is absent everywhere', () => {
    const written = compile(`${HEAD}
metadata: {name: a, namespace: null}
spec:
  podSelector: null
  policyTypes: null
  ingress:
    - {from: null, ports: null}
    - from: [{podSelector: null, namespaceSelector: {}, ipBlock: null}]
      ports: [{protocol: null, port: null, endPort: null}]
  egress: null
`);
    const meant = compile(`${HEAD}
metadata: {name: a}
spec: {ingress: [{}, {from: [{namespaceSelector: {}}], ports: [{}]}]}
`);
    expect(written).toEqual(meant);
  });
});

test('NP-9 rules of a direction that is not listed are left out, and a note says so', () => {
  const { policy } = compile(`${HEAD}
metadata: {name: a, namespace: shop}
spec: {policyTypes: [Egress], ingress: [{}], egress: [{}]}
`);
  expect(policy.rules.ingress).toEqual([]);
  expect(policy.isolation.ingress).toEqual({ isolates: 'no' });
  expect(policy.rules.egress).toHaveLength(1);
  expect(policy.notes).toEqual([
    { kind: 'rules-ignored', direction: 'ingress', path: ['spec', 'ingress'] },
  ]);
});

test('NP-31b each block with host bits has a note, exceptions too', () => {
  const { policy, problems } = compile(`${HEAD}
metadata: {name: a, namespace: shop}
spec:
  policyTypes: [Ingress]
  ingress: [{from: [{ipBlock: {cidr: 10.0.0.5/8, except: [10.1.0.0/16, 10.2.3.4/16]}}]}]
`);
  expect(problems).toEqual([]);
  expect(policy.rules.ingress[0]?.peers[0]?.match).toEqual({
    kind: 'addresses',
    block: parseCidr('10.0.0.0/8'),
    except: [parseCidr('10.1.0.0/16'), parseCidr('10.2.0.0/16')],
  });
  const path = ['spec', 'ingress', 0, 'from', 0, 'ipBlock'];
  expect(policy.notes).toEqual([
    {
      kind: 'host-bits-dropped',
      path: [...path, 'cidr'],
      written: '10.0.0.5/8',
      meant: '10.0.0.0/8',
    },
    {
      kind: 'host-bits-dropped',
      path: [...path, 'except', 1],
      written: '10.2.3.4/16',
      meant: '10.2.0.0/16',
    },
  ]);
});

test('an unknown field of a peer leaves only that peer in doubt', () => {
  const { policy, problems } = compile(`${HEAD}
metadata: {name: a, namespace: shop}
spec:
  ingress:
    - from: [{podSelector: {}}, {podSelector: {}, nodeSelector: {}}, {serviceAccounts: []}]
`);
  expect(policy.isolation.ingress.isolates).toBe('yes');
  expect(policy.rules.ingress[0]?.peers.map(({ match }) => match.kind)).toEqual([
    'pods',
    'not-understood',
    'not-understood',
  ]);
  expect(problems).toMatchObject([
    {
      code: 'policy-field-unknown',
      severity: 'error',
      message: 'unknown field "nodeSelector"',
      path: ['spec', 'ingress', 0, 'from', 1],
    },
    { message: 'unknown field "serviceAccounts"', path: ['spec', 'ingress', 0, 'from', 2] },
  ]);
});
