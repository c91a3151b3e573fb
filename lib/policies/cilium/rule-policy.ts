import type {
  CompiledPolicy,
  CompiledRule,
  Direction,
  Isolation,
  SubjectMatch,
} from '#lib/engine/compiled-policy.ts';
import { isJsonObject } from '#lib/model/json.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import { EVERYTHING } from '#lib/model/selector.ts';
import { endpointSubject, nodeSubject } from './endpoint-selector.ts';
import { placedEntries } from './entries.ts';
import { hostBitNotes } from './host-bits.ts';
import type { WrittenRule } from './loading.ts';
import { type CiliumRule, ciliumRule } from './schema.ts';
import { selector } from './texts.ts';

/** The compiled policy of one rule of an object: in force, in doubt, or without effect. */

export interface PolicyContext {
  readonly ref: PolicyRef;
  /** Null for a cluster-wide policy. */
  readonly namespace: string | null;
}

interface Subject {
  readonly subject: SubjectMatch;
  /** Why it may be other pods or nodes. */
  readonly doubt: string | null;
}

type Parts = Pick<CompiledPolicy, 'isolation' | 'rules'>;

const OPEN: Isolation = { isolates: 'no' };
const NO_RULES = { ingress: [], egress: [] };

function policyOf(
  { ref }: PolicyContext,
  subject: SubjectMatch,
  parts: Parts,
  notes: CompiledPolicy['notes'] = [],
): CompiledPolicy {
  return {
    ref,
    layer: 'cilium',
    enforcedIf: 'enforcesCilium',
    priority: null,
    subject,
    ...parts,
    notes,
  };
}

/** Of a rule with one of the two selectors. */
export function subjectOf(
  { endpointSelector, nodeSelector }: Pick<CiliumRule, 'endpointSelector' | 'nodeSelector'>,
  { namespace }: PolicyContext,
): Subject {
  if (endpointSelector === undefined && nodeSelector !== undefined)
    return nodeSubject(nodeSelector);
  const { match, doubt } = endpointSubject(endpointSelector ?? EVERYTHING, namespace);
  return { subject: { kind: 'pods', match }, doubt };
}

/** As far as it can be read: all pods, or all nodes, where a selector cannot. */
function subjectWritten({ rule, value }: WrittenRule, context: PolicyContext): SubjectMatch {
  const fields = isJsonObject(value) ? value : {};
  const read = (field: string) =>
    field in fields ? (selector.safeParse(fields[field]).data ?? EVERYTHING) : undefined;
  const selectors = rule ?? {
    endpointSelector: read('endpointSelector'),
    nodeSelector: read('nodeSelector'),
  };
  return subjectOf(selectors, context).subject;
}

/** CIL-8 … CIL-10: entries isolate, whether they permit or deny, unless the rule says that they do not. */
function isolation(rule: CiliumRule, { path }: WrittenRule, direction: Direction): Isolation {
  const own = placedEntries(rule, path).filter((placed) => placed.direction === direction);
  const first = own.find(({ action }) => action === 'allow') ?? own[0];
  return first === undefined || rule.enableDefaultDeny?.[direction] === false
    ? OPEN
    : { isolates: 'yes', path: first.path.slice(0, -1), defaulted: false };
}

/** Of a rule that is in force. */
export function policyInForce(
  rule: CiliumRule,
  written: WrittenRule,
  rules: Readonly<Record<Direction, readonly CompiledRule[]>>,
  context: PolicyContext,
): CompiledPolicy {
  const parts = {
    isolation: {
      ingress: isolation(rule, written, 'ingress'),
      egress: isolation(rule, written, 'egress'),
    },
    rules,
  };
  return policyOf(
    context,
    subjectOf(rule, context).subject,
    parts,
    hostBitNotes(rule, written.path),
  );
}

/** A field that is not known may be for either direction. */
function mayHaveEntries({ rule, value, path }: WrittenRule, direction: Direction): boolean {
  if (rule !== null)
    return placedEntries(rule, path).some((placed) => placed.direction === direction);
  if (!isJsonObject(value)) return true;
  if (Object.keys(value).some((field) => !Object.hasOwn(ciliumRule.shape, field))) return true;
  return [direction, `${direction}Deny`].some((field) => {
    const list = value[field] ?? [];
    return !Array.isArray(list) || list.length > 0;
  });
}

/** Of a rule that may be in force or not, or say another thing than it seems to: all that it touches is unknown. */
export function policyInDoubt(
  written: WrittenRule,
  message: string,
  context: PolicyContext,
): CompiledPolicy {
  const of = (direction: Direction): Isolation =>
    mayHaveEntries(written, direction) ? { isolates: 'unknown', message } : OPEN;
  return policyOf(context, subjectWritten(written, context), {
    isolation: { ingress: of('ingress'), egress: of('egress') },
    rules: NO_RULES,
  });
}

/** Of a rule that is not loaded: it selects, and does nothing (CIL-3). */
export function policyWithoutEffect(written: WrittenRule, context: PolicyContext): CompiledPolicy {
  return policyOf(context, subjectWritten(written, context), {
    isolation: { ingress: OPEN, egress: OPEN },
    rules: NO_RULES,
  });
}
