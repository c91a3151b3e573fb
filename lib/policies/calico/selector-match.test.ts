import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PodMatch } from '#lib/engine/compiled-policy.ts';
import { type Labelled, matchPods } from '#lib/engine/pod-match.ts';
import type { Namespace } from '#lib/model/cluster.ts';
import { selectorExpression } from '#lib/testing/calico-selectors.ts';
import { parseSelector, type SelectorExpression } from './selector-expression.ts';
import {
  type Asked,
  accountBounds,
  endpointBounds,
  type MatchBounds,
  namespaceBounds,
} from './selector-match.ts';

function expressionOf(text: string): SelectorExpression {
  const parsed = parseSelector(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.expression;
}

const SHOP: Namespace = {
  name: 'shop',
  labels: new Map([
    ['team', 'a'],
    ['kubernetes.io/metadata.name', 'shop'],
  ]),
  annotations: new Map(),
  declared: true,
  labelsKnown: true,
};
const labels = (text: Record<string, string>) => new Map(Object.entries(text));
const WEB: Labelled = { namespace: SHOP, labels: labels({ app: 'web' }), serviceAccount: 'front' };
const SET: Labelled = { namespace: SHOP, labels: labels({ app: 'web' }), serviceAccount: null };
const GLOBAL_SET: Labelled = { ...SET, namespace: null };

const is = (match: PodMatch, labelled: Labelled) => matchPods(match, labelled).match === 'yes';

/** yes, no, or perhaps where least and most differ. */
function verdict({ least, most }: MatchBounds, labelled: Labelled): string {
  const [surely, atMost] = [is(least, labelled), is(most, labelled)];
  return surely === atMost ? (surely ? 'yes' : 'no') : 'perhaps';
}

const ofPods = (text: string) => verdict(endpointBounds(expressionOf(text), 'pods'), WEB);
const ofSet = (text: string, set = SET) =>
  verdict(endpointBounds(expressionOf(text), 'address-sets'), set);

describe('CAL-17 a label that is absent', () => {
  test.each([
    ["tier == 'x'", 'no'],
    ["tier in {'x'}", 'no'],
    ["tier contains ''", 'no'],
    ["tier starts with ''", 'no'],
    ["tier ends with ''", 'no'],
    ['has(tier)', 'no'],
    ["tier != 'x'", 'yes'],
    ["tier not in {'x'}", 'yes'],
    ['!has(tier)', 'yes'],
    ["!(tier contains 'x')", 'yes'],
  ])('%s: %s', (text, expected) => {
    expect(ofPods(text)).toBe(expected);
  });
});

describe('CAL-16, CAL-18 a label that is there', () => {
  test.each([
    ["app == 'web'", 'yes'],
    ["app == 'Web'", 'no'],
    ["app in {'web','api'} && !has(legacy)", 'yes'],
    ["app contains 'e'", 'yes'],
    ["app contains 'x'", 'no'],
    ["app starts with 'we'", 'yes'],
    ["app starts with 'eb'", 'no'],
    ["app ends with 'eb'", 'yes'],
    ["app ends with 'we'", 'no'],
    ['app in {}', 'no'],
    ['app not in {}', 'yes'],
    ['', 'yes'],
    ['!all()', 'no'],
  ])('%s: %s', (text, expected) => {
    expect(ofPods(text)).toBe(expected);
  });
});

describe('CAL-19 labels that Calico gives', () => {
  test.each([
    ["projectcalico.org/namespace == 'shop'", 'yes', 'yes', 'no'],
    ["projectcalico.org/namespace != 'shop'", 'no', 'no', 'yes'],
    ["projectcalico.org/namespace in {'ops', 'shop'}", 'yes', 'yes', 'no'],
    ["projectcalico.org/namespace not in {'ops'}", 'yes', 'yes', 'yes'],
    ["projectcalico.org/namespace starts with 'sh'", 'yes', 'yes', 'no'],
    ['has(projectcalico.org/namespace)', 'yes', 'yes', 'no'],
    ["projectcalico.org/orchestrator == 'k8s'", 'yes', 'no', 'no'],
    ["projectcalico.org/orchestrator != 'k8s'", 'no', 'yes', 'yes'],
    ["projectcalico.org/serviceaccount == 'front'", 'yes', 'no', 'no'],
    ["projectcalico.org/serviceaccount != 'front'", 'no', 'yes', 'yes'],
    ['has(projectcalico.org/serviceaccount)', 'yes', 'no', 'no'],
    ["projectcalico.org/serviceaccount starts with 'f'", 'perhaps', 'no', 'no'],
    ["projectcalico.org/name == 'shop'", 'no', 'no', 'no'],
    ["pcns.team == 'a'", 'yes', 'yes', 'no'],
    ["pcns.team != 'a'", 'no', 'no', 'yes'],
    ["pcns.projectcalico.org/name == 'shop'", 'yes', 'yes', 'no'],
    ["pcsa.projectcalico.org/name == 'front'", 'yes', 'no', 'no'],
    ["pcsa.team == 'a'", 'perhaps', 'no', 'no'],
    ["!pcsa.team == 'a'", 'perhaps', 'yes', 'yes'],
    ["pcsa.team == 'a' && app == 'api'", 'no', 'no', 'no'],
    ["pcsa.team == 'a' || app == 'web'", 'yes', 'yes', 'yes'],
    ['has(projectcalico.org/network-interface)', 'perhaps', 'no', 'no'],
  ])('%s: %s of a pod, %s of a NetworkSet, %s of a global one', (text, pod, set, global) => {
    expect([ofPods(text), ofSet(text), ofSet(text, GLOBAL_SET)]).toEqual([pod, set, global]);
  });
});

describe('CAL-25 namespaceSelector', () => {
  test.each([
    ["team == 'a'", 'yes', 'no'],
    ["team != 'a'", 'no', 'yes'],
    ["stage not in {'x'}", 'yes', 'yes'],
    ['has(team)', 'yes', 'no'],
    ['!has(team)', 'no', 'yes'],
    ['all()', 'yes', 'no'],
    ['global()', 'no', 'yes'],
    ['!global()', 'yes', 'no'],
    ["projectcalico.org/name == 'shop'", 'yes', 'no'],
    ["kubernetes.io/metadata.name == 'shop'", 'yes', 'no'],
    ["projectcalico.org/namespace == 'shop'", 'no', 'no'],
  ])('%s: %s of what is in shop, %s of what is in no namespace', (text, inside, outside) => {
    const bounds = namespaceBounds(expressionOf(text));
    expect([verdict(bounds, WEB), verdict(bounds, GLOBAL_SET)]).toEqual([inside, outside]);
  });
});

test.each([
  ["projectcalico.org/name == 'front'", 'yes', 'no'],
  ["team == 'a'", 'perhaps', 'no'],
  ["team != 'a'", 'perhaps', 'yes'],
  ['all()', 'yes', 'yes'],
])(
  'CAL-30 a selector of service accounts, %s: %s of a pod, %s of a NetworkSet',
  (text, pod, set) => {
    const of = (asked: Asked, labelled: Labelled) =>
      verdict(accountBounds(expressionOf(text), asked), labelled);
    expect([of('pods', WEB), of('address-sets', SET)]).toEqual([pod, set]);
  },
);

test('a plain conjunction stays one match', () => {
  const { most } = endpointBounds(
    expressionOf("projectcalico.org/namespace == 'shop' && app == 'web' && !has(legacy)"),
    'pods',
  );
  expect(most).toEqual({
    kind: 'labelled',
    namespaces: { kind: 'named', name: 'shop' },
    pods: [
      { key: 'app', operator: 'In', values: ['web'] },
      { key: 'legacy', operator: 'DoesNotExist', values: [] },
    ],
  });
});

/** Word for word what the grammar says, without any compiling. */
function holds(expression: SelectorExpression, own: ReadonlyMap<string, string>): boolean {
  switch (expression.kind) {
    case 'all':
    case 'global':
      return true;
    case 'and':
      return expression.of.every((each) => holds(each, own));
    case 'or':
      return expression.of.some((each) => holds(each, own));
    case 'not':
      return !holds(expression.of, own);
    case 'label': {
      const { key, operator, values } = expression.requirement;
      const value = own.get(key);
      const [text = ''] = values;
      if (value === undefined) return operator === 'NotIn';
      if (operator === 'In') return values.includes(value);
      if (operator === 'NotIn') return !values.includes(value);
      if (operator === 'Contains') return value.includes(text);
      if (operator === 'StartsWith') return value.startsWith(text);
      return operator === 'Exists' || value.endsWith(text);
    }
  }
}

test.each<Asked>(['pods', 'address-sets'])(
  'CAL-16, CAL-17 %s: what is compiled matches what is written',
  (asked) => {
    const own = fc
      .dictionary(
        fc.constantFrom('app', 'tier', 'constructor'),
        fc.constantFrom('a', 'b', 'ab', ''),
        {
          noNullPrototype: true,
        },
      )
      .map((each) => new Map(Object.entries(each)));
    fc.assert(
      fc.property(selectorExpression, own, (expression, ownLabels) => {
        const { least, most } = endpointBounds(expression, asked);
        const labelled: Labelled = { namespace: SHOP, labels: ownLabels, serviceAccount: 'front' };
        const expected = holds(expression, ownLabels);
        expect([is(least, labelled), is(most, labelled)]).toEqual([expected, expected]);
      }),
      { numRuns: 1000 },
    );
  },
);
