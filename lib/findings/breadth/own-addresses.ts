import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import type { Found } from '#lib/findings/finding.ts';
import { named } from '#lib/findings/objects.ts';
import { counted, listed } from '#lib/findings/words.ts';
import { formatRangeShort } from '#lib/model/ip-address.ts';
import {
  type BlockPlace,
  blockPlaces,
  type Held,
  heldBy,
  isIn,
  isSingle,
  isWholeFamily,
  prefixLength,
} from './blocks.ts';

/** Blocks that hold addresses of the cluster itself. */

/** Nothing but the cluster's own can have been meant: a block as narrow as networks of pods are. */
const NARROW = 8;

/** Which flag says whether a block means the pods in it; Calico's nets mean whoever has the address. */
function meansPods({ match }: BlockPlace, { snapshot }: LintContext) {
  return match.owners === 'anybody' ? 'yes' : snapshot.profile.flags.ipBlockMatchesPods;
}

function coveredPods(place: BlockPlace, context: LintContext): Found | null {
  const { match, direction, path, facts } = place;
  const { groups, pods, workloads } = heldBy(match, context);
  if (groups.length === 0) return null;
  const cidr = formatRangeShort(match.block);
  const held = `${cidr} holds the addresses of ${counted(pods, 'pod')} (${listed(workloads.map(named))})`;
  const of = { object: facts.policy.ref, path };
  switch (meansPods(place, context)) {
    case 'no':
      // A wide block is how the world outside is named; that it leaves pods out is then meant.
      return prefixLength(match.block) < NARROW
        ? null
        : {
            ...of,
            severity: 'error',
            message: `${held}, and with this network plugin a block never means pods: they are not permitted.`,
          };
    case 'yes':
      // PIT-WIDE-2 says it of ingress.
      return isWholeFamily(match.block) && direction === 'ingress'
        ? null
        : { ...of, message: `${held}: it permits all of them, whatever their labels are.` };
    case 'unknown':
      return isWholeFamily(match.block)
        ? null
        : {
            ...of,
            message: `${held}; whether it means them differs from one network plugin to the next.`,
          };
  }
}

/** Nodes, where the plugin never means them by an address. */
function coveredNodes(place: BlockPlace, context: LintContext): Found | null {
  const { match, path, facts } = place;
  const { flags, name } = context.snapshot.profile;
  if (match.owners === 'anybody' || flags.ipBlockMatchesNodes !== 'no') return null;
  const nodes = prefixLength(match.block) < NARROW ? [] : heldBy(match, context).nodes;
  if (nodes.length === 0) return null;
  return {
    object: facts.policy.ref,
    path,
    severity: 'error',
    message: `${formatRangeShort(match.block)} holds addresses of ${counted(nodes.length, 'node')} (${listed(nodes)}), and with ${name} a block never means nodes: they are not permitted.`,
  };
}

export const blockHoldsPods: Check = {
  id: 'PIT-IP-1',
  title: 'A block of addresses holds pods',
  severity: 'warning',
  group: 'breadth',
  rules: ['NP-32', 'NP-33'],
  needs: ['pods'],
  scenario:
    'A block is meant for something outside, and the cluster’s pods have addresses in it. Most network plugins then permit every one of them; Cilium never takes a block for pods or nodes, so that a block meant for them permits nobody.',
  evidence:
    'A block of a rule that permits holds the address of at least one running pod; single addresses are PIT-IP-2. An error where the plugin never means pods, or nodes, by a block of /8 or narrower. 0.0.0.0/0 in ingress is PIT-WIDE-2.',
  fix: 'Name pods by selectors, and except their range from the block.',
  *find(context) {
    for (const place of blockPlaces(context)) {
      if (isSingle(place.match.block)) continue;
      const found = coveredPods(place, context) ?? coveredNodes(place, context);
      if (found !== null) yield found;
    }
  },
};

function selectorOf(group: PodGroup): string {
  const labels = [...group.labels].map(([key, value]) => `${key}: ${value}`).join(', ');
  return `namespaceSelector:\n  matchLabels: {kubernetes.io/metadata.name: ${group.namespace.name}}\npodSelector:\n  matchLabels: {${labels}}`;
}

export const blockIsOnePod: Check = {
  id: 'PIT-IP-2',
  title: 'A pod named by its address',
  severity: 'warning',
  group: 'breadth',
  rules: ['NP-32', 'GEN-20'],
  needs: ['pods'],
  scenario:
    'A rule names the one address that a pod has today. Its next start gives the pod another, and some day gives the old one to somebody else.',
  evidence:
    'A block is a single address, and a running pod that is not on its node’s network has it.',
  fix: 'Name the pod by a selector.',
  *find(context) {
    for (const { match, facts, path } of blockPlaces(context)) {
      if (!isSingle(match.block)) continue;
      const [group] = heldBy(match, context).groups;
      const pod = group?.pods.find(({ addresses }) => addresses.some((each) => isIn(match, each)));
      if (group === undefined || pod === undefined) continue;
      yield {
        object: facts.policy.ref,
        path,
        message: `${formatRangeShort(match.block)} is at present the address of the pod ${pod.namespace}/${pod.name}.`,
        related: [pod.workload],
        patch: selectorOf(group),
      };
    }
  },
};

/** No range that Services are given is wider. */
const WIDEST_SERVICE_RANGE = { 4: 12, 6: 108 } as const;

/** Nobody else's addresses are in it, as far as is known, and it may be the range of Services. */
function isServiceRange({ match }: BlockPlace, { services, groups, nodes }: Held): boolean {
  return (
    services.length > 1 &&
    prefixLength(match.block) >= WIDEST_SERVICE_RANGE[match.block.family] &&
    groups.length === 0 &&
    nodes.length === 0
  );
}

export const blockHoldsServices: Check = {
  id: 'PIT-IP-3',
  title: 'A Service named by its cluster address',
  severity: 'error',
  group: 'breadth',
  rules: ['NP-34', 'GEN-7'],
  needs: ['pods', 'services', 'nodes'],
  scenario:
    'A rule permits the cluster address of a Service. Policies see a connection after that address was replaced by a pod’s, so the rule never matches.',
  evidence:
    'A block is the cluster address of a Service, or holds those of at least two Services and no address of a pod or node, and is no wider than such ranges are. Not reported for the plugin of AWS, which looks at the address that was dialled.',
  fix: 'Name the pods behind the Service by a selector.',
  *find(context) {
    if (context.snapshot.profile.name === 'aws') return;
    for (const place of blockPlaces(context)) {
      const { match, facts, path } = place;
      const held = heldBy(match, context);
      const { services } = held;
      const isOne = isSingle(match.block) && services.length > 0;
      if (!isOne && !isServiceRange(place, held)) continue;
      const cidr = formatRangeShort(match.block);
      const names = services.map(({ namespace, name }) => `${namespace}/${name}`);
      const what = isOne
        ? `is the cluster address of the Service ${names[0]}`
        : `holds the cluster addresses of ${services.length} Services (${listed(names)}), and no pod or node`;
      yield {
        object: facts.policy.ref,
        path,
        message: `${cidr} ${what}: connections through it are seen with the address of a pod behind it.`,
        related: services
          .slice(0, 10)
          .map(({ namespace, name }) => ({ kind: 'Service', namespace, name })),
      };
    }
  },
};
