import { type Command, Option } from 'commander';
import { analyse } from '#lib/engine/connectivity.ts';
import { type Finding, SEVERITIES, type Severity } from '#lib/findings/finding.ts';
import { isSuppressed, lint } from '#lib/findings/lint.ts';
import { findingPlaces } from '#lib/server/finding-place.ts';
import { concerns } from '#lib/view/findings-builder.ts';
import { neededEntries } from '#lib/view/needed-entries.ts';
import { EXIT } from './exit-codes.ts';
import { jsonFindings } from './lint-formats/json.ts';
import type { LintFormat } from './lint-formats/lint-format.ts';
import { sarifFindings } from './lint-formats/sarif.ts';
import { textFindings } from './lint-formats/text.ts';
import { type Streams, writeAll } from './output.ts';
import { problemsOf, reportProblems } from './problems.ts';
import { readCluster } from './read-cluster.ts';
import { addReadOptions, type ReadOptions } from './source-options.ts';

const FORMATS = {
  text: textFindings,
  json: jsonFindings,
  sarif: sarifFindings,
} as const satisfies Record<string, LintFormat>;

interface LintOptions extends ReadOptions {
  readonly output: keyof typeof FORMATS;
  readonly failOn: Severity | 'never';
  readonly namespace?: string;
}

/** `sightline lint`; `done` is given the exit code. */
export function addLintCommand(
  program: Command,
  streams: Streams,
  done: (exitCode: number) => void,
): void {
  const command = program
    .command('lint')
    .description('find mistakes in policies, with the evidence and how to mend them')
    .addOption(
      new Option('-o, --output <format>', 'how to write it')
        .choices(Object.keys(FORMATS))
        .default('text'),
    )
    .addOption(
      new Option('--fail-on <severity>', 'end with exit code 4 on findings as grave as this')
        .choices([...SEVERITIES, 'never'])
        .default('error'),
    )
    .option('--namespace <name>', 'only what concerns this namespace');
  addReadOptions(command).action(async (options: LintOptions) => {
    const snapshot = await readCluster(options, streams);
    const problems = problemsOf(snapshot);
    const connectivity = analyse(snapshot);
    const isLive = options.manifests === undefined;
    const { findings, notRun } = lint(connectivity, {
      now: isLive ? new Date() : null,
      entries: neededEntries(connectivity),
    });
    const shown = findings.filter((finding) => concerns(finding, options.namespace ?? null));
    const format: LintFormat = FORMATS[options.output];
    await writeAll(
      streams.stdout,
      format({ findings: shown, notRun, problems, placeOf: findingPlaces(snapshot) }),
    );
    const read = reportProblems(problems, options.strict === true, streams.stderr);
    done(shown.some((finding) => counts(finding, options.failOn)) ? EXIT.findings : read);
  });
}

/** Whether a finding is as grave as asked, and nobody has accepted it. */
function counts(finding: Finding, failOn: Severity | 'never'): boolean {
  if (failOn === 'never' || isSuppressed(finding)) return false;
  return SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(failOn);
}
