import {
  type CompiledPolicy,
  DIRECTIONS,
  type Direction,
  type Isolation,
  type PodMatch,
  type PolicyNote,
} from '#lib/engine/compiled-policy.ts';
import { isJsonObject } from '#lib/model/json.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import { hostBitNote } from '#lib/policies/address-block.ts';
import { issuesUnder } from '#lib/policies/issues.ts';
import { namespacedPolicyObject } from '#lib/policies/namespaced-object.ts';
import type { Compilation } from '#lib/policies/policy-kind.ts';
import { unknownFields } from './entity.ts';
import { CALICO_GROUP } from './groups.ts';
import { inNamespaces, NOBODY } from './pod-match.ts';
import { compileRule, unknownRuleFields } from './rule.ts';
import { type CalicoKind, type CalicoSpec, SPECS, selector } from './schema.ts';
import {
  accountBounds,
  bothOf,
  certain,
  endpointBounds,
  type MatchBounds,
  namespaceBounds,
} from './selector-match.ts';
import { layerOf, withoutTier } from './tier-names.ts';

/** Calico's four kinds of policies of its own, in the compiled form (semantics CAL). */

/** How the directions of a policy that names none are filled in: by the API (CAL-9), or, past it, as both (CAL-10). */
export type TypesDefault = 'by-rules' | 'both';

/** CAL-8 … CAL-10: having rules is not necessary. */
function directionsOf(spec: CalicoSpec, byDefault: TypesDefault): readonly Direction[] {
  if (spec.types !== null)
    return DIRECTIONS.filter((direction) => spec.types?.includes(TYPE[direction]) === true);
  if (byDefault === 'both') return DIRECTIONS;
  if (spec.egress.length === 0) return ['ingress'];
  return spec.ingress.length === 0 ? ['egress'] : DIRECTIONS;
}

const TYPE = { ingress: 'Ingress', egress: 'Egress' } as const;

function isolationOf(
  spec: CalicoSpec,
  directions: readonly Direction[],
  direction: Direction,
): Isolation {
  if (!directions.includes(direction)) return { isolates: 'no' };
  return spec.types === null
    ? { isolates: 'yes', path: ['spec'], defaulted: true }
    : {
        isolates: 'yes',
        path: ['spec', 'types', spec.types.indexOf(TYPE[direction])],
        defaulted: false,
      };
}

/** CAL-20: the pods it selects; host endpoints are left out. */
function subjectOf(spec: CalicoSpec, namespace: string | null): MatchBounds {
  const { namespaceSelector, serviceAccountSelector } = spec;
  return bothOf([
    ...(namespace === null ? [] : [certain(inNamespaces({ kind: 'named', name: namespace }))]),
    ...(namespaceSelector === undefined ? [] : [namespaceBounds(namespaceSelector)]),
    ...(serviceAccountSelector === undefined
      ? []
      : [accountBounds(serviceAccountSelector, 'pods')]),
    ...(spec.selector === undefined ? [] : [endpointBounds(spec.selector, 'pods')]),
  ]);
}

function remark(path: readonly (string | number)[], message: string): PolicyNote {
  return { kind: 'remark', path, message };
}

function hostBitNotes(spec: CalicoSpec): readonly PolicyNote[] {
  return DIRECTIONS.flatMap((direction) =>
    spec[direction].flatMap((rule, i) =>
      (['source', 'destination'] as const).flatMap((end) =>
        (['nets', 'notNets'] as const).flatMap((field) =>
          rule[end][field].flatMap(({ text }, j) =>
            text.includes('/') ? hostBitNote(['spec', direction, i, end, field, j], text) : [],
          ),
        ),
      ),
    ),
  );
}

const STAGED_WORDS = {
  Set: 'not enforced: a preview of a policy',
  Delete: 'not enforced: a preview of deleting the policy of this name',
  Learn: 'not enforced: it is there to learn from traffic',
  Ignore: 'not enforced: it is there to be ignored',
} as const;

function notesOf(
  spec: CalicoSpec,
  directions: readonly Direction[],
  namespace: string | null,
): readonly PolicyNote[] {
  const notes: PolicyNote[] = [];
  if (spec.stagedAction !== undefined)
    notes.push(remark(['spec', 'stagedAction'], STAGED_WORDS[spec.stagedAction]));
  if (spec.types === null)
    notes.push(remark(['spec'], `types is absent, which is taken as ${directions.join(' and ')}`));
  for (const direction of DIRECTIONS)
    if (!directions.includes(direction) && spec[direction].length > 0)
      notes.push(
        remark(
          ['spec', direction],
          `these rules have no effect: types does not list ${TYPE[direction]}`,
        ),
      );
  if (isForHostsAlone(spec))
    notes.push(
      remark(
        ['spec', spec.preDNAT === true ? 'preDNAT' : 'doNotTrack'],
        'it is for host endpoints alone, and says nothing of pods',
      ),
    );
  else if (namespace === null && spec.namespaceSelector === undefined)
    notes.push(
      remark(['spec', 'selector'], 'host endpoints that it selects are not shown, only pods are'),
    );
  return [...notes, ...hostBitNotes(spec)];
}

/** CAL-36 */
function isForHostsAlone({ preDNAT, doNotTrack }: CalicoSpec): boolean {
  return preDNAT === true || doNotTrack === true;
}

function problemsOf(spec: CalicoSpec): Compilation['problems'] {
  return DIRECTIONS.flatMap((direction) =>
    spec[direction].flatMap((rule, i) => {
      const path = ['spec', direction, i];
      const inEnds = (['source', 'destination'] as const).flatMap((end) =>
        unknownFields(rule[end]).map((field) => ({ field, path: [...path, end] })),
      );
      const fields = [...unknownRuleFields(rule).map((field) => ({ field, path })), ...inEnds];
      return fields.map((each) => ({
        code: 'policy-field-unknown',
        severity: 'error' as const,
        message: `unknown field "${each.field}"`,
        hint: 'What this rule matches is unknown. Check the spelling, or the version of the API.',
        path: each.path,
      }));
    }),
  );
}

const STAGED_ACTIONS = { Set: 'set', Delete: 'delete', Learn: 'none', Ignore: 'none' } as const;

/** CAL-15: what a preview would do, and to which policy. */
function stagedAs(
  ref: PolicyRef,
  action: CalicoSpec['stagedAction'],
): Pick<CompiledPolicy, 'staged'> {
  if (action === undefined) return {};
  const replaces = { ...ref, kind: ref.kind.replace(/^Staged/, '') };
  return { staged: { action: STAGED_ACTIONS[action], replaces } };
}

function compileSpec(ref: PolicyRef, spec: CalicoSpec, byDefault: TypesDefault): CompiledPolicy {
  const { namespace } = ref;
  const directions = directionsOf(spec, byDefault);
  // A preview of a deletion and the like says nothing by its rules.
  const inForce = spec.stagedAction === undefined || spec.stagedAction === 'Set' ? directions : [];
  const { least, most } = subjectOf(spec, namespace);
  const match: PodMatch = isForHostsAlone(spec) ? NOBODY : most;
  const isKnown = least === most;
  const isolation = (direction: Direction): Isolation => {
    const known = isolationOf(spec, inForce, direction);
    return isKnown || known.isolates === 'no'
      ? known
      : {
          isolates: 'unknown',
          message:
            'whom it selects depends on labels that are not read: those of service accounts or networks',
        };
  };
  const rules = (direction: Direction) =>
    isKnown && inForce.includes(direction)
      ? spec[direction].map((rule, i) => compileRule(rule, i, direction, namespace))
      : [];
  return {
    ref,
    layer: layerOf(spec.tier),
    enforcedIf: 'enforcesCalico',
    ...stagedAs(ref, spec.stagedAction),
    priority: spec.order,
    subject: { kind: 'pods', match },
    isolation: { ingress: isolation('ingress'), egress: isolation('egress') },
    rules: { ingress: rules('ingress'), egress: rules('egress') },
    notes: notesOf(spec, directions, namespace),
  };
}

/**
 * An object that does not validate: what it says is unknown, for the pods that it selects as far as
 * its selectors can be read (AMB-20).
 */
function compileInvalid(
  ref: PolicyRef,
  spec: unknown,
  isStaged: boolean,
  message: string,
): CompiledPolicy {
  const fields = isJsonObject(spec) ? spec : {};
  const { namespace } = ref;
  const read = (field: string) => selector.safeParse(fields[field]).data;
  const namespaces = namespace === null ? read('namespaceSelector') : undefined;
  const own = read('selector');
  const { most } = bothOf([
    ...(namespace === null ? [] : [certain(inNamespaces({ kind: 'named', name: namespace }))]),
    ...(namespaces === undefined ? [] : [namespaceBounds(namespaces)]),
    ...(own === undefined ? [] : [endpointBounds(own, 'pods')]),
  ]);
  const unknown: Isolation = { isolates: 'unknown', message };
  return {
    ref,
    layer: layerOf(typeof fields.tier === 'string' ? fields.tier : ''),
    enforcedIf: 'enforcesCalico',
    ...stagedAs(ref, isStaged ? 'Ignore' : undefined),
    priority: null,
    subject: { kind: 'pods', match: most },
    isolation: { ingress: unknown, egress: unknown },
    rules: { ingress: [], egress: [] },
    notes: [],
  };
}

function tierIn(spec: unknown): string {
  const tier = isJsonObject(spec) ? spec.tier : undefined;
  return typeof tier === 'string' ? tier : '';
}

/** Compiles an object of that kind in either of Calico's groups (CAL-1). */
export function compileCalico(
  kind: CalicoKind,
  body: unknown,
  byDefault: TypesDefault,
): Compilation {
  const { metadata, spec } = namespacedPolicyObject.parse(body);
  const isGlobal = kind === 'GlobalNetworkPolicy' || kind === 'StagedGlobalNetworkPolicy';
  const ref: PolicyRef = {
    group: CALICO_GROUP,
    kind,
    namespace: isGlobal ? null : metadata.namespace,
    name: withoutTier(metadata.name, tierIn(spec)),
  };
  const parsed = SPECS[kind].safeParse(spec ?? {});
  if (parsed.success)
    return {
      policies: [compileSpec(ref, parsed.data, byDefault)],
      problems: problemsOf(parsed.data),
    };
  const issues = issuesUnder('spec', parsed);
  const message = issues[0]?.message ?? 'invalid';
  return {
    policies: [compileInvalid(ref, spec, kind.startsWith('Staged'), message)],
    problems: issues.map((issue) => ({
      code: 'policy-invalid',
      severity: 'error',
      message: issue.message,
      hint: 'An API server refuses this policy. Verdicts that it touches are unknown until it is mended.',
      path: issue.path,
    })),
  };
}
