import { DIRECTIONS, type PortMatch } from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import type { Found } from '#lib/findings/finding.ts';
import { isNetworkPolicy, type RulePlace, rulesIn } from '#lib/findings/policy-facts.ts';
import { ciliumSpecs, itemsOf, type WrittenSpec } from '#lib/findings/written-specs.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import { pluginName } from './nothing-enforced.ts';

/** What the plugin that runs cannot do. */

interface Entry {
  readonly place: RulePlace;
  readonly path: FieldPath;
}

/** Port entries of a certain sort, in all policies or in NetworkPolicies alone. */
function* entries(
  { policies }: LintContext,
  isMeant: (match: PortMatch) => boolean,
): Generator<Entry> {
  for (const place of rulesIn(policies))
    for (const { path, match } of place.rule.ports === 'all' ? [] : place.rule.ports)
      if (isMeant(match)) yield { place, path };
}

function found({ place, path }: Entry, message: string): Found {
  return { object: place.facts.policy.ref, path, message };
}

export const endPortUnsupported: Check = {
  id: 'PIT-CNI-5',
  title: 'The plugin does not know endPort',
  severity: 'error',
  group: 'enforcement',
  rules: ['NP-18', 'NP-19'],
  needs: [],
  scenario:
    'A rule opens a range of ports. The plugin looks at its first port alone, and the others stay closed.',
  evidence: 'An entry of ports is a range, and the plugin is one that passes over endPort.',
  fix: 'List the ports one by one.',
  *find(context) {
    if (context.snapshot.profile.flags.endPort !== 'no') return;
    const isRange = (match: PortMatch) => match.kind === 'range' && match.last > match.first;
    for (const entry of entries(context, isRange))
      yield found(
        entry,
        `${pluginName(context) ?? 'The network plugin'} passes over endPort: only the first port of the range is open.`,
      );
  },
};

export const sctpUnsupported: Check = {
  id: 'PIT-CNI-6',
  title: 'SCTP may not be supported',
  severity: 'warning',
  group: 'enforcement',
  rules: ['NP-20'],
  needs: [],
  scenario:
    'A rule permits SCTP, and the plugin, or the kernel under it, does not know the protocol: the connections stay blocked.',
  evidence:
    'An entry of ports has the protocol SCTP, and the plugin does not support it, or it is not known that it does.',
  fix: 'Switch SCTP on in the plugin, or use another protocol.',
  *find(context) {
    const { sctp } = context.snapshot.profile.flags;
    if (sctp === 'yes') return;
    const isSctp = (match: PortMatch) => 'protocol' in match && match.protocol === 'SCTP';
    const name = pluginName(context) ?? 'the network plugin';
    for (const entry of entries(context, isSctp))
      yield found(
        entry,
        sctp === 'no'
          ? `SCTP is not supported by ${name}.`
          : `Whether SCTP is supported by ${name} is not known.`,
      );
  },
};

export const namedPortWidened: Check = {
  id: 'PIT-CNI-9',
  title: 'A named port that the plugin widens',
  severity: 'error',
  group: 'enforcement',
  rules: ['OVN-7', 'NP-38'],
  needs: [],
  scenario:
    'A rule permits port “http”. The plugin does not look names up, and opens every port of the protocol.',
  evidence:
    'An entry of a NetworkPolicy’s ports is a name, and the plugin is one that does not resolve names.',
  fix: 'Write the number.',
  *find(context) {
    if (context.snapshot.profile.flags.resolvesNamedPorts !== 'no') return;
    for (const entry of entries(context, (match) => match.kind === 'named'))
      if (isNetworkPolicy(entry.place.facts.policy))
        yield found(
          entry,
          `${pluginName(context) ?? 'The network plugin'} does not look names of ports up: the whole protocol is open.`,
        );
  },
};

/** CIL-37 */
const REQUIRES_REMOVED = [1, 19] as const;

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const parts = /^v?(\d+)\.(\d+)/.exec(version);
  if (parts === null) return false;
  const own = Number(parts[1]);
  return own > major || (own === major && Number(parts[2]) >= minor);
}

const REMOVED = { ingress: 'fromRequires', egress: 'toRequires' } as const;

function* removedFields({ path, spec }: WrittenSpec) {
  for (const direction of DIRECTIONS) {
    const field = REMOVED[direction];
    for (const list of [direction, `${direction}Deny`])
      for (const entry of itemsOf(spec, [list]))
        if ((entry.item[field] ?? null) !== null)
          yield { field, path: [...path, ...entry.path, field] };
  }
}

export const fieldOfAnotherVersion: Check = {
  id: 'PIT-CNI-10',
  title: 'A field that the plugin’s version lacks',
  severity: 'warning',
  group: 'enforcement',
  rules: ['CIL-37'],
  needs: [],
  scenario:
    'A policy uses a field that a later version of the plugin has dropped. After the upgrade the policy is refused, or the field is passed over.',
  evidence:
    'The plugin is Cilium 1.19 or later, by the version that was found, and a policy has fromRequires or toRequires.',
  fix: 'Write the requirement into the selectors of the peers, or into a deny rule.',
  *find(context) {
    const { title, version } = context.snapshot.plugin;
    if (
      title?.includes('Cilium') !== true ||
      version === null ||
      !isAtLeast(version, REQUIRES_REMOVED)
    )
      return;
    for (const written of ciliumSpecs(context))
      for (const { path, field } of removedFields(written))
        yield {
          object: written.facts.policy.ref,
          path,
          message: `Cilium ${version} does not know ${field} any more.`,
        };
  },
};
