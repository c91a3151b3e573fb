import {
  CNI_FLAGS,
  type CniFlags,
  type CniProfile,
  cniProfile,
  UNDETECTED_PROFILE,
} from '#lib/engine/cni-profile.ts';
import type { DaemonSet, NetworkPlugin, NodesLeftOut } from '#lib/model/network-plugin.ts';
import { findAntrea } from './antrea.ts';
import { findAws } from './aws.ts';
import { findCalico } from './calico.ts';
import { findCilium } from './cilium.ts';
import type { ClusterEvidence } from './cluster-evidence.ts';
import type { Finding } from './finding.ts';
import { findKindnet, findKubeNetworkPolicies } from './kube-network-policies.ts';
import { findK3s, findKubeRouter } from './kube-router.ts';
import { withoutPlugin } from './no-plugin.ts';
import { findAzureNpm, findFlannel, findTerway, findWeave } from './other-plugins.ts';
import { findKubeOvn, findOpenShiftSdn, findOvnKubernetes } from './ovn.ts';
import { isWherePluginsLive } from './plugin-namespaces.ts';

/** What was found out: the plugin for people, and what it does for the engine. */
export interface Detection {
  readonly plugin: NetworkPlugin;
  readonly profile: CniProfile;
}

const FINDERS: readonly ((evidence: ClusterEvidence) => Finding | null)[] = [
  findCilium,
  findCalico,
  findAntrea,
  findOvnKubernetes,
  findKubeOvn,
  findOpenShiftSdn,
  findAws,
  findAzureNpm,
  findTerway,
  findKubeRouter,
  findWeave,
  findKubeNetworkPolicies,
  findKindnet,
  findK3s,
  findFlannel,
];

/** Finds out which plugin runs (DET). Flags that nobody can see stay unknown. */
export function detectPlugin(evidence: ClusterEvidence): Detection {
  const { daemonSets, nodes } = evidence;
  const lists = [
    ...(daemonSets.unread === null ? [] : [`DaemonSets could not be read: ${daemonSets.unread}.`]),
    ...(nodes.unread === null ? [] : [`Nodes could not be read: ${nodes.unread}.`]),
  ];
  const believed = daemonSets.items.filter(({ namespace }) => isWherePluginsLive(namespace));
  const trusted = { ...evidence, daemonSets: { ...daemonSets, items: believed } };
  const findings = findingsIn(trusted).map((finding) => asFarAsItRuns(finding, trusted));
  const engines = findings.filter((finding) => !isIdle(finding));
  const told = {
    evidence: findings.flatMap((finding) => finding.evidence),
    unread: [...lists, ...findings.flatMap(({ unread }) => unread)],
  };
  const [engine] = engines;
  // Without the DaemonSets there is only what nodes tell, and another plugin may be there.
  if (engine === undefined || (daemonSets.unread !== null && daemonSets.items.length === 0))
    return withoutEngine(evidence, findings, told);
  return {
    plugin: {
      how: 'detected',
      title: engines.map(({ title }) => title).join(' and '),
      version: engines.length === 1 ? engine.version : null,
      engines: engines.length,
      evidence: [
        ...told.evidence,
        ...(engines.length === 1
          ? []
          : ['They enforce policies side by side: a connection must pass each of them.']),
      ],
      unread: told.unread,
      ...leavesOut(engines, trusted),
    },
    profile: engines.map(profileOf).reduce(together),
  };
}

function findingsIn(evidence: ClusterEvidence): readonly Finding[] {
  return FINDERS.flatMap((find) => find(evidence) ?? []);
}

/** Nodes that it leaves out enforce nothing: then that it enforces is not known of the cluster as a whole. */
function asFarAsItRuns(finding: Finding, evidence: ClusterEvidence): Finding {
  const left = nodesLeftOut(finding, evidence);
  if (left === null) return finding;
  const { flags } = finding;
  const all = evidence.nodes.items.length;
  return {
    ...finding,
    flags: profileOf(finding).flags.enforces === 'yes' ? { ...flags, enforces: 'unknown' } : flags,
    evidence: [
      ...finding.evidence,
      `It is to run on ${all - left.count} of ${all} nodes, and on the others nothing enforces policies.`,
    ],
  };
}

/** Null where it is to run on every node, or a DaemonSet does not say on how many. */
function nodesLeftOut(
  { runsIn }: Finding,
  { daemonSets, nodes }: ClusterEvidence,
): NodesLeftOut | null {
  if (runsIn === null || nodes.unread !== null) return null;
  const alike = runningTheSame(runsIn, daemonSets.items);
  const wanted = alike.reduce<number | null>(
    (sum, each) => (sum === null || each.wanted === null ? null : sum + each.wanted),
    0,
  );
  if (wanted === null || wanted >= nodes.items.length) return null;
  return {
    count: nodes.items.length - wanted,
    daemonSets: alike.map(({ namespace, name }) => ({ kind: 'DaemonSet', namespace, name })),
  };
}

/** The DaemonSet, and those that run the same on other nodes. */
function runningTheSame(one: DaemonSet, all: readonly DaemonSet[]): readonly DaemonSet[] {
  const names = new Set(one.containers.map(({ name }) => name));
  return all.filter(({ containers }) => containers.some(({ name }) => names.has(name)));
}

/** Of a single engine, and only if no DaemonSet can have been missed. */
function leavesOut(
  engines: readonly Finding[],
  evidence: ClusterEvidence,
): Pick<NetworkPlugin, 'leavesOut'> {
  const [engine, ...others] = engines;
  if (engine === undefined || others.length > 0 || evidence.daemonSets.unread !== null) return {};
  const left = nodesLeftOut(engine, evidence);
  return left === null ? {} : { leavesOut: left };
}

function profileOf({ profile, flags }: Finding): CniProfile {
  return cniProfile(profile, flags) ?? UNDETECTED_PROFILE;
}

/** It is there and enforces no kind at all. */
function isIdle(finding: Finding): boolean {
  const { flags } = profileOf(finding);
  return ENFORCING.every((flag) => flags[flag] === 'no');
}

const ENFORCING = [
  'enforces',
  'enforcesClusterNetworkPolicy',
  'enforcesAdminNetworkPolicy',
  'enforcesCilium',
  'enforcesCalico',
] as const;

/** DET-21: what both do is sure; where they differ, only a test would tell what comes of it. */
function together(a: CniProfile, b: CniProfile): CniProfile {
  const flags: Partial<Record<keyof CniFlags, CniFlags[keyof CniFlags]>> = {};
  for (const flag of CNI_FLAGS)
    flags[flag] = a.flags[flag] === b.flags[flag] ? a.flags[flag] : 'unknown';
  return {
    name: `${a.name} and ${b.name}`,
    flags: { ...a.flags, ...flags },
    order: a.order === b.order ? a.order : 'plain',
    ties: a.ties === b.ties ? a.ties : 'unspecified',
  };
}

function withoutEngine(
  evidence: ClusterEvidence,
  idle: readonly Finding[],
  told: Pick<NetworkPlugin, 'evidence' | 'unread'>,
): Detection {
  const unknown = (sentences: readonly string[]): Detection => ({
    plugin: {
      how: 'undetected',
      title: null,
      version: null,
      engines: 0,
      evidence: [...told.evidence, ...sentences],
      unread: told.unread,
    },
    profile: UNDETECTED_PROFILE,
  });
  if (evidence.daemonSets.unread !== null) return unknown([]);
  // Anybody who may write a DaemonSet somewhere could call it a plugin.
  const [stranger] = findingsIn(evidence).filter(
    (finding) => !isIdle(finding) && !idle.includes(finding),
  );
  if (stranger !== undefined)
    return unknown([
      ...stranger.evidence,
      'That is not a namespace in which plugins are installed, so it is not taken for the one of this cluster.',
    ]);
  const [found] = idle;
  if (found !== undefined)
    return {
      plugin: {
        how: 'detected',
        title: found.title,
        version: found.version,
        engines: 0,
        evidence: told.evidence,
        unread: told.unread,
      },
      profile: profileOf(found),
    };
  if (evidence.nodes.unread !== null) return unknown([]);
  const { enforces, evidence: sentences } = withoutPlugin(evidence);
  if (enforces !== 'no') return unknown(sentences);
  return {
    plugin: {
      how: 'detected',
      title: null,
      version: null,
      engines: 0,
      evidence: sentences,
      unread: told.unread,
    },
    profile: cniProfile('none') ?? UNDETECTED_PROFILE,
  };
}
