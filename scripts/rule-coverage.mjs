/**
 * Which rules of docs/semantics.md some test names. `node scripts/rule-coverage.mjs` fails when
 * docs/conformance.md says otherwise; with `--write` it is brought in step, unless a rule is new
 * without a test, or lost its last one: whoever means that adds its number to the list by hand.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const FAMILIES = [
  ...['GEN', 'SEL', 'NP', 'CNP', 'ANP', 'CIL', 'CAL', 'ORD', 'DET', 'AMB'],
  ...['ANT', 'OVN', 'AWS', 'IST', 'VEN'],
];
/** Not `PIT-SEL-13`: findings have numbers of their own. */
const RULE = new RegExp(`(?<!PIT-)\\b(?:${FAMILIES.join('|')})-\\d+[a-z]?\\b`, 'g');
const TESTS = '{app,bench,cli,components,e2e,lib,scripts,test}/**/*.{test,spec,contract}.{ts,tsx}';
/** Its rules are made up. */
const OWN_TEST = 'scripts/rule-coverage.test.ts';

/** The numbers that the first column of a table gives a meaning, in the order of the document. */
export function definedRules(semantics) {
  const cells = semantics.matchAll(/^\| ([^|]+) \|/gm);
  return [...cells].flatMap(([, cell]) => cell.match(RULE) ?? []);
}

/** Comments and literals; only what stands in literals is a name. */
const TOKEN =
  /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;

/** The numbers in names and tables of tests, comments left out. */
export function namedRules(source) {
  const literals = (source.match(TOKEN) ?? []).filter((token) => !token.startsWith('/'));
  return new Set(literals.flatMap((literal) => literal.match(RULE) ?? []));
}

const START = '## Rules that tests name';

/** The part of docs/conformance.md about rules, to its end. */
export function coverageSection(defined, named) {
  const rows = FAMILIES.map((family) => {
    const own = defined.filter((rule) => rule.startsWith(`${family}-`));
    const unnamed = own.filter((rule) => !named.has(rule));
    return { family, all: own.length, named: own.length - unnamed.length, unnamed };
  });
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  return [
    START,
    '',
    'Every rule of [semantics.md](semantics.md) that the name or the table of a test cites, and those that none does. Written by `npm run rules`.',
    '',
    '| family | rules | named | not named |',
    '| --- | ---: | ---: | --- |',
    ...rows.map(
      (row) => `| ${row.family} | ${row.all} | ${row.named} | ${row.unnamed.join(', ')} |`,
    ),
    `| all | ${sum('all')} | ${sum('named')} | |`,
    '',
  ].join('\n');
}

/** The document with its part about rules replaced. */
export function withSection(document, section) {
  const start = document.indexOf(START);
  return start < 0 ? `${document.trimEnd()}\n\n${section}` : document.slice(0, start) + section;
}

/** The rules that a document does not list as not named, and that no test names: lost, or new. */
export function lostRules(document, defined, named) {
  const start = document.indexOf(START);
  if (start < 0) return [];
  const unnamed = new Set(document.slice(start).match(RULE) ?? []);
  return defined.filter((rule) => !unnamed.has(rule) && !named.has(rule));
}

function main() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const read = (path) => readFileSync(join(root, path), 'utf8');
  const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
  const report = 'docs/conformance.md';
  const defined = definedRules(read('docs/semantics.md'));
  const sources = globSync(TESTS, { cwd: root, exclude: [OWN_TEST] }).map(read);
  const named = new Set(sources.flatMap((source) => [...namedRules(source)]));
  const document = read(report);
  const unknown = [...named].filter((rule) => !defined.includes(rule));
  const lost = lostRules(document, defined, named);
  const next = withSection(document, coverageSection(defined, named));
  const faults = [
    ...(unknown.length > 0 ? [`tests name rules that no document has: ${unknown.join(', ')}`] : []),
    ...(lost.length > 0
      ? [`no test names ${lost.join(', ')}, and ${report} does not list them as such`]
      : []),
    ...(next !== document && !values.write ? [`${report} is out of step: npm run rules`] : []),
  ];
  if (values.write && faults.length === 0) writeFileSync(join(root, report), next);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
