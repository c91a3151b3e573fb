import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByNamespace, changedNamespaces } from './by-namespace.ts';

/** Read as a Map is, whatever changed how often; earlier revisions stay as they were. */

const NAMES = ['a', 'a-b', 'b', 'constructor', '__proto__'] as const;
const change = fc.record({
  name: fc.constantFrom(...NAMES),
  value: fc.option(fc.record({}), { nil: undefined }),
});

test('every revision is the map that the changes up to it make', () => {
  fc.assert(
    fc.property(fc.array(fc.array(change)), (steps) => {
      let revision = ByNamespace.of<object>([]);
      const revisions = [{ revision, expected: new Map<string, object>() }];
      for (const changes of steps) {
        const expected = new Map(revisions.at(-1)?.expected);
        for (const { name, value } of changes)
          if (value === undefined) expected.delete(name);
          else expected.set(name, value);
        revision = revision.with(changes.map(({ name, value }) => [name, value] as const));
        revisions.push({ revision, expected });
      }
      for (const [i, { revision: each, expected }] of revisions.entries()) {
        const sorted = [...expected].sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...each]).toEqual(sorted);
        expect(each.size).toBe(expected.size);
        expect([...each.keys()]).toEqual(sorted.map(([name]) => name));
        for (const name of NAMES) expect(each.get(name)).toBe(expected.get(name));
        const before = revisions[i - 1];
        if (before === undefined) continue;
        const differing = NAMES.filter((name) => before.expected.get(name) !== expected.get(name));
        const told = changedNamespaces(before.revision, each);
        expect([...told].sort()).toEqual([...differing].sort());
        expect([...changedNamespaces(before.expected, expected)].sort()).toEqual([...told].sort());
      }
    }),
  );
});
