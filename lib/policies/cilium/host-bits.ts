import type { PolicyNote } from '#lib/engine/compiled-policy.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import { hostBitNote } from '#lib/policies/address-block.ts';
import { PEER_PREFIX, placedEntries } from './entries.ts';
import type { CiliumRule } from './schema.ts';

/** Notes where CIDRs of a rule at `path` have bits behind their prefix, which mean nothing (CIL-28). */
export function hostBitNotes(rule: CiliumRule, path: FieldPath): readonly PolicyNote[] {
  return placedEntries(rule, path).flatMap(({ entry, path: at, direction }) => {
    const { CIDR = [], CIDRSet = [] } = entry.peers;
    const prefix = PEER_PREFIX[direction];
    return [
      ...CIDR.flatMap((text, i) => hostBitNote([...at, `${prefix}CIDR`, i], text)),
      ...CIDRSet.flatMap(({ cidr, except = [] }, i) => {
        const item = [...at, `${prefix}CIDRSet`, i];
        return [
          ...(cidr === undefined ? [] : hostBitNote([...item, 'cidr'], cidr)),
          ...except.flatMap((text, j) => hostBitNote([...item, 'except', j], text)),
        ];
      }),
    ];
  });
}
