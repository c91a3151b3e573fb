import type { CompiledPort, CompiledRule, RuleCondition } from '#lib/engine/compiled-policy.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import { type PlacedEntry, placedEntries } from './entries.ts';
import { compilePeers, type PeerContext } from './peers.ts';
import { compileIcmps, compilePorts } from './ports.ts';
import { qualifiersOf } from './qualifiers.ts';
import type { CiliumRule, Entry, PortEntry } from './schema.ts';

/** The entries of a rule's four lists, as compiled rules. */

/** What some of an entry's ports are bound to. */
type Part = Pick<CompiledRule, 'ports' | 'qualifiers' | 'conditions'>;

function portPart(item: PortEntry, path: FieldPath): Part {
  const { ports = [] } = item;
  if (ports.length === 0) {
    const message = 'versions of Cilium differ about toPorts without ports';
    return { ports: 'all', conditions: [{ path, message }] };
  }
  const qualifiers = qualifiersOf(item, path);
  return {
    ports: compilePorts(ports, path),
    ...(qualifiers.length > 0 ? { qualifiers } : {}),
  };
}

/** Ports that no condition is bound to stand together, each other entry of `toPorts` alone (CIL-40). */
function portParts(entry: Entry, path: FieldPath): readonly Part[] {
  const { toPorts = [], icmps = [], unknown } = entry;
  if (unknown.length > 0) return [{ ports: 'all' }];
  if (icmps.length > 0) return [{ ports: compileIcmps(icmps, [...path, 'icmps']) }];
  if (toPorts.length === 0) return [{ ports: 'all' }];
  const plain: CompiledPort[] = [];
  const others: Part[] = [];
  for (const [i, item] of toPorts.entries()) {
    const part = portPart(item, [...path, 'toPorts', i]);
    const isPlain = part.qualifiers === undefined && part.conditions === undefined;
    if (isPlain && part.ports !== 'all') plain.push(...part.ports);
    else others.push(part);
  }
  return plain.length === 0 ? others : [{ ports: plain }, ...others];
}

/** CIL-44: such connections are dropped until both ends have proved who they are. */
function authenticationOf({ authentication }: Entry, path: FieldPath): readonly RuleCondition[] {
  if (authentication === undefined || authentication.mode === 'disabled') return [];
  const message = 'whether mutual authentication succeeds is not known';
  return [{ path: [...path, 'authentication', 'mode'], message }];
}

/** The rules that come of one entry, but for their place among all. */
function compileEntry(
  { entry, path, action }: PlacedEntry,
  context: PeerContext,
): readonly Omit<CompiledRule, 'index'>[] {
  const peers = compilePeers(entry, path, context);
  const authentication = authenticationOf(entry, path);
  return portParts(entry, path).map(({ conditions = [], ...part }) => {
    const all = [...authentication, ...conditions];
    return { path, action, peers, ...part, ...(all.length > 0 ? { conditions: all } : {}) };
  });
}

/** The rules of one direction; the first of them has the index `first`. */
export function compileEntries(
  rule: CiliumRule,
  path: FieldPath,
  first: number,
  context: PeerContext,
): readonly CompiledRule[] {
  return placedEntries(rule, path)
    .filter(({ direction }) => direction === context.direction)
    .flatMap((placed) => compileEntry(placed, context))
    .map((compiled, i) => ({ ...compiled, index: first + i }));
}
