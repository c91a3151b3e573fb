import {
  type CompiledPort,
  type CompiledRule,
  DIRECTIONS,
  type Direction,
  type RuleCondition,
} from '#lib/engine/compiled-policy.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import type { FieldIssue } from '#lib/policies/issues.ts';
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
  entry: Entry,
  path: FieldPath,
  action: CompiledRule['action'],
  context: PeerContext,
): readonly Omit<CompiledRule, 'index'>[] {
  const peers = compilePeers(entry, path, context);
  const authentication = authenticationOf(entry, path);
  return portParts(entry, path).map(({ conditions = [], ...part }) => {
    const all = [...authentication, ...conditions];
    return { path, action, peers, ...part, ...(all.length > 0 ? { conditions: all } : {}) };
  });
}

const LISTS = {
  ingress: [
    ['ingressDeny', 'deny'],
    ['ingress', 'allow'],
  ],
  egress: [
    ['egressDeny', 'deny'],
    ['egress', 'allow'],
  ],
} as const;

/** The rules of one direction; the first of them has the index `first`. */
export function compileEntries(
  rule: CiliumRule,
  path: FieldPath,
  first: number,
  context: PeerContext,
): readonly CompiledRule[] {
  return LISTS[context.direction]
    .flatMap(([field, action]) =>
      (rule[field] ?? []).flatMap((entry, i) =>
        compileEntry(entry, [...path, field, i], action, context),
      ),
    )
    .map((compiled, i) => ({ ...compiled, index: first + i }));
}

/** How many entries a rule has for a direction. */
export function countEntries(rule: CiliumRule, direction: Direction): number {
  return LISTS[direction].reduce((sum, [field]) => sum + (rule[field] ?? []).length, 0);
}

/** The field with the first entries of a direction; null when there are none. */
export function entriesField(rule: CiliumRule, direction: Direction): string | null {
  const fields = [direction, `${direction}Deny`] as const;
  return fields.find((field) => (rule[field] ?? []).length > 0) ?? null;
}

/** Entries with fields that are not known, and where they stand. */
export function unknownFields(rule: CiliumRule, path: FieldPath): readonly FieldIssue[] {
  return DIRECTIONS.flatMap((direction) =>
    LISTS[direction].flatMap(([field]) =>
      (rule[field] ?? []).flatMap(({ unknown }, i) =>
        unknown.map((name) => ({
          path: [...path, field, i],
          message: `unknown field "${name}"`,
        })),
      ),
    ),
  );
}
