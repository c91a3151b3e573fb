import { z } from 'zod';
import type { AddressSet } from '#lib/engine/cluster-snapshot.ts';
import { type metadata, namespacedMetadata, orAbsent } from '#lib/manifests/metadata.ts';
import type { AddressRange } from '#lib/model/ip-address.ts';
import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import type { Labels } from '#lib/model/labels.ts';
import { issuesUnder } from '#lib/policies/issues.ts';
import type { Compilation } from '#lib/policies/policy-kind.ts';
import { CALICO_GROUP } from './groups.ts';
import { net } from './schema.ts';

/** What has labels and addresses, so that selectors match it beside pods (CAL-22). */

type Problems = Compilation['problems'];

/** A problem for each issue of the value of a field. */
export function problemsIn(
  field: string,
  result: z.ZodSafeParseResult<unknown>,
  hint: string,
): Problems {
  return issuesUnder(field, result).map(({ path, message }) => ({
    code: 'object-invalid',
    severity: 'error',
    message,
    hint,
    path,
  }));
}

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

/** The blocks of a list; what is none is a problem, and left out as the data plane leaves it out. */
function blocksIn(spec: JsonObject, field: string): { blocks: AddressRange[]; problems: Problems } {
  const list = z.looseObject({ [field]: z.array(z.unknown()).nullish() }).safeParse(spec);
  const entries = list.success && Array.isArray(spec[field]) ? spec[field] : [];
  const parsed = entries.map((entry) => net.safeParse(entry));
  const hint = 'Until it is mended, policies match this object without it.';
  return {
    blocks: parsed.flatMap(({ data }) => (data === undefined ? [] : [data.range])),
    problems: [
      ...problemsIn('spec', list, hint),
      ...parsed.flatMap((each, i) =>
        problemsIn('spec', each, hint).map((problem) => ({ ...problem, path: ['spec', field, i] })),
      ),
    ],
  };
}

/** CAL-35: of the commercial editions. */
const domainNames = z.array(z.string());

/** The set that an object is, with the blocks under `field`; null when it cannot be told whose labels it has. */
export function addressSetIn(
  body: unknown,
  kind: string,
  namespaced: boolean,
  field: 'nets' | 'expectedIPs',
): { readonly set: AddressSet | null; readonly problems: Problems } {
  const { metadata: written, spec } = isJsonObject(body) ? body : {};
  const fields = isJsonObject(spec) ? spec : {};
  const parsed = namespacedMetadata.safeParse(written);
  if (!parsed.success) {
    const hint = `Until it is mended, no policy matches this ${kind}.`;
    return { set: null, problems: problemsIn('metadata', parsed, hint) };
  }
  const { name, namespace } = parsed.data;
  const { blocks, problems } = blocksIn(fields, field);
  const domains = domainNames.safeParse(fields.allowedEgressDomains).data ?? [];
  return {
    set: {
      resource: CALICO_GROUP,
      ref: { kind, namespace: namespaced ? namespace : null, name },
      labels: labelsOf(parsed.data),
      blocks,
      owners: 'anybody',
      ...(domains.length === 0 ? {} : { domains }),
    },
    problems,
  };
}
