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

/** As its author might write it: every group in parentheses. */
export function printSelector(expression: SelectorExpression): string {
  switch (expression.kind) {
    case 'all':
    case 'global':
      return `${expression.kind}()`;
    case 'label':
      return printRequirement(expression.requirement);
    case 'not':
      return `!${printSelector(expression.of)}`;
    case 'and':
    case 'or':
      return `(${expression.of.map(printSelector).join(expression.kind === 'and' ? ' && ' : ' || ')})`;
  }
}

const quote = (text: string) => (text.includes("'") ? `"${text}"` : `'${text}'`);

function printRequirement({ key, operator, values }: Requirement): string {
  const set = `{${values.map(quote).join(', ')}}`;
  const [value = ''] = values;
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key} == ${quote(value)}` : `${key} in ${set}`;
    case 'NotIn':
      return values.length === 1 ? `${key} != ${quote(value)}` : `${key} not in ${set}`;
    case 'Exists':
      return `has(${key})`;
    case 'DoesNotExist':
      throw new Error('selectors say !has()');
    case 'Contains':
      return `${key} contains ${quote(value)}`;
    case 'StartsWith':
      return `${key} starts with ${quote(value)}`;
    case 'EndsWith':
      return `${key} ends with ${quote(value)}`;
  }
}
