import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import type { FindingObject } from '#lib/findings/finding.ts';
import type { PolicyFacts } from '#lib/findings/policy-facts.ts';
import { counted } from '#lib/findings/words.ts';
import { policyKey } from '#lib/model/object-ref.ts';

/** Whether policies are held at all: nothing in the objects tells. */

/** What is about no object in particular. */
export const CLUSTER: FindingObject = { kind: 'Cluster', namespace: null, name: 'cluster' };

/** Policies that are meant to be enforced, each object once. */
function objectsIn({ policies }: LintContext): readonly PolicyFacts[] {
  const live = policies.filter(({ policy }) => policy.staged === undefined);
  return [...new Map(live.map((facts) => [policyKey(facts.policy.ref), facts])).values()];
}

/** The plugin by its name; null where none is known. */
export function pluginName({ snapshot }: LintContext): string | null {
  return snapshot.plugin.title;
}

export const notEnforcedAtAll: Check = {
  id: 'PIT-CNI-1',
  title: 'NetworkPolicy is not enforced',
  severity: 'error',
  group: 'enforcement',
  rules: ['GEN-25', 'DET-17', 'DET-20'],
  needs: [],
  scenario:
    'The API server takes policies whether or not anybody enforces them, and nothing reports that nobody does. With a network plugin that does not, every policy is decoration.',
  evidence:
    'There are NetworkPolicies, and the network plugin does not enforce them: it cannot, or its settings switch it off.',
  fix: 'Install a network plugin that enforces policies, or switch its enforcement on.',
  *find(context) {
    const policies = objectsIn(context).filter(({ policy }) => policy.enforcedIf === 'enforces');
    if (policies.length === 0 || context.snapshot.profile.flags.enforces !== 'no') return;
    yield {
      object: CLUSTER,
      path: [],
      message: `${pluginName(context) ?? 'No network plugin that is there'} does not enforce NetworkPolicy: what is there, ${counted(policies.length, 'policy', 'policies')}, holds nothing.`,
      related: policies.map(({ policy }) => policy.ref),
    };
  },
};

export const enforcementUnknown: Check = {
  id: 'PIT-CNI-2',
  title: 'Whether policies are enforced cannot be told',
  severity: 'warning',
  group: 'enforcement',
  rules: ['GEN-25'],
  needs: [],
  scenario:
    'The DaemonSets may not be read, or the network plugin is one that is not known. Every verdict is then what would be if the policies were enforced.',
  evidence:
    'There are policies, and for their kind it is not known whether the plugin enforces it.',
  fix: 'Grant reading DaemonSets and the plugin’s settings, or name the plugin with --cni.',
  *find(context) {
    const { flags } = context.snapshot.profile;
    const open = objectsIn(context).filter(({ policy }) => flags[policy.enforcedIf] === 'unknown');
    if (open.length === 0) return;
    const kinds = [...new Set(open.map(({ policy }) => policy.ref.kind))];
    const { evidence, unread } = context.snapshot.plugin;
    const known = [...evidence, ...unread].join(' ');
    yield {
      object: CLUSTER,
      path: [],
      message:
        `Whether ${kinds.join(', ')} is enforced is not known: ${counted(open.length, 'policy', 'policies')} may hold nothing. ${known}`.trim(),
      related: open.map(({ policy }) => policy.ref),
    };
  },
};

export const auditMode: Check = {
  id: 'PIT-CNI-3',
  title: 'Policies only report',
  severity: 'error',
  group: 'enforcement',
  rules: ['CIL-13'],
  needs: [],
  scenario:
    'Cilium’s audit mode was switched on to try a policy out, and was left on. What policies deny is written to the log, and passes.',
  evidence:
    'There are policies, and the agents run with policy-audit-mode. The mode of single endpoints is not read.',
  fix: 'Switch policy-audit-mode off.',
  *find(context) {
    const policies = objectsIn(context);
    if (policies.length === 0 || context.snapshot.profile.flags.dropsDenied !== 'no') return;
    yield {
      object: CLUSTER,
      path: [],
      message: `${pluginName(context) ?? 'The network plugin'} only reports what the ${counted(policies.length, 'policy', 'policies')} deny: it passes.`,
    };
  },
};

export const kindNotEnforced: Check = {
  id: 'PIT-CNI-4',
  title: 'A kind of policy that the plugin does not enforce',
  severity: 'error',
  group: 'enforcement',
  rules: ['CNP-30', 'ANP-8', 'CAL-43', 'CIL-14'],
  needs: [],
  scenario:
    'Policies of a kind were left over from another plugin, or need a feature that is not switched on. The API server keeps them, and nobody reads them.',
  evidence:
    'There are policies of a kind other than NetworkPolicy, and the network plugin does not enforce that kind. One finding for each kind.',
  fix: 'Remove them, write them anew in a kind that is enforced, or switch the feature on.',
  *find(context) {
    const { flags } = context.snapshot.profile;
    const idle = objectsIn(context).filter(
      ({ policy }) => policy.enforcedIf !== 'enforces' && flags[policy.enforcedIf] === 'no',
    );
    const kinds = Map.groupBy(idle, ({ policy }) => `${policy.ref.kind} of ${policy.ref.group}`);
    for (const [kind, policies] of kinds) {
      const [first, ...others] = policies;
      if (first === undefined) continue;
      yield {
        object: first.policy.ref,
        path: [],
        message: `${pluginName(context) ?? 'The network plugin'} does not enforce ${kind}: ${counted(policies.length, 'object')} of that kind ${policies.length === 1 ? 'holds' : 'hold'} nothing.`,
        related: others.map(({ policy }) => policy.ref),
      };
    }
  },
};

export const twoEngines: Check = {
  id: 'PIT-CNI-7',
  title: 'Two plugins enforce policies',
  severity: 'warning',
  group: 'enforcement',
  rules: ['DET-21'],
  needs: [],
  scenario:
    'A second plugin was installed for its policies, and the first one’s were not switched off. A connection must pass both, and an explanation of one of them is half of the truth.',
  evidence: 'Two plugins that enforce policies were found in the cluster.',
  fix: 'Switch the enforcement of one of them off.',
  *find(context) {
    const { engines, title } = context.snapshot.plugin;
    if (engines < 2) return;
    yield {
      object: CLUSTER,
      path: [],
      message: `${title ?? `${engines} plugins`} enforce policies side by side: a connection must pass each of them.`,
    };
  },
};
