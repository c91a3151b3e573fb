import type { CompiledPeer, Direction, PeerMatch } from '#lib/engine/compiled-policy.ts';
import { type Connectivity, sideAt, type Workload } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { NOTHING_PASSES, type PortBounds, rulePorts, uniteBounds } from '#lib/engine/rule-ports.ts';
import { formatRangeShort } from '#lib/model/ip-address.ts';
import { compareText } from '#lib/model/object-ref.ts';
import { isEmptyPorts } from '#lib/model/port-set.ts';
import type { EdgeGathering } from './edge-gathering.ts';
import type { OutsideNode } from './graph-view.ts';
import { endpointsOf } from './workload-pairs.ts';

/** The outside world as rules name it: a node for each block. */

/** A block that a rule names, as people write it: also the identity of its node. */
function blockLabel(match: Extract<PeerMatch, { kind: 'addresses' }>): string {
  const block = formatRangeShort(match.block);
  const except = match.except.map(formatRangeShort).sort(compareText);
  return except.length === 0 ? block : `${block} except ${except.join(', ')}`;
}

/** Ports on which a group's rules let a named block in or out; the other end has no policies of ours. */
function blocksOf(
  connectivity: Connectivity,
  direction: Direction,
  group: PodGroup,
): ReadonlyMap<string, { match: Extract<PeerMatch, { kind: 'addresses' }>; bounds: PortBounds }> {
  const blocks = new Map<
    string,
    { match: Extract<PeerMatch, { kind: 'addresses' }>; bounds: PortBounds }
  >();
  const { flags } = connectivity.snapshot.profile;
  const outside = connectivity[direction === 'ingress' ? 'sources' : 'destinations'][0];
  const add = (peer: CompiledPeer, bounds: PortBounds) => {
    if (peer.match.kind !== 'addresses' || isEmptyPorts(bounds.atMost)) return;
    const label = blockLabel(peer.match);
    const known = blocks.get(label)?.bounds ?? NOTHING_PASSES;
    blocks.set(label, { match: peer.match, bounds: uniteBounds(known, bounds) });
  };
  for (const policy of sideAt(connectivity, group, direction).policies)
    for (const rule of policy.rules[direction]) {
      if (rule.action !== 'allow') continue;
      const destination = direction === 'ingress' ? group : outside;
      if (destination === undefined) continue;
      const bounds = rulePorts(rule, destination, flags);
      for (const peer of rule.peers) add(peer, bounds);
    }
  return blocks;
}

/** The outside blocks that drawn workloads' rules name, with their edges. */
export function drawOutside(
  connectivity: Connectivity,
  workloads: readonly Workload[],
  nodeOf: (workload: Workload) => string,
  edges: EdgeGathering,
): readonly OutsideNode[] {
  const nodes = new Map<string, OutsideNode>();
  for (const workload of workloads)
    for (const direction of ['ingress', 'egress'] as const)
      for (const group of endpointsOf(workload))
        for (const [label, { bounds }] of blocksOf(connectivity, direction, group)) {
          const id = `range:${label}`;
          nodes.set(id, { kind: 'outside', id, label, parent: null, ranges: [label] });
          const [source, target] =
            direction === 'ingress' ? [id, nodeOf(workload)] : [nodeOf(workload), id];
          edges.add(source, target, bounds, 'rules');
        }
  return [...nodes.values()].sort((a, b) => compareText(a.id, b.id));
}
