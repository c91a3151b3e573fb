import type { CniFlags, Tri } from '#lib/engine/cni-profile.ts';
import { CILIUM_SETTINGS, type CiliumSetting } from '#lib/model/plugin-configurations.ts';
import { argument, truth } from './arguments.ts';
import type { ClusterEvidence } from './cluster-evidence.ts';
import { type Candidate, type Finding, findContainer, seenSentence, tri } from './finding.ts';
import { type Settings, settingsOf } from './settings.ts';
import { imageVersion, isAtLeast, type Version } from './version.ts';

/** Cilium on its own (DET-2), in AKS (DET-10), and under the name anetd in GKE (DET-3). */

/** What a setting says; null where that cannot be told. */
interface AgentSettings {
  text(name: CiliumSetting, absent: string): string | null;
  truth(name: CiliumSetting, absent: boolean): boolean | null;
  /** The settings that are written somewhere, as clauses. */
  readonly written: readonly string[];
}

/** An agent's arguments win over its environment, and both over the ConfigMap. */
function agentSettings({ container }: Candidate, { source, values }: Settings): AgentSettings {
  const written: string[] = [];
  const find = (name: CiliumSetting): string | undefined => {
    const variable = `CILIUM_${name.toUpperCase().replaceAll('-', '_')}`;
    return (
      argument(container.words, name) ??
      container.environment.get(variable) ??
      values?.get(name) ??
      undefined
    );
  };
  for (const name of CILIUM_SETTINGS) {
    const value = find(name);
    if (value === undefined || value === '') continue;
    const where = value === values?.get(name) ? source : `The agent's own configuration`;
    written.push(`${where} sets ${name} to ${value}.`);
  }
  const text = (name: CiliumSetting, absent: string) =>
    find(name) ?? (values === null ? null : absent);
  return {
    written,
    text,
    truth(name, absent) {
      const value = text(name, String(absent));
      return value === null ? null : truth(value === '' ? String(absent) : value);
    },
  };
}

/** Yes where all are, no where none is: the two kinds share a flag. */
function both(a: boolean | null, b: boolean | null): Tri {
  return a === b ? tri(a) : 'unknown';
}

/** CIL-34: `auto` lets nodes in, and what host policies make of that was not verified. */
function reachesLocalPods(mode: string | null, hostFirewall: boolean | null): Tri {
  switch (mode) {
    case null:
    case 'always':
      return 'yes';
    case 'policy':
      return 'no';
    case 'auto':
    case '':
      return hostFirewall === true ? 'unknown' : 'yes';
    default:
      return 'unknown';
  }
}

/** CNP-30: behind a switch, and only from 1.20 on. */
function enforcesClusterNetworkPolicy(isOn: boolean | null, version: Version | null): Tri {
  if (isOn === false) return 'no';
  if (version === null) return 'unknown';
  return isAtLeast(version, [1, 20]) ? tri(isOn) : 'no';
}

function flagsOf(settings: AgentSettings, version: Version | null): Partial<CniFlags> {
  const mode = settings.text('enable-policy', 'default')?.toLowerCase() ?? null;
  const never = mode === 'never';
  const known = mode === 'default' || mode === 'always' || mode === '';
  const unless = (flag: Tri): Tri => (never ? 'no' : known || flag === 'no' ? flag : 'unknown');
  const hostFirewall = settings.truth('enable-host-firewall', false);
  const audit = settings.truth('policy-audit-mode', false);
  const nodesByAddress = settings.text('policy-cidr-match-mode', '');
  const optional = settings.truth('enable-non-default-deny-policies', true);
  const namespaced = settings.truth('enable-cilium-network-policy', true);
  const clusterwide = settings.truth('enable-cilium-clusterwide-network-policy', true);
  const own = both(namespaced, clusterwide);
  return {
    // CIL-11, CIL-14
    enforces: unless(tri(settings.truth('enable-k8s-networkpolicy', true))),
    enforcesCilium: unless(own === 'yes' && optional !== true ? 'unknown' : own),
    enforcesClusterNetworkPolicy: unless(
      enforcesClusterNetworkPolicy(
        settings.truth('enable-k8s-cluster-network-policy', false),
        version,
      ),
    ),
    // ANP-8
    enforcesAdminNetworkPolicy: 'no',
    isolatesEverything:
      mode === 'always' ? 'yes' : mode === null || known || never ? 'no' : 'unknown',
    // CIL-13
    dropsDenied: audit === null ? 'unknown' : audit ? 'no' : 'yes',
    // CIL-28
    ipBlockMatchesNodes:
      nodesByAddress === null ? 'unknown' : tri(/\bnodes\b/.test(nodesByAddress)),
    nodeReachesItsPods: reachesLocalPods(
      settings.text('allow-localhost', 'auto')?.toLowerCase() ?? null,
      hostFirewall,
    ),
    // CIL-45
    hostPolicies: unless(tri(hostFirewall)),
    // CIL-51
    sctp: settings.truth('enable-sctp', false) === true ? 'yes' : 'unknown',
    // CIL-47
    endPort: version === null ? 'unknown' : tri(isAtLeast(version, [1, 16])),
  };
}

export function findCilium(evidence: ClusterEvidence): Finding | null {
  const found = findContainer(evidence.daemonSets, ({ name }) => name === 'cilium-agent');
  if (found === null) return null;
  const { daemonSet, container } = found;
  const version = imageVersion(container.image);
  const source = settingsOf(evidence, 'ConfigMap', 'cilium-config', daemonSet.namespace);
  const settings = agentSettings(found, source);
  const common = {
    profile: 'cilium',
    runsIn: found.daemonSet,
    version: version?.text ?? null,
    unread: source.unread === null ? [] : [source.unread],
  };
  const flags = flagsOf(settings, version);
  const seen = seenSentence(found, version?.text ?? null);
  if (daemonSet.name === 'anetd')
    return {
      ...common,
      title: 'GKE Dataplane V2',
      // It always enforces, and of Cilium's kinds it knows a part.
      flags: {
        ...flags,
        enforces: 'yes',
        dropsDenied: 'yes',
        isolatesEverything: 'no',
        enforcesCilium: 'unknown',
        enforcesClusterNetworkPolicy: 'unknown',
      },
      evidence: [seen, 'anetd is the name that Cilium has in GKE.', ...settings.written],
    };
  const azure = findContainer(evidence.daemonSets, (_, { name }) => name === 'azure-cns');
  return {
    ...common,
    title: azure === null ? 'Cilium' : 'Azure CNI powered by Cilium',
    flags,
    evidence: [seen, ...settings.written],
  };
}
