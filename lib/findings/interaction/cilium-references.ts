import type { PodGroup } from '#lib/engine/endpoint.ts';
import { clientHidingServices } from '#lib/findings/breadth/client-addresses.ts';
import type { Check } from '#lib/findings/check.ts';
import { rulesThat } from '#lib/findings/in-force.ts';
import { subjectGroups } from '#lib/findings/policy-facts.ts';
import { allowingRules } from '#lib/findings/traffic.ts';
import { listed } from '#lib/findings/words.ts';
import {
  ciliumSpecs,
  itemsOf,
  type WrittenItem,
  type WrittenSpec,
} from '#lib/findings/written-specs.ts';
import { namespacedName } from '#lib/model/cluster.ts';

/** What Cilium's rules refer to: Services, groups of CIDRs, and the world. */

const CIDR_SETS = { ingress: 'fromCIDRSet', egress: 'toCIDRSet' } as const;

/** Entries of these lists of a spec, with paths from the object's root. */
function* entriesOf({ spec, path }: WrittenSpec, lists: readonly string[]): Generator<WrittenItem> {
  for (const list of lists)
    for (const entry of itemsOf(spec, [list])) yield { ...entry, path: [...path, ...entry.path] };
}

export const servicesWithoutPorts: Check = {
  id: 'PIT-REL-14',
  title: 'toServices without ports',
  severity: 'info',
  group: 'interaction',
  rules: ['CIL-27'],
  needs: [],
  scenario:
    'A rule permits a Service by its name. What is permitted are the pods behind it, on every port: those of the Service do not count.',
  evidence: 'An entry has toServices and no toPorts.',
  fix: 'Add toPorts with the ports that the pods listen on.',
  *find(context) {
    for (const written of ciliumSpecs(context))
      for (const { item, path } of entriesOf(written, ['egress']))
        if (
          Array.isArray(item.toServices) &&
          item.toServices.length > 0 &&
          item.toPorts === undefined
        )
          yield {
            object: written.facts.policy.ref,
            path: [...path, 'toServices'],
            message: 'The pods behind these Services are permitted on every port.',
          };
  },
};

/** The groups of CIDRs that are named in a spec, and where. */
function* groupsNamed(written: WrittenSpec) {
  for (const direction of ['ingress', 'egress'] as const)
    for (const entry of entriesOf(written, [direction, `${direction}Deny`]))
      for (const { item, path } of itemsOf(entry.item, [CIDR_SETS[direction]]))
        if (typeof item.cidrGroupRef === 'string')
          yield { name: item.cidrGroupRef, path: [...entry.path, ...path, 'cidrGroupRef'] };
}

export const cidrGroupMissing: Check = {
  id: 'PIT-REL-15',
  title: 'A group of CIDRs that is missing or empty',
  severity: 'error',
  group: 'interaction',
  rules: ['CIL-29'],
  needs: [],
  scenario:
    'A rule names a CiliumCIDRGroup that nobody made, or from which all CIDRs were removed. It matches nothing; where it denies, nothing is denied.',
  evidence:
    'cidrGroupRef names a group that does not exist or that has no CIDR, and the list of groups was read. In files only a note where it is missing: the group may be elsewhere.',
  fix: 'Correct the name, or make the group.',
  *find(context) {
    const { gaps, addressSets } = context.snapshot;
    if (gaps.some(({ resource }) => resource === 'ciliumcidrgroups.cilium.io')) return;
    const groups = new Map(
      addressSets
        .filter(({ resource }) => resource === 'cilium.io')
        .map(({ ref, blocks }) => [ref.name, blocks]),
    );
    for (const written of ciliumSpecs(context))
      for (const { name, path } of groupsNamed(written)) {
        const blocks = groups.get(name);
        if (blocks !== undefined && blocks.length > 0) continue;
        const isElsewhere = blocks === undefined && written.facts.fromFile;
        yield {
          object: written.facts.policy.ref,
          path,
          ...(isElsewhere ? { severity: 'info' as const } : {}),
          message: `The group ${name} ${blocks === undefined ? 'does not exist' : 'has no CIDR'}: this matches nothing.`,
        };
      }
  },
};

/** Some rule lets other nodes in, as which clients of the Service may come. */
function letsNodesIn({ sides }: PodGroup): boolean {
  return allowingRules(sides.ingress).some(({ peers }) =>
    peers.some(
      ({ match }) =>
        match.kind !== 'outside' && match.kind !== 'pods' && match.kind !== 'addresses',
    ),
  );
}

export const worldBehindNodes: Check = {
  id: 'PIT-REL-16',
  title: 'Clients that come as nodes and not as the world',
  severity: 'info',
  group: 'interaction',
  rules: ['CIL-35'],
  needs: ['pods', 'services'],
  scenario:
    'fromEntities: [world] is to let in the clients of a NodePort. Where another node takes the connection and hides the client’s address, the pod sees the entity remote-node.',
  evidence:
    'A rule of Cilium permits the world, its pods are behind a Service of type NodePort or LoadBalancer with externalTrafficPolicy Cluster, and no rule for them permits nodes.',
  fix: 'Set externalTrafficPolicy: Local, or permit remote-node as well.',
  *find(context) {
    const servicesOf = clientHidingServices(context);
    for (const { facts, direction, rule } of rulesThat('allow', context)) {
      const world = rule.peers.find(({ match }) => match.kind === 'outside');
      if (facts.policy.layer !== 'cilium' || direction !== 'ingress' || world === undefined)
        continue;
      const groups = (subjectGroups(context.connectivity, facts.policy) ?? []).filter(
        (group) => !letsNodesIn(group),
      );
      const services = [...new Set(groups.flatMap((each) => [...servicesOf(each)]))];
      if (services.length === 0) continue;
      yield {
        object: facts.policy.ref,
        path: world.path,
        message: `Clients of ${listed(services.map(({ namespace, name }) => namespacedName(namespace, name)))} may come as remote-node, which no rule permits.`,
        related: services.map(({ namespace, name }) => ({ kind: 'Service', namespace, name })),
      };
    }
  },
};
