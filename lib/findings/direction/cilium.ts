import { DIRECTIONS, type Direction } from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import { podCount, workloadsOf } from '#lib/findings/objects.ts';
import { subjectGroups, valueAt } from '#lib/findings/policy-facts.ts';
import { counted, listed } from '#lib/findings/words.ts';
import { ciliumSpecs, type WrittenSpec } from '#lib/findings/written-specs.ts';

/** What entries and their absence mean to Cilium: the opposite of NetworkPolicy, more than once. */

const LISTS = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;

function entries({ spec }: WrittenSpec, field: (typeof LISTS)[number]): readonly unknown[] {
  const value = spec[field];
  return Array.isArray(value) ? value : [];
}

function hasEntries(written: WrittenSpec, direction: Direction): boolean {
  return entries(written, direction).length + entries(written, `${direction}Deny`).length > 0;
}

function isEmptyEntry(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && Object.keys(entry).length === 0;
}

const MEANS_ALLOW = /allow|permit|open|accept/i;

export const ciliumEmptyRule: Check = {
  id: 'PIT-DIR-11',
  title: 'Cilium’s empty rule permits nothing',
  severity: 'info',
  group: 'direction',
  rules: ['CIL-6', 'NP-7'],
  needs: [],
  scenario:
    'ingress: [{}] permits everything in a NetworkPolicy. In Cilium’s kinds an empty rule isolates and permits nothing.',
  evidence:
    'An empty rule is the only one of its direction. A warning where the name or description of the policy speaks of allowing.',
  fix: 'To permit everybody write fromEntities: [all] or toEntities: [all]; to close the direction, leave it.',
  *find(context) {
    for (const written of ciliumSpecs(context))
      for (const direction of DIRECTIONS) {
        const [only, ...others] = entries(written, direction);
        if (only === undefined || others.length > 0 || !isEmptyEntry(only)) continue;
        const { facts, path, spec } = written;
        const meant = `${facts.policy.ref.name} ${String(spec.description ?? '')}`;
        yield {
          object: facts.policy.ref,
          path: [...path, direction, 0],
          ...(MEANS_ALLOW.test(meant) && !/deny/i.test(meant)
            ? { severity: 'warning' as const }
            : {}),
          message: `The empty rule isolates its pods for ${direction} and permits nothing.`,
        };
      }
  },
};

export const ciliumWithoutEntries: Check = {
  id: 'PIT-DIR-12',
  title: 'Cilium policy without any entries',
  severity: 'error',
  group: 'direction',
  rules: ['CIL-3'],
  needs: [],
  scenario:
    'ingress: [] is written to close ingress. Cilium does not load a rule without any entry: nothing is isolated.',
  evidence: 'ingress, ingressDeny, egress and egressDeny are all absent or empty.',
  fix: 'Write ingress: [{}], which isolates and permits nothing.',
  *find(context) {
    for (const written of ciliumSpecs(context))
      if (LISTS.every((field) => entries(written, field).length === 0))
        yield {
          object: written.facts.policy.ref,
          path: written.path,
          message: 'It has no entry in any list: Cilium does not load it, and it isolates nobody.',
          patch: 'ingress:\n- {}',
        };
  },
};

export const defaultDenyWithoutEntries: Check = {
  id: 'PIT-DIR-13',
  title: 'enableDefaultDeny without entries',
  severity: 'warning',
  group: 'direction',
  rules: ['CIL-10'],
  needs: [],
  scenario:
    'enableDefaultDeny says true for a direction that has no entries. It has no effect: a direction without entries is left alone.',
  evidence: 'enableDefaultDeny is true for a direction in which the policy has no entries.',
  fix: 'Add an empty entry for that direction, which isolates and permits nothing.',
  *find(context) {
    for (const written of ciliumSpecs(context))
      for (const direction of DIRECTIONS) {
        const isAsked = valueAt(written.spec, ['enableDefaultDeny', direction]) === true;
        if (isAsked && !hasEntries(written, direction))
          yield {
            object: written.facts.policy.ref,
            path: [...written.path, 'enableDefaultDeny', direction],
            message: `There is no entry for ${direction}: its pods are not isolated for it.`,
            patch: `${direction}:\n- {}`,
          };
      }
  },
};

export const notDefaultDeny: Check = {
  id: 'PIT-DIR-14',
  title: 'A policy that does not isolate is the only one',
  severity: 'info',
  group: 'direction',
  rules: ['CIL-8', 'CIL-9'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A policy with enableDefaultDeny: false adds permissions for pods that nothing isolates: everything was permitted before, and is.',
  evidence:
    'enableDefaultDeny is false for a direction with entries that permit, and no policy isolates any of the selected pods in it.',
  fix: 'Set it to true, or leave it out, if the policy is to protect.',
  *find(context) {
    for (const { policy, body } of context.policies) {
      if (policy.ref.group !== 'cilium.io') continue;
      for (const direction of DIRECTIONS) {
        const [rule] = policy.rules[direction].filter(({ action }) => action === 'allow');
        if (rule === undefined || policy.isolation[direction].isolates !== 'no') continue;
        const path = [
          ...rule.path.slice(0, rule.path.indexOf(direction)),
          'enableDefaultDeny',
          direction,
        ];
        const groups = subjectGroups(context.connectivity, policy) ?? [];
        const isOpen = groups.every((group) => group.sides[direction]?.isolated === 'no');
        if (groups.length === 0 || !isOpen || valueAt(body, path) !== false) continue;
        const pods = groups.flatMap((group) => [...group.pods]);
        yield {
          object: policy.ref,
          path,
          message: `No policy isolates ${counted(podCount(pods), 'pod')} that it selects for ${direction} (${listed(workloadsOf(pods).map(({ name }) => name))}): what it permits is permitted anyway.`,
          related: workloadsOf(pods),
        };
      }
    }
  },
};
