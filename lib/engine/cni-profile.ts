/** What the specification leaves to the network plugin: capability flags (semantics §1.3). */

export type Tri = 'yes' | 'no' | 'unknown';

export interface CniFlags {
  /** Whether NetworkPolicy is enforced at all (GEN-25). */
  readonly enforces: Tri;
  /** An ipBlock matches the addresses of pods (NP-32). */
  readonly ipBlockMatchesPods: Tri;
  /** An ipBlock matches the addresses of nodes, and so of hostNetwork pods (NP-33). */
  readonly ipBlockMatchesNodes: Tri;
  /** endPort is honoured; without it only `port` is (NP-19). */
  readonly endPort: Tri;
  /** SCTP rules are enforced as SCTP (NP-20). */
  readonly sctp: Tri;
  /** Ports of plain init containers resolve named ports too (NP-39); sidecars always do (AMB-9). */
  readonly initContainerPorts: Tri;
  /** Egress from a pod to its own node is subject to policy (GEN-15). */
  readonly policesPodToLocalNode: Tri;
  /** A pod's connection to itself through a Service is subject to policy (GEN-17). */
  readonly policesHairpin: Tri;
  /** ClusterNetworkPolicy and AdminNetworkPolicy are enforced at all (CNP-30). */
  readonly enforcesAdminTiers: Tri;
}

export type CniFlag = keyof CniFlags;

export interface CniProfile {
  readonly name: string;
  readonly flags: CniFlags;
}

/** What Kubernetes' own e2e tests expect of a plugin; the default for manifests, where no plugin is seen. */
const E2E: CniFlags = {
  enforces: 'yes',
  ipBlockMatchesPods: 'yes',
  ipBlockMatchesNodes: 'yes',
  endPort: 'yes',
  sctp: 'yes',
  initContainerPorts: 'no',
  policesPodToLocalNode: 'yes',
  // The tests leave it out.
  policesHairpin: 'unknown',
  enforcesAdminTiers: 'yes',
};

/** For a cluster whose plugin was not found out: what plugins disagree about is unknown. */
const UNDETECTED: CniFlags = {
  enforces: 'unknown',
  ipBlockMatchesPods: 'unknown',
  ipBlockMatchesNodes: 'unknown',
  endPort: 'unknown',
  sctp: 'unknown',
  initContainerPorts: 'unknown',
  policesPodToLocalNode: 'unknown',
  policesHairpin: 'unknown',
  enforcesAdminTiers: 'unknown',
};

/** Rows of the capability matrix (semantics §11.2); what nobody verified stays unknown. */
const PROFILES: ReadonlyMap<string, CniFlags> = new Map([
  ['kubernetes', E2E],
  ['undetected', UNDETECTED],
  [
    'calico',
    { ...E2E, initContainerPorts: 'yes', policesHairpin: 'yes', enforcesAdminTiers: 'unknown' },
  ],
  [
    'cilium',
    {
      ...E2E,
      ipBlockMatchesPods: 'no',
      ipBlockMatchesNodes: 'no',
      sctp: 'unknown',
      initContainerPorts: 'unknown',
      policesHairpin: 'no',
      enforcesAdminTiers: 'unknown',
    },
  ],
  [
    'antrea',
    {
      ...UNDETECTED,
      enforces: 'yes',
      ipBlockMatchesPods: 'yes',
      ipBlockMatchesNodes: 'yes',
      endPort: 'yes',
    },
  ],
  [
    'ovn-kubernetes',
    {
      ...UNDETECTED,
      enforces: 'yes',
      ipBlockMatchesPods: 'yes',
      ipBlockMatchesNodes: 'yes',
      endPort: 'yes',
      sctp: 'yes',
      policesHairpin: 'no',
    },
  ],
  ['aws', { ...E2E, policesPodToLocalNode: 'unknown', enforcesAdminTiers: 'unknown' }],
  ['kube-router', { ...E2E, sctp: 'no', initContainerPorts: 'unknown', enforcesAdminTiers: 'no' }],
  ['kindnet', { ...E2E, policesHairpin: 'yes', enforcesAdminTiers: 'unknown' }],
  ['azure-npm', { ...UNDETECTED, enforces: 'yes', endPort: 'no', enforcesAdminTiers: 'no' }],
  ['flannel', { ...UNDETECTED, enforces: 'no' }],
]);

export const CNI_NAMES: readonly string[] = [...PROFILES.keys()];
export const CNI_FLAGS = Object.keys(E2E) as readonly CniFlag[];

/** The profile of that name with some flags set otherwise; null for a name that is not in CNI_NAMES. */
export function cniProfile(name: string, overrides: Partial<CniFlags> = {}): CniProfile | null {
  const flags = PROFILES.get(name);
  return flags === undefined ? null : { name, flags: { ...flags, ...overrides } };
}

export const KUBERNETES_PROFILE: CniProfile = { name: 'kubernetes', flags: E2E };
export const UNDETECTED_PROFILE: CniProfile = { name: 'undetected', flags: UNDETECTED };
