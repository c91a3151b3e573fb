import { z } from 'zod';
import { LAST_ORDER } from '#lib/engine/tiers.ts';
import { type metadata, namespacedMetadata, orAbsent } from '#lib/manifests/metadata.ts';
import type { AddressRange } from '#lib/model/ip-address.ts';
import type { Labels } from '#lib/model/labels.ts';
import { issuesUnder } from '#lib/policies/issues.ts';
import type { ReferenceKind } from '#lib/policies/policy-kind.ts';
import { CALICO_GROUP, served, stored } from './groups.ts';
import { net } from './schema.ts';
import { isBuiltIn, layerOf } from './tier-names.ts';

/** What Calico's policies refer to: tiers, and what has labels and addresses beside pods (CAL-2, CAL-22). */

type Parsed = ReturnType<ReferenceKind['parse']>;

const NOTHING: Parsed = { reference: null, problems: [] };

type Problems = Parsed['problems'];

/** A problem for each issue of the value of a field. */
function problemsIn(field: string, result: z.ZodSafeParseResult<unknown>, hint: string): Problems {
  return issuesUnder(field, result).map(({ path, message }) => ({
    code: 'object-invalid',
    severity: 'error',
    message,
    hint,
    path,
  }));
}

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

/** Objects of the storage group keep the labels they were given in an annotation. */
const STORED_METADATA = 'projectcalico.org/metadata';
const storedLabels = z.looseObject({ labels: orAbsent(z.record(z.string(), z.string())) });

function labelsOf({ labels, annotations }: z.output<typeof metadata>): Labels {
  const stored = annotations.get(STORED_METADATA);
  if (stored === undefined) return labels;
  try {
    const parsed = storedLabels.safeParse(JSON.parse(stored));
    return new Map([...labels, ...Object.entries(parsed.data?.labels ?? {})]);
  } catch {
    return labels;
  }
}

const setObject = z.looseObject({
  metadata: z.unknown().optional(),
  spec: orAbsent(z.looseObject({})),
});

/** The blocks of a list; what is none is a problem, and left out as the data plane leaves it out. */
function blocksIn(field: string, list: unknown): { blocks: AddressRange[]; problems: Problems } {
  const entries = z.array(z.unknown()).nullish().safeParse(list);
  const hint = 'Until it is mended, policies match this object without it.';
  const parsed = (entries.data ?? []).map((each) => net.safeParse(each));
  return {
    blocks: parsed.flatMap(({ data }) => (data === undefined ? [] : [data.range])),
    problems: [
      ...problemsIn(field, entries, hint),
      ...parsed.flatMap((each, i) =>
        problemsIn(field, each, hint).map((problem) => ({
          ...problem,
          path: ['spec', field, i],
        })),
      ),
    ],
  };
}

/** CAL-22: what has labels, and addresses under `field`. */
function addressSet(
  plural: string,
  kind: string,
  namespaced: boolean,
  field: 'nets' | 'expectedIPs',
): ReferenceKind {
  return {
    resource: served(plural, kind, namespaced),
    alsoServedAs: [stored(plural, kind, namespaced)],
    parse(body) {
      const { metadata: written, spec } = setObject.parse(body);
      const parsed = namespacedMetadata.safeParse(written);
      if (!parsed.success) {
        const hint = `Until it is mended, no policy matches this ${kind}.`;
        return { reference: null, problems: problemsIn('metadata', parsed, hint) };
      }
      const { name, namespace } = parsed.data;
      const { blocks, problems } = blocksIn(field, spec?.[field]);
      const ref = { kind, namespace: namespaced ? namespace : null, name };
      const labels = labelsOf(parsed.data);
      return {
        reference: {
          kind: 'address-set',
          set: { resource: CALICO_GROUP, ref, labels, blocks, owners: 'anybody' },
        },
        problems,
      };
    },
  };
}

export const networkSets = addressSet('networksets', 'NetworkSet', true, 'nets');
export const globalNetworkSets = addressSet('globalnetworksets', 'GlobalNetworkSet', false, 'nets');
