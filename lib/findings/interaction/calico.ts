import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { policiesInForce } from '#lib/findings/in-force.ts';
import { calicoObjects } from '#lib/findings/written-specs.ts';
import { policyKey } from '#lib/model/object-ref.ts';

/** Calico's previews and tiers. */

export const stagedOnly: Check = {
  id: 'PIT-REL-9',
  title: 'A preview that protects nothing',
  severity: 'info',
  group: 'interaction',
  rules: ['CAL-15'],
  needs: [],
  scenario:
    'A policy was staged to see what it would do, and was never put in force. Its name in the list looks like protection.',
  evidence:
    'A staged policy of Calico would be set, and there is no policy of that name and kind in force.',
  fix: 'Put it in force, or delete it.',
  *find(context) {
    const inForce = new Set(policiesInForce(context).map(({ policy }) => policyKey(policy.ref)));
    for (const { policy } of calicoObjects(context)) {
      const { staged } = policy;
      if (staged?.action !== 'set' || inForce.has(policyKey(staged.replaces))) continue;
      yield {
        object: policy.ref,
        path: [],
        message: `It is a preview of the ${staged.replaces.kind} ${staged.replaces.name}, which does not exist: nothing of it is in force.`,
      };
    }
  },
};

const PREFIX = 'calico:';

/** Tiers that are there without being written. */
function isKnownTier(layer: string, { snapshot }: LintContext): boolean {
  return (
    !layer.startsWith(PREFIX) ||
    layer === `${PREFIX}default` ||
    snapshot.tiers.some(({ id }) => id === layer)
  );
}

export const tierMissing: Check = {
  id: 'PIT-REL-10',
  title: 'A tier that does not exist',
  severity: 'error',
  group: 'interaction',
  rules: ['CAL-2'],
  needs: [],
  scenario:
    'A policy says tier: secruity. No tier has that name, so the policy is asked after all others, where it decides nothing any more.',
  evidence:
    'spec.tier of a Calico policy names a tier that is neither written nor one of Calico’s own, and the list of tiers was read. In files only a note: the tier may be elsewhere.',
  fix: 'Correct the name, or make the tier.',
  *find(context) {
    if (context.snapshot.gaps.some(({ resource }) => resource.startsWith('tiers.'))) return;
    for (const { policy, fromFile } of calicoObjects(context)) {
      if (policy.staged !== undefined || isKnownTier(policy.layer, context)) continue;
      yield {
        object: policy.ref,
        path: ['spec', 'tier'],
        ...(fromFile ? { severity: 'info' as const } : {}),
        message: `There is no tier ${policy.layer.slice(PREFIX.length)}: the policy is asked after those of all tiers that exist.`,
      };
    }
  },
};
