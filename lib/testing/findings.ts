import type { Finding } from '#lib/findings/finding.ts';
import { type LintReport, lint } from '#lib/findings/lint.ts';
import type { PolicySpecs } from './fixture-cluster.ts';
import { type ScenarioOptions, scenario } from './scenario.ts';

/** Findings in the fixture cluster, for the tests of checks. */

/** All that is said of the fixture cluster with these policies. */
function lintScenario(policies: PolicySpecs, options: ScenarioOptions = {}): LintReport {
  return lint(scenario(policies, options).connectivity);
}

/** What one check finds there. */
export function findingsOf(
  id: string,
  policies: PolicySpecs,
  options: ScenarioOptions = {},
): readonly Finding[] {
  const { findings, notRun } = lintScenario(policies, options);
  const missing = notRun.find((each) => each.id === id);
  if (missing !== undefined) throw new Error(`${id} was not run: it lacks ${missing.lacks}`);
  return findings.filter((finding) => finding.id === id);
}
