import type { FieldPath } from '#lib/model/problem.ts';
import { type FieldIssue, issuesUnder } from '#lib/policies/issues.ts';
import { refusals } from './refusals.ts';
import { type CiliumRule, ciliumRule, ciliumStatus } from './schema.ts';
import { type Unsettled, unsettledIssues } from './unsettled.ts';

/** Whether Cilium's agents load an object: all of its rules, or none (CIL-1, CIL-50). */

/** A rule as it is written, and what it was parsed to; null when it could not be. */
export interface WrittenRule {
  readonly path: FieldPath;
  readonly value: unknown;
  readonly rule: CiliumRule | null;
}

export interface Loading {
  /** yes: its rules are in force. no: it isolates nobody and does nothing. */
  readonly loaded: 'yes' | 'no' | 'unknown';
  /** Why not `yes`. */
  readonly issues: readonly FieldIssue[];
}

const VALID_PATH: FieldPath = ['status', 'conditions'];

/** What Cilium itself says; null when it has said nothing. */
function validity(status: unknown): { readonly valid: boolean; readonly message: string } | null {
  const parsed = ciliumStatus.safeParse(status);
  const condition = parsed.data?.conditions.find(({ type }) => type === 'Valid');
  if (condition === undefined || !['True', 'False'].includes(condition.status)) return null;
  const { status: said, message } = condition;
  return {
    valid: said === 'True',
    message: typeof message === 'string' ? message : 'it is not valid',
  };
}

/** Reads `spec` and `specs`, as many rules as there are. */
export function writtenRules(
  object: { readonly spec?: unknown; readonly specs?: unknown },
  prepare: (value: unknown) => unknown,
): { readonly rules: readonly WrittenRule[]; readonly malformed: readonly FieldIssue[] } {
  const { spec = null, specs = null } = object;
  const values = [
    ...(spec === null ? [] : [{ path: ['spec'], value: spec }]),
    ...(Array.isArray(specs) ? specs.map((value, i) => ({ path: ['specs', i], value })) : []),
  ];
  const rules = values.map(({ path, value }) => {
    const parsed = ciliumRule.safeParse(prepare(value));
    return { path, value, rule: parsed.data ?? null, issues: issuesUnder(path, parsed) };
  });
  const odd = specs === null || Array.isArray(specs);
  return {
    rules,
    malformed: [
      ...(odd ? [] : [{ path: ['specs'], message: 'expected a list of rules' }]),
      ...rules.flatMap(({ issues }) => issues),
    ],
  };
}

/** `status` is the object's; `isClusterwide` tells the kind. */
export function loadingOf(
  rules: readonly WrittenRule[],
  malformed: readonly FieldIssue[],
  status: unknown,
  isClusterwide: boolean,
): Loading {
  const said = validity(status);
  if (said?.valid === false)
    return {
      loaded: 'no',
      issues: [{ path: VALID_PATH, message: `Cilium has not loaded it: ${said.message}` }],
    };
  const each = <Issue>(find: (rule: CiliumRule, path: FieldPath) => readonly Issue[]) =>
    rules.flatMap(({ rule, path }) => (rule === null ? [] : find(rule, path)));
  const refused: readonly FieldIssue[] =
    rules.length === 0 && malformed.length === 0
      ? [{ path: [], message: 'spec or specs is needed' }]
      : each((rule, path) => refusals(rule, path, isClusterwide));
  // What Cilium calls valid it has loaded, whatever is thought of it here.
  if (refused.length > 0)
    return { loaded: said?.valid === true ? 'unknown' : 'no', issues: refused };
  const open = each<Unsettled>(unsettledIssues).filter(
    ({ onlyUntilValid }) => !(onlyUntilValid && said?.valid === true),
  );
  const issues = [...malformed, ...open];
  return { loaded: issues.length === 0 ? 'yes' : 'unknown', issues };
}
