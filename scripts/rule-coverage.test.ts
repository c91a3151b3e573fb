import { expect, test } from 'vitest';
import {
  coverageSection,
  definedRules,
  lostRules,
  namedRules,
  withSection,
} from './rule-coverage.mjs';

const SEMANTICS = `
Comments cite NP-99.

| rule | says |
| --- | --- |
| GEN-12 | Not NP-98. |
| GEN-12a | … |
| NP-1, NP-2 | … |
| CNP-1 | … |
`;
const DEFINED = ['GEN-12', 'GEN-12a', 'NP-1', 'NP-2', 'CNP-1'];

test('the first column of a table defines rules', () => {
  expect(definedRules(SEMANTICS)).toEqual(DEFINED);
});

test('names and tables of tests name rules, comments and findings do not', () => {
  const source = `
    // NP-1
    /* NP-1
     * 'NP-1' */
    test('it’s GEN-12a, CNP-1: https://example.com', () => {});
    it.each([["NP-2"]])('%s', () => {});
    test(\`NP-3 \${'x'}\`);
    test('PIT-NP-1');
    test('PIT-NP-4 is a finding');
  `;
  expect([...namedRules(source)].sort()).toEqual(['CNP-1', 'GEN-12a', 'NP-2', 'NP-3']);
});

test('the section counts by family and lists what is not named', () => {
  const section = coverageSection(DEFINED, new Set(['NP-2', 'CNP-1']));
  expect(section).toContain('| GEN | 2 | 0 | GEN-12, GEN-12a |\n');
  expect(section).toContain('| NP | 2 | 1 | NP-1 |\n');
  expect(section).toContain('| CNP | 1 | 1 |  |\n');
  expect(section).toContain('| all | 5 | 2 | |\n');
});

test('the section replaces its predecessor, and nothing else', () => {
  const [one, other] = [coverageSection(DEFINED, new Set()), coverageSection([], new Set())];
  const document = withSection('# Conformance\n', one);
  expect(document).toBe(`# Conformance\n\n${one}`);
  expect(withSection(document, other)).toBe(`# Conformance\n\n${other}`);
});

test('a rule that loses its last test is noticed, one that never had any is not', () => {
  const before = withSection('', coverageSection(DEFINED, new Set(['NP-1', 'NP-2'])));
  expect(lostRules(before, DEFINED, new Set(['NP-1', 'CNP-1']))).toEqual(['NP-2']);
  expect(lostRules('', DEFINED, new Set())).toEqual([]);
});
