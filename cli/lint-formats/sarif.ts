import { pathToFileURL } from 'node:url';
import { version } from '#cli/version.ts';
import type { Check } from '#lib/findings/check.ts';
import type { Finding, Severity } from '#lib/findings/finding.ts';
import { CHECKS } from '#lib/findings/index.ts';
import { isSuppressed } from '#lib/findings/lint.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { formatPath, type Problem } from '#lib/model/problem.ts';
import type { Linted } from './lint-format.ts';

/** SARIF 2.1.0, as code-scanning services read it. */

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

export function* sarifFindings({ findings, problems, placeOf }: Linted): Generator<string> {
  const used = new Set(findings.map(({ id }) => id));
  const checks = CHECKS.filter(({ id }) => used.has(id));
  const order = checks.map(({ id }) => id);
  yield `${JSON.stringify(
    {
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'Sightline', version: version(), rules: checks.map(rule) } },
          invocations: [
            { executionSuccessful: true, toolExecutionNotifications: problems.map(notification) },
          ],
          columnKind: 'unicodeCodePoints',
          results: findings.map((finding) => result(finding, order, placeOf)),
        },
      ],
    },
    null,
    2,
  )}\n`;
}

/** What was not read or not understood, and may hide a finding. */
function notification({ code, severity, message }: Problem): object {
  return { descriptor: { id: code }, level: severity, message: { text: message } };
}

function rule({ id, title, severity, group, rules, scenario, evidence, fix }: Check): object {
  const text = `${scenario}\n\nReported when: ${evidence}\n\nFix: ${fix}`;
  const markdown = `${scenario}\n\n**Reported when** ${evidence}\n\n**Fix** ${fix}`;
  return {
    id,
    name: pascalCase(title),
    shortDescription: { text: title },
    fullDescription: { text: scenario },
    help: { text, markdown },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: ['kubernetes', 'network-policy', group], rules },
  };
}

/** `PolicySelectsNoPods`: rule names are identifiers by convention. */
function pascalCase(title: string): string {
  return title
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}

function result(finding: Finding, order: readonly string[], placeOf: Linted['placeOf']): object {
  const { id, severity, object, path, message, fix, suppression } = finding;
  const place = placeOf(finding);
  const field = formatPath(path);
  const name = field === '' ? refKey(object) : `${refKey(object)} ${field}`;
  return {
    ruleId: id,
    ruleIndex: order.indexOf(id),
    level: LEVELS[severity],
    message: { text: `${refKey(object)}: ${message} ${fix}` },
    locations: [
      {
        ...(place === null
          ? {}
          : {
              physicalLocation: {
                artifactLocation: { uri: fileUri(place.file) },
                region: { startLine: place.first, endLine: place.last },
              },
            }),
        logicalLocations: [{ name: object.name, fullyQualifiedName: name, kind: 'object' }],
      },
    ],
    // The same finding keeps its identity when lines move.
    partialFingerprints: { 'sightline/v1': `${id} ${name}` },
    ...(isSuppressed(finding)
      ? {
          suppressions: [
            { kind: 'inSource', status: 'accepted', justification: suppression?.reason ?? '' },
          ],
        }
      : {}),
  };
}

/** Relative, with what a URI may not hold escaped; a name such as `a:b` must not read as a scheme. */
function fileUri(file: string): string {
  const root = 'file:///';
  return pathToFileURL(`/${file}`).href.slice(root.length).replaceAll(':', '%3A');
}
