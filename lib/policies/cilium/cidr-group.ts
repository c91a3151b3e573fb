import { z } from 'zod';
import { metadata } from '#lib/manifests/metadata.ts';
import { parseCidr, parseIp } from '#lib/model/ip-address.ts';
import type { Resource } from '#lib/model/resource.ts';
import { issuesUnder } from '#lib/policies/issues.ts';
import type { ReferenceKind } from '#lib/policies/policy-kind.ts';
import { ADDRESS_SETS } from './peers.ts';

/** CiliumCIDRGroup: a list of CIDRs by name and labels (CIL-29). */

const RESOURCE: Resource = {
  group: 'cilium.io',
  version: 'v2',
  plural: 'ciliumcidrgroups',
  kind: 'CiliumCIDRGroup',
  namespaced: false,
  // Before Cilium 1.18.
  otherVersions: ['v2alpha1'],
};

const block = z.string().transform((text, context) => {
  const ip = parseIp(text);
  const range =
    ip === null ? parseCidr(text) : { family: ip.family, first: ip.value, last: ip.value };
  if (range !== null) return range;
  context.addIssue({ code: 'custom', message: `${JSON.stringify(text)} is not a CIDR` });
  return z.NEVER;
});

const group = z.looseObject({
  metadata,
  spec: z.strictObject({ externalCIDRs: z.array(block).nullish() }),
});

const parse: ReferenceKind['parse'] = (body) => {
  const parsed = group.safeParse(body);
  if (parsed.success) {
    const { metadata: about, spec } = parsed.data;
    const set = {
      resource: ADDRESS_SETS,
      ref: { kind: RESOURCE.kind, namespace: null, name: about.name },
      labels: about.labels,
      blocks: spec.externalCIDRs ?? [],
    };
    return { reference: { kind: 'address-set', set }, problems: [] };
  }
  const problems = issuesUnder([], parsed).map(({ path, message }) => ({
    code: 'object-invalid',
    severity: 'error' as const,
    message,
    hint: 'Until it is mended, this group has no addresses.',
    path,
  }));
  return { reference: null, problems };
};

/** For `cidrGroupRef` and `cidrGroupSelector`. */
export const ciliumCidrGroup: ReferenceKind = { resource: RESOURCE, parse };
