import { rangeCovers } from '#lib/model/ip-address.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import { addressBlock } from '#lib/policies/address-block.ts';
import type { FieldIssue } from '#lib/policies/issues.ts';
import { PEER_PREFIX, type PlacedEntry, placedEntries } from './entries.ts';
import { isOctal } from './ports.ts';
import type { CidrRule, CiliumRule } from './schema.ts';

/**
 * What an agent of one version or setting loads and another refuses, or reads differently: whether the
 * object is in force at all is not known.
 */

export interface Unsettled extends FieldIssue {
  /** Nothing is left open once Cilium says that the object is valid. */
  readonly onlyUntilValid: boolean;
}

function isWider({ cidr, except = [] }: CidrRule): boolean {
  return (
    cidr !== undefined &&
    except.some((text) => !rangeCovers(addressBlock(cidr), addressBlock(text)))
  );
}

function* entryIssues({ entry, path, direction }: PlacedEntry): Generator<Unsettled> {
  const { requires = [], peers, toPorts = [] } = entry;
  const prefix = PEER_PREFIX[direction];
  // CIL-37
  if (requires.length > 0)
    yield {
      path: [...path, `${prefix}Requires`],
      message: `${prefix}Requires is refused from Cilium 1.19 on, and narrows other policies before`,
      onlyUntilValid: false,
    };
  // CIL-32
  if ((peers.Nodes ?? []).length > 0)
    yield {
      path: [...path, `${prefix}Nodes`],
      message: `${prefix}Nodes is refused unless agents run with enable-node-selector-labels`,
      onlyUntilValid: true,
    };
  for (const [i, rule] of (peers.CIDRSet ?? []).entries())
    if (isWider(rule))
      yield {
        path: [...path, `${prefix}CIDRSet`, i, 'except'],
        message: 'older versions of Cilium let an exception be wider than its cidr',
        onlyUntilValid: true,
      };
  for (const [i, { ports = [] }] of toPorts.entries())
    for (const [j, port] of ports.entries())
      if (isOctal(port))
        yield {
          path: [...path, 'toPorts', i, 'ports', j, 'port'],
          message: `"${port.port}" is an octal number to Cilium: write it without the zero`,
          onlyUntilValid: false,
        };
}

/** Everything about a rule at `path` that leaves open whether it is in force; empty for most. */
export function unsettledIssues(rule: CiliumRule, path: FieldPath): readonly Unsettled[] {
  return placedEntries(rule, path).flatMap((placed) => [...entryIssues(placed)]);
}
