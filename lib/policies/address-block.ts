import { z } from 'zod';
import type { PolicyNote } from '#lib/engine/compiled-policy.ts';
import { type AddressRange, formatRangeShort, parseCidr, parseIp } from '#lib/model/ip-address.ts';
import type { FieldPath } from '#lib/model/problem.ts';

/** CIDRs in policies. */

export const cidr = z.string().refine((text) => parseCidr(text) !== null, {
  error: (issue) => `${JSON.stringify(issue.input)} is not a CIDR such as 10.0.0.0/8`,
});

/** The range of a CIDR that a schema has let through; throws a TypeError for any other text. */
export function addressBlock(text: string): AddressRange {
  const range = parseCidr(text);
  if (range === null) throw new TypeError(`not a CIDR: ${text}`);
  return range;
}

/** A note where a CIDR has host bits (NP-31b). */
export function hostBitNote(path: FieldPath, written: string): readonly PolicyNote[] {
  const range = addressBlock(written);
  const address = parseIp(written.slice(0, written.indexOf('/')));
  return address === null || address.value === range.first
    ? []
    : [{ kind: 'host-bits-dropped', path, written, meant: formatRangeShort(range) }];
}
