import { DEPARTURES, NOT_EVALUATED_RULES } from '#cli/conformance-differences.ts';
import type { Outcome, Result } from './run-case.ts';

/** Results for a terminal and for the documentation. */

const OUTCOMES = ['passed', 'failed', 'explained', 'not-evaluated'] as const;

interface Totals {
  readonly passed: number;
  readonly failed: number;
}

/** What is not evaluated has not passed; an explained difference has not failed. */
export function totals(results: readonly Result[]): Totals {
  return {
    passed: count(results, 'passed') + count(results, 'explained'),
    failed: count(results, 'failed'),
  };
}

function count(results: readonly Result[], kind: Outcome['kind']): number {
  return results.filter(({ outcome }) => outcome.kind === kind).length;
}

function checksOf(results: readonly Result[]): number {
  return results.reduce((sum, { checks }) => sum + checks, 0);
}

function bySuite(results: readonly Result[]): readonly (readonly [string, readonly Result[]])[] {
  return [...Map.groupBy(results, (result) => result.case.suite)];
}

const SHOWN_DIFFERENCES = 5;

/** Every failed case with its first differences, then a line for each suite. */
export function textReport(results: readonly Result[]): string {
  const failures = results.flatMap(({ case: { name }, outcome }) =>
    outcome.kind === 'failed'
      ? [
          `${name}: ${outcome.differences.length} answers differ`,
          ...outcome.differences.slice(0, SHOWN_DIFFERENCES).map((line) => `  ${line}`),
        ]
      : [],
  );
  const suites = bySuite(results).map(([suite, own]) =>
    [
      `${suite}: ${count(own, 'passed')} passed`,
      `${count(own, 'failed')} failed`,
      `${count(own, 'explained')} explained`,
      `${count(own, 'not-evaluated')} not evaluated (${checksOf(own)} answers compared)`,
    ].join(', '),
  );
  return [...failures, ...suites].map((line) => `${line}\n`).join('');
}

/** The same for readers, with the reasons of every difference. */
export function markdownReport(results: readonly Result[]): string {
  return [
    '# Conformance',
    '',
    'What other tools, and the authors of the APIs, answered, against what Sightline answers. A case is a folder of manifests with an expected answer for every pair of pods and port, or every connection, or two folders with every difference between them. Written by `npm run conformance -- FOLDER`.',
    '',
    '| suite | cases | passed | failed | differing by decision | not evaluated | answers compared |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...bySuite(results).map(
      ([suite, own]) =>
        `| ${suite} | ${own.length} | ${OUTCOMES.map((kind) => count(own, kind)).join(' | ')} | ${checksOf(own)} |`,
    ),
    '',
    'Connections are compared as functions of the address: how a range is cut into parts means nothing. A pod’s connection to itself is not compared, because it passes whatever policies say (GEN-16).',
    '',
    ...departureLines(results),
    ...notEvaluatedLines(results),
    ...failureLines(results),
  ]
    .join('\n')
    .concat('\n');
}

function departureLines(results: readonly Result[]): readonly string[] {
  const explained = results.flatMap(({ case: each, outcome }) =>
    outcome.kind === 'explained' ? [{ name: each.name, by: outcome.by }] : [],
  );
  const used = DEPARTURES.filter((departure) => explained.some(({ by }) => by.includes(departure)));
  if (used.length === 0) return [];
  return [
    '## Differing by decision',
    '',
    'A case counts as differing by decision only when every one of its answers agrees once the cluster is seen as the other tool sees it, or when that tool refuses to answer.',
    '',
    '| rule | why the answers differ | cases |',
    '| --- | --- | --- |',
    ...used.map((departure) => {
      const { rule, because } = departure;
      const cases = explained.filter(({ by }) => by.includes(departure));
      return `| ${rule} | ${because} | ${cases.map(({ name }) => `\`${name}\``).join(', ')} |`;
    }),
    '',
  ];
}

function notEvaluatedLines(results: readonly Result[]): readonly string[] {
  const kinds = new Map<string, number>();
  for (const { outcome } of results)
    if (outcome.kind === 'not-evaluated')
      for (const kind of outcome.kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  if (kinds.size === 0) return [];
  return [
    '## Not evaluated',
    '',
    'These cases hold kinds that Sightline names but does not evaluate. What such an object may decide is unknown, and an error says so.',
    '',
    '| rule | kind | cases |',
    '| --- | --- | ---: |',
    ...[...kinds]
      .sort(([, a], [, b]) => b - a)
      .map(
        ([kind, cases]) => `| ${NOT_EVALUATED_RULES.get(kind) ?? 'VEN-1'} | ${kind} | ${cases} |`,
      ),
    '',
  ];
}

function failureLines(results: readonly Result[]): readonly string[] {
  const failed = results.filter(({ outcome }) => outcome.kind === 'failed');
  if (failed.length === 0) return [];
  return ['## Failed', '', ...failed.map((result) => `- \`${result.case.name}\``), ''];
}

/** Ends the report within its document; what follows is written by others. */
const END_OF_REPORT = '<!-- end of the results -->';

/** The document with its report replaced, the rest as it was. */
export function withReport(document: string, report: string): string {
  const end = document.indexOf(END_OF_REPORT);
  return `${report}${end < 0 ? `${END_OF_REPORT}\n` : document.slice(end)}`;
}

/**
 * Whether a document reports otherwise of the same cases. Of other suites, or of more or fewer cases,
 * it says nothing.
 */
export function isOutOfStep(document: string, report: string): boolean {
  const counts = (text: string) =>
    [...text.matchAll(/^\| (\S+) \| (\d+) \|(?: \d+ \|){5}$/gm)].map(([, ...own]) => own.join());
  const documented = document.slice(0, document.indexOf(END_OF_REPORT));
  return counts(documented).join() === counts(report).join() && documented !== report;
}
