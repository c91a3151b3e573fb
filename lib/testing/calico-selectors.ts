import fc from 'fast-check';
import type { Requirement } from '#lib/model/selector.ts';
import type { SelectorExpression } from '#lib/policies/calico/selector-expression.ts';

/** Calico's selectors at random, dense in labels that pods have. */

const KEYS = ['app', 'tier', 'constructor'];
const VALUES = ['a', 'b', 'ab', '', "it's"];

const key = fc.constantFrom(...KEYS);
const value = fc.constantFrom(...VALUES);
const values = fc.uniqueArray(value, { maxLength: 3 }).map((some) => some.sort());

const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({ key, operator: fc.constantFrom('In', 'NotIn'), values }),
  fc.record({ key, operator: fc.constant('Exists'), values: fc.constant([]) }),
  fc.record({
    key,
    operator: fc.constantFrom('Contains', 'StartsWith', 'EndsWith'),
    values: value.map((each) => [each]),
  }),
);

/** Of pods' and of sets' labels; without global(), which only namespaces have. */
export const selectorExpression: fc.Arbitrary<SelectorExpression> = fc.letrec<{
  node: SelectorExpression;
}>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    requirement.map((each) => ({ kind: 'label', requirement: each }) as const),
    fc.constant({ kind: 'all' } as const),
    tie('node').map((of) => ({ kind: 'not', of }) as const),
    fc
      .record({
        kind: fc.constantFrom('and', 'or'),
        of: fc.array(tie('node'), { minLength: 2, maxLength: 3 }),
      })
      .map(({ kind, of }) => ({ kind, of })),
  ),
})).node;
