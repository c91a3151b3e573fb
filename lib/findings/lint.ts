import type { Connectivity } from '#lib/engine/connectivity.ts';
import { isJsonObject } from '#lib/model/json.ts';
import type { Labels } from '#lib/model/labels.ts';
import { compareText, policyKey, refKey } from '#lib/model/object-ref.ts';
import { formatPath } from '#lib/model/problem.ts';
import { apiServerAddresses } from './api-server.ts';
import type { Check, Need } from './check.ts';
import { type LintContext, lintContext, type Surroundings } from './context.ts';
import {
  type Finding,
  type FindingObject,
  type Found,
  SEVERITIES,
  type Severity,
  type Suppression,
} from './finding.ts';
import { CHECKS } from './index.ts';
import { suppressedBy } from './suppression.ts';

/** A check that was not run, and why. */
export interface NotRun {
  readonly id: string;
  /** What it needs and what was not read, or not read completely. */
  readonly lacks: readonly Need[];
}

export interface LintReport {
  /** Gravest first, then by object. Those that are suppressed are among them. */
  readonly findings: readonly Finding[];
  readonly notRun: readonly NotRun[];
}

/**
 * Runs every check that what was read can decide, and yields after each and after each finding: a
 * large cluster takes seconds, in which whoever runs it may have other things to do.
 */
export function* lintSteps(
  connectivity: Connectivity,
  surroundings: Surroundings,
): Generator<void, LintReport> {
  const context = lintContext(connectivity, surroundings);
  const findings: Finding[] = [];
  const notRun: NotRun[] = [];
  for (const check of CHECKS) {
    const lacks = lacking(check, context);
    if (check.find === null || lacks.length > 0) notRun.push({ id: check.id, lacks });
    else {
      for (const found of check.find(context)) {
        findings.push(findingOf(check, found, context));
        yield;
      }
    }
    yield;
  }
  return { findings: findings.sort(byGravity), notRun };
}

/** Runs every check that what was read can decide. */
export function lint(connectivity: Connectivity, surroundings: Surroundings): LintReport {
  const steps = lintSteps(connectivity, surroundings);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** Whether somebody has accepted the finding, and said why. */
export function isSuppressed({ suppression }: Finding): boolean {
  return suppression !== null && suppression.reason !== null;
}

/** How many findings of each severity count, and how many were accepted. */
export function countFindings(
  findings: readonly Finding[],
): Readonly<Record<Severity | 'suppressed', number>> {
  const counts = { error: 0, warning: 0, info: 0, suppressed: 0 };
  for (const finding of findings) counts[isSuppressed(finding) ? 'suppressed' : finding.severity]++;
  return counts;
}

/** The lists that are read, as gaps call them. */
const LISTS: ReadonlyMap<Need, readonly string[]> = new Map([
  ['pods', ['pods']],
  ['namespaces', ['namespaces']],
  ['nodes', ['nodes']],
  ['services', ['services']],
  ['ingresses', ['ingresses.networking.k8s.io']],
  ['host-endpoints', ['hostendpoints.projectcalico.org', 'hostendpoints.crd.projectcalico.org']],
]);

function lacking({ needs }: Check, { snapshot }: LintContext): readonly Need[] {
  return needs.filter((need) => {
    // Gaps do not tell of DaemonSets: without them no plugin is detected.
    if (need === 'daemon-sets') return snapshot.plugin.how !== 'detected';
    // A folder of manifests has none, and a cluster without its EndpointSlices does not tell.
    if (need === 'api-server') return apiServerAddresses(snapshot).length === 0;
    const lists = LISTS.get(need);
    return lists === undefined || snapshot.gaps.some(({ resource }) => lists.includes(resource));
  });
}

function findingOf(check: Check, found: Found, context: LintContext): Finding {
  const { id, title, rules, fix, severity } = check;
  return {
    id,
    title,
    rules,
    fix,
    severity: found.severity ?? severity,
    object: found.object,
    path: found.path,
    message: found.message,
    related: found.related ?? [],
    patch: found.patch ?? null,
    suppression: suppressionOf(id, found.object, context),
  };
}

function suppressionOf(
  id: string,
  object: FindingObject,
  context: LintContext,
): Suppression | null {
  const own = suppressedBy(id, object, annotationsOf(object, context));
  if (own !== null && own.reason !== null) return own;
  const namespace =
    object.namespace === null ? null : context.snapshot.namespaces.get(object.namespace);
  if (!namespace) return own;
  const at = { kind: 'Namespace', namespace: null, name: namespace.name };
  return suppressedBy(id, at, namespace.annotations) ?? own;
}

function annotationsOf(object: FindingObject, { snapshot, connectivity }: LintContext): Labels {
  const { group } = object;
  if (group !== undefined) {
    const body = snapshot.documents.get(policyKey({ ...object, group }))?.body;
    const metadata = isJsonObject(body) ? body.metadata : null;
    const annotations = isJsonObject(metadata) ? metadata.annotations : null;
    const texts = Object.entries(isJsonObject(annotations) ? annotations : {});
    return new Map(texts.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])));
  }
  if (object.kind === 'Namespace')
    return snapshot.namespaces.get(object.name)?.annotations ?? new Map();
  return connectivity.workloads.get(refKey(object))?.pods[0].annotations ?? new Map();
}

function sortKey({ id, object, path }: Finding): string {
  return `${object.namespace ?? ''}/${object.name}/${object.kind}/${id}/${formatPath(path)}`;
}

function byGravity(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compareText(sortKey(a), sortKey(b))
  );
}
