import { expect, test } from 'vitest';
import type { FieldPath } from '#lib/model/problem.ts';
import { readManifest } from './yaml-documents.ts';
import { fieldFinder, toYaml } from './yaml-lines.ts';

const fieldLines = (text: string, path: FieldPath) => fieldFinder(text)(path);

const POLICY = `# about the policy
spec:
  # about the subject
  podSelector: {} # everybody
  ingress:
  - from:
    - podSelector:
        matchLabels: {a: b}

    # the office
    - ipBlock:
        cidr: 192.0.2.0/24
        except: [
          192.0.2.4/32,
          192.0.2.5/32
        ]
    ports:
    - port: 80
  - {}
  policyTypes: [Ingress,
    Egress]
  egress:
`;

test.each([
  [[], 2, 22],
  [['spec', 'podSelector'], 4, 4],
  [['spec', 'ingress'], 5, 19],
  [['spec', 'ingress', 0], 6, 18],
  [['spec', 'ingress', 0, 'from'], 6, 16],
  [['spec', 'ingress', 0, 'from', 0], 7, 8],
  [['spec', 'ingress', 0, 'from', 1], 11, 16],
  [['spec', 'ingress', 0, 'from', 1, 'ipBlock', 'except', 1], 15, 15],
  [['spec', 'ingress', 0, 'ports', 0], 18, 18],
  [['spec', 'ingress', 1], 19, 19],
  [['spec', 'policyTypes'], 20, 21],
  [['spec', 'policyTypes', 1], 21, 21],
  [['spec', 'egress'], 22, 22],
])('%j stands on lines %i to %i', (path, first, last) => {
  expect(fieldLines(POLICY, path)).toEqual([first, last]);
});

test.each([
  [['spec', 'nothing']],
  [['spec', 'ingress', 2]],
  [['spec', 'ingress', 'from']],
  [['spec', 'podSelector', 'matchLabels']],
])('%j is written nowhere', (path) => {
  expect(fieldLines(POLICY, path)).toBeNull();
});

test('an alias stands where its anchor does, and merged fields where they come from', () => {
  const text = 'a: &a\n  b: 1\nc: *a\nd:\n  <<: *a\n  e: 2\n';
  expect(fieldLines(text, ['c', 'b'])).toEqual([2, 2]);
  expect(fieldLines(text, ['d', 'b'])).toEqual([2, 2]);
  expect(fieldLines(text, ['d', 'e'])).toEqual([6, 6]);
});

test('fields of JSON are found as well', () => {
  expect(
    fieldLines('{\n  "spec": {\n    "ingress": [\n      {}\n    ]\n  }\n}', ['spec', 'ingress', 0]),
  ).toEqual([4, 4]);
});

test('fields of an element of a list are found in its own text', () => {
  const { objects } = readManifest(
    'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    spec:\n      hostNetwork: true\n',
    'a.yaml',
  );
  expect(fieldLines(objects[0]?.origin.text ?? '', ['spec', 'hostNetwork'])).toEqual([4, 4]);
});

test('an object is written in a stable order, without what the server keeps for itself', () => {
  const text = toYaml({
    status: { a: 1 },
    spec: { zone: 'no', first: '0777', list: [{ port: 80 }] },
    kind: 'NetworkPolicy',
    metadata: { uid: 'u', managedFields: [], labels: { b: '1' }, name: 'web' },
    apiVersion: 'networking.k8s.io/v1',
  });
  expect(text).toBe(`apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  labels:
    b: "1"
  uid: u
spec:
  zone: "no"
  first: "0777"
  list:
    - port: 80
`);
});
