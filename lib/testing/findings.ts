import type { Finding } from '#lib/findings/finding.ts';
import { type LintReport, lint } from '#lib/findings/lint.ts';
import { readManifest } from '#lib/manifests/yaml-documents.ts';
import { LAST_APPLIED } from '#lib/model/labels.ts';
import { neededEntries } from '#lib/view/needed-entries.ts';
import type { PolicySpecs } from './fixture-cluster.ts';
import { type ScenarioOptions, scenario } from './scenario.ts';

/** Findings in the fixture cluster, for the tests of checks. */

/** All that is said of the fixture cluster with these policies. */
function lintScenario(policies: PolicySpecs, options: ScenarioOptions = {}): LintReport {
  const { connectivity } = scenario(policies, options);
  return lint(connectivity, { now: null, entries: neededEntries(connectivity) });
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

/** A NetworkPolicy as `kubectl apply` leaves it: with a copy of what was written. Its spec is one line of YAML. */
export function applied(key: string, spec: string): string {
  const [namespace = '', name = ''] = key.split('/');
  const policy = (metadata: string) =>
    `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {${metadata}}, spec: ${spec}}`;
  const [object] = readManifest(policy(`name: ${name}`), key).objects;
  const copy = JSON.stringify(JSON.stringify(object?.body));
  const annotations = `annotations: {${LAST_APPLIED}: ${copy}}`;
  return `---\n${policy(`name: ${name}, namespace: ${namespace}, ${annotations}`)}\n`;
}
