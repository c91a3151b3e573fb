import { z } from 'zod';
import { LAST_ORDER } from '#lib/engine/tiers.ts';
import { orAbsent } from '#lib/manifests/metadata.ts';
import type { ReferenceKind } from '#lib/policies/policy-kind.ts';
import { addressSetIn, problemsIn } from './address-sets.ts';
import { served, stored } from './groups.ts';
import { isBuiltIn, layerOf } from './tier-names.ts';

/** What Calico's policies refer to: tiers, and what has labels and addresses beside pods (CAL-2, CAL-22). */

type Parsed = ReturnType<ReferenceKind['parse']>;

const NOTHING: Parsed = { reference: null, problems: [] };

const named = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.unknown().optional(),
});
const tierSpec = z.looseObject({
  order: orAbsent(z.number()),
  defaultAction: orAbsent(z.enum(['Deny', 'Pass'])),
});

function parseTier(body: unknown): Parsed {
  const { metadata: own, spec } = named.parse(body);
  const { name } = own;
  if (isBuiltIn(name)) return NOTHING;
  const parsed = tierSpec.safeParse(spec ?? {});
  if (!parsed.success) {
    const hint = 'Until it is mended, policies of this tier are asked after all others.';
    return { reference: null, problems: problemsIn('spec', parsed, hint) };
  }
  const { order = LAST_ORDER, defaultAction } = parsed.data;
  return {
    reference: {
      kind: 'tier',
      tier: {
        id: layerOf(name),
        name,
        order,
        combine: 'first-match',
        // CAL-7, CAL-13
        onNoMatch: defaultAction === 'Pass' ? 'next-tier' : 'block-if-isolated',
      },
    },
    problems: [],
  };
}

/** CAL-3, CAL-13 */
export const tiers: ReferenceKind = {
  resource: served('tiers', 'Tier', false),
  alsoServedAs: [stored('tiers', 'Tier', false)],
  parse: parseTier,
};

function setKind(plural: string, kind: string, namespaced: boolean): ReferenceKind {
  return {
    resource: served(plural, kind, namespaced),
    alsoServedAs: [stored(plural, kind, namespaced)],
    parse(body) {
      const { set, problems } = addressSetIn(body, kind, namespaced, 'nets');
      return { reference: set === null ? null : { kind: 'address-set', set }, problems };
    },
  };
}

/** CAL-22 */
export const networkSets = setKind('networksets', 'NetworkSet', true);
export const globalNetworkSets = setKind('globalnetworksets', 'GlobalNetworkSet', false);
