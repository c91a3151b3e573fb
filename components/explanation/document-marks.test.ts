import { describe, expect, test } from 'vitest';
import type {
  ConsideredItem,
  ConsideredPolicy,
  ConsideredRule,
  Reason,
  SideAnswer,
} from '#lib/engine/explanation.ts';
import { NO_PORTS } from '#lib/model/port-set.ts';
import type { DocumentView } from '#lib/view/explanation-view.ts';
import { foldDocument, type MarkedDocument, markDocument } from './document-marks.ts';
import { plainText } from './sentence.ts';

const POLICY = {
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  namespace: 'shop',
  name: 'api',
};
const TEXT = `metadata:
  name: api
spec:
  podSelector:
    matchLabels: {app: api}
  policyTypes:
    - Ingress
  ingress:
    - from:
        - podSelector: {}
      ports:
        - port: 8080
    - ports:
        - port: 9090`;
const DOCUMENT: DocumentView = {
  key: 'networking.k8s.io/shop/api[NetworkPolicy]',
  policy: POLICY,
  writtenAt: null,
  text: TEXT,
  lines: {
    spec: [3, 14],
    'spec.policyTypes': [6, 7],
    'spec.policyTypes[0]': [7, 7],
    'spec.ingress': [8, 14],
    'spec.ingress[0]': [9, 12],
    'spec.ingress[0].from[0]': [10, 10],
    'spec.ingress[0].ports[0]': [12, 12],
    'spec.ingress[1]': [13, 14],
    'spec.ingress[1].ports[0]': [14, 14],
  },
  notes: [],
  rules: { ingress: [], egress: [] },
};

function item(match: ConsideredItem['match'], ...path: ConsideredItem['path']): ConsideredItem {
  return { path: ['spec', 'ingress', ...path], match };
}

function rule(index: number, peers: ConsideredItem[], ports: ConsideredItem[]): ConsideredRule {
  const all = (items: ConsideredItem[]): ConsideredItem['match'] => {
    if (items.some((one) => one.match === 'yes')) return 'yes';
    return items.some((one) => one.match === 'unknown') ? 'unknown' : 'no';
  };
  const [peer, port] = [all(peers), all(ports)];
  const both = peer === 'yes' && port === 'yes' ? 'yes' : 'unknown';
  const match = peer === 'no' || port === 'no' ? 'no' : both;
  return {
    index,
    name: null,
    path: ['spec', 'ingress', index],
    action: 'allow',
    reached: true,
    match,
    peer,
    port,
    peers,
    own: [],
    ports,
    conditions: [],
    qualifiers: [],
  };
}

function side(
  verdict: SideAnswer['verdict'],
  reason: Reason,
  nearMiss: SideAnswer['nearMiss'] = null,
): SideAnswer {
  const ports = { allowed: NO_PORTS, unknown: NO_PORTS };
  const requests: SideAnswer['requests'] = [];
  return { direction: 'ingress', verdict, reason, ports, requests, considered: [], nearMiss };
}

/** `9 permits`, `12 permits!` where the line decides. */
function described({ marks }: MarkedDocument): string[] {
  return [...marks]
    .sort(([a], [b]) => a - b)
    .map(([line, { tone, decides }]) => `${line} ${tone}${decides ? '!' : ''}`);
}

function remarks({ notes }: MarkedDocument): string[] {
  return [...notes]
    .sort(([a], [b]) => a - b)
    .flatMap(([line, list]) => list.map(({ words }) => `${line} ${plainText(words)}`));
}

const AT = { path: ['spec', 'policyTypes', 0], defaulted: false };
const EVERYBODY = item('yes', 1);

describe('marks', () => {
  test('light the items that matched, and dim the rule that did not', () => {
    const considered: ConsideredPolicy = {
      policy: POLICY,
      tier: 'NetworkPolicy',
      priority: null,
      valid: true,
      isolatedAt: AT,
      rules: [
        rule(0, [item('yes', 0, 'from', 0)], [item('yes', 0, 'ports', 0)]),
        rule(1, [EVERYBODY], [item('no', 1, 'ports', 0)]),
      ],
    };
    const reason: Reason = {
      kind: 'rules',
      rules: [{ policy: POLICY, direction: 'ingress', index: 0 }],
    };
    const marked = markDocument(DOCUMENT, considered, side('allowed', reason));
    expect(described(marked)).toEqual([
      '9 permits',
      '10 permits!',
      '11 permits',
      '12 permits!',
      '13 idle',
      '14 idle',
    ]);
    expect(remarks(marked)).toEqual([
      '9 rule 1 permits it',
      '13 rule 2 does not match: the port is not listed',
    ]);
  });

  test('light what isolates, and what the closest rule failed on', () => {
    const considered: ConsideredPolicy = {
      policy: POLICY,
      tier: 'NetworkPolicy',
      priority: null,
      valid: true,
      isolatedAt: AT,
      rules: [
        rule(0, [item('no', 0, 'from', 0)], [item('no', 0, 'ports', 0)]),
        rule(1, [EVERYBODY], [item('no', 1, 'ports', 0)]),
      ],
    };
    const answer = side(
      'blocked',
      { kind: 'isolated', by: [POLICY], tier: 'NetworkPolicy' },
      { rule: { policy: POLICY, direction: 'ingress', index: 1 }, failed: 'port' },
    );
    const marked = markDocument(DOCUMENT, considered, answer);
    expect(described(marked)).toEqual([
      '7 isolates!',
      '9 idle',
      '10 idle',
      '11 idle',
      '12 idle',
      '13 missed',
      '14 missed!',
    ]);
    expect(remarks(marked)).toEqual([
      '7 isolates for ingress',
      '9 rule 1 does not match: it names neither this peer nor this port',
      '13 rule 2 does not match: the port is not listed',
    ]);
  });

  test('light one line where policyTypes is defaulted and where a rule is for everybody', () => {
    const defaulted: ConsideredPolicy = {
      policy: POLICY,
      tier: 'NetworkPolicy',
      priority: null,
      valid: true,
      isolatedAt: { path: ['spec'], defaulted: true },
      rules: [],
    };
    const blocked = side('blocked', { kind: 'isolated', by: [POLICY], tier: 'NetworkPolicy' });
    expect(described(markDocument(DOCUMENT, defaulted, blocked))).toEqual(['3 isolates!']);
    const open: ConsideredPolicy = {
      policy: POLICY,
      tier: 'NetworkPolicy',
      priority: null,
      valid: true,
      isolatedAt: AT,
      rules: [rule(1, [EVERYBODY], [item('yes', 1, 'ports', 0)])],
    };
    const reason: Reason = {
      kind: 'rules',
      rules: [{ policy: POLICY, direction: 'ingress', index: 1 }],
    };
    expect(described(markDocument(DOCUMENT, open, side('allowed', reason)))).toEqual([
      '13 permits!',
      '14 permits!',
    ]);
  });

  test('light what is in doubt', () => {
    const considered: ConsideredPolicy = {
      policy: POLICY,
      tier: 'NetworkPolicy',
      priority: null,
      valid: true,
      isolatedAt: AT,
      rules: [rule(0, [item('unknown', 0, 'from', 0)], [item('yes', 0, 'ports', 0)])],
    };
    const reason: Reason = {
      kind: 'unknown',
      causes: [{ kind: 'cni-flag', flag: 'ipBlockMatchesPods' }],
    };
    expect(described(markDocument(DOCUMENT, considered, side('unknown', reason)))).toEqual([
      '9 unsure',
      '10 unsure!',
      '11 unsure',
      '12 unsure',
    ]);
  });

  test('go without a field that the text does not have', () => {
    const bare: DocumentView = { ...DOCUMENT, lines: {} };
    const considered: ConsideredPolicy = {
      policy: POLICY,
      tier: 'NetworkPolicy',
      priority: null,
      valid: true,
      isolatedAt: AT,
      rules: [rule(0, [item('no', 0, 'from', 0)], [item('no', 0, 'ports', 0)])],
    };
    const marked = markDocument(
      bare,
      considered,
      side('blocked', { kind: 'isolated', by: [POLICY], tier: 'NetworkPolicy' }),
    );
    expect(described(marked)).toEqual([]);
  });
});

describe('folding', () => {
  function marked(lit: readonly number[]): MarkedDocument {
    return {
      marks: new Map(lit.map((line) => [line, { tone: 'permits', decides: true }])),
      notes: new Map(),
    };
  }

  test('leaves a short document whole', () => {
    expect(foldDocument(24, marked([3]))).toEqual([{ folded: false, first: 1, last: 24 }]);
  });

  test('keeps lit lines with one line around, and does not fold a few lines', () => {
    expect(foldDocument(40, marked([10, 16, 30]))).toEqual([
      { folded: true, first: 1, last: 8 },
      { folded: false, first: 9, last: 17 },
      { folded: true, first: 18, last: 28 },
      { folded: false, first: 29, last: 31 },
      { folded: true, first: 32, last: 40 },
    ]);
  });

  test('covers every line once', () => {
    const regions = foldDocument(100, marked([1, 50, 100]));
    const covered = regions.flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, i) => first + i),
    );
    expect(covered).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });
});
