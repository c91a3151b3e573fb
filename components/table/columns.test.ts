import { expect, test } from 'vitest';
import { type Column, nextSort, sortRows } from './columns.ts';

interface Row {
  readonly name: string;
  readonly pods: number;
}

const columns: readonly Column<Row>[] = [
  { id: 'name', title: 'Name', value: ({ name }) => name },
  { id: 'pods', title: 'Pods', value: ({ pods }) => pods },
];
const rows: readonly Row[] = [
  { name: 'web', pods: 9 },
  { name: 'api', pods: 10 },
  { name: 'db', pods: 9 },
];

test.each`
  key          | names
  ${null}      | ${['web', 'api', 'db']}
  ${'name'}    | ${['api', 'db', 'web']}
  ${'-name'}   | ${['web', 'db', 'api']}
  ${'pods'}    | ${['web', 'db', 'api']}
  ${'-pods'}   | ${['api', 'web', 'db']}
  ${'unknown'} | ${['web', 'api', 'db']}
`('sorted by $key', ({ key, names }) => {
  expect(sortRows(rows, columns, key).map(({ name }) => name)).toEqual(names);
});

test('a header goes round: ascending, descending, as they came', () => {
  expect(nextSort('pods', null)).toBe('pods');
  expect(nextSort('pods', 'pods')).toBe('-pods');
  expect(nextSort('pods', '-pods')).toBeNull();
  expect(nextSort('pods', 'name')).toBe('pods');
});
