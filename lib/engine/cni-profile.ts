/** What the specification leaves to the network plugin: capability flags (semantics §1.3). */

export type Tri = 'yes' | 'no' | 'unknown';

export interface CniFlags {
  /** Whether NetworkPolicy is enforced at all (GEN-25). */
  readonly enforces: Tri;
  /** What policies deny is dropped, and not only reported (CIL-13). */
  readonly dropsDenied: Tri;
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
  /** ClusterNetworkPolicy is enforced at all (CNP-30). */
  readonly enforcesClusterNetworkPolicy: Tri;
  /** AdminNetworkPolicy and BaselineAdminNetworkPolicy are (ANP-8). */
  readonly enforcesAdminNetworkPolicy: Tri;
  /** Cilium's kinds are (CIL-14). */
  readonly enforcesCilium: Tri;
  /** Calico's kinds are. */
  readonly enforcesCalico: Tri;
  /** Policies whose subjects are nodes are enforced there (CIL-45). */
  readonly hostPolicies: Tri;
  /** A node reaches the pods that run on it whatever policies say (GEN-14, CIL-34). */
  readonly nodeReachesItsPods: Tri;
  /** Named ports of NetworkPolicy are looked up at the destination (OVN-7). */
  readonly resolvesNamedPorts: Tri;
  /** Every pod is isolated in both directions, even one that no policy selects (CIL-11). */
  readonly isolatesEverything: Tri;
}

export type CniFlag = keyof CniFlags;

export interface CniProfile {
  readonly name: string;
  readonly flags: CniFlags;
  /** How it arranges policies of different kinds (ORD). */
  readonly order: 'plain' | 'calico' | 'cilium';
  /** Which of two policies of one priority is asked first (CNP-3). */
  readonly ties: 'by-name' | 'unspecified';
}

/** What Kubernetes' own e2e tests expect of a plugin; the default for manifests, where no plugin is seen. */
const E2E: CniFlags = {
  enforces: 'yes',
  dropsDenied: 'yes',
  ipBlockMatchesPods: 'yes',
  ipBlockMatchesNodes: 'yes',
  endPort: 'yes',
  sctp: 'yes',
  initContainerPorts: 'no',
  policesPodToLocalNode: 'yes',
  // The tests leave it out.
  policesHairpin: 'unknown',
  enforcesClusterNetworkPolicy: 'yes',
  enforcesAdminNetworkPolicy: 'yes',
  // No plugin has both, and the specification knows neither.
  enforcesCilium: 'unknown',
  enforcesCalico: 'unknown',
  hostPolicies: 'no',
  nodeReachesItsPods: 'yes',
  resolvesNamedPorts: 'yes',
  isolatesEverything: 'no',
};

/** For a cluster whose plugin was not found out: what plugins disagree about is unknown. */
const UNDETECTED: CniFlags = {
  enforces: 'unknown',
  dropsDenied: 'yes',
  ipBlockMatchesPods: 'unknown',
  ipBlockMatchesNodes: 'unknown',
  endPort: 'unknown',
  sctp: 'unknown',
  initContainerPorts: 'unknown',
  policesPodToLocalNode: 'unknown',
  policesHairpin: 'unknown',
  enforcesClusterNetworkPolicy: 'unknown',
  enforcesAdminNetworkPolicy: 'unknown',
  enforcesCilium: 'unknown',
  enforcesCalico: 'unknown',
  hostPolicies: 'unknown',
  nodeReachesItsPods: 'yes',
  resolvesNamedPorts: 'unknown',
  isolatesEverything: 'no',
};

/** Kinds that the plugin has nothing to do with; whether it enforces the administrators' is another question. */
const NO_FOREIGN_KINDS = {
  enforcesCilium: 'no',
  enforcesCalico: 'no',
  hostPolicies: 'no',
} as const;
const ADMIN_UNKNOWN = {
  enforcesClusterNetworkPolicy: 'unknown',
  enforcesAdminNetworkPolicy: 'unknown',
} as const;
const NO_ADMIN = {
  enforcesClusterNetworkPolicy: 'no',
  enforcesAdminNetworkPolicy: 'no',
} as const;

/** Rows of the capability matrix (semantics §11.2); what nobody verified stays unknown. */
const PROFILES: ReadonlyMap<string, Omit<CniProfile, 'name'>> = new Map(
  Object.entries<Omit<CniProfile, 'name'>>({
    kubernetes: plain(E2E),
    undetected: plain(UNDETECTED),
    calico: {
      flags: {
        ...E2E,
        ...ADMIN_UNKNOWN,
        initContainerPorts: 'yes',
        policesHairpin: 'yes',
        enforcesCilium: 'no',
        enforcesCalico: 'yes',
        hostPolicies: 'yes',
      },
      order: 'calico',
      ties: 'by-name',
    },
    cilium: {
      flags: {
        ...E2E,
        ...ADMIN_UNKNOWN,
        ipBlockMatchesPods: 'no',
        ipBlockMatchesNodes: 'no',
        sctp: 'unknown',
        initContainerPorts: 'unknown',
        policesHairpin: 'no',
        enforcesCilium: 'yes',
        enforcesCalico: 'no',
      },
      order: 'cilium',
      ties: 'unspecified',
    },
    antrea: plain({
      ...UNDETECTED,
      ...NO_FOREIGN_KINDS,
      enforces: 'yes',
      ipBlockMatchesPods: 'yes',
      ipBlockMatchesNodes: 'yes',
      endPort: 'yes',
      resolvesNamedPorts: 'yes',
    }),
    'ovn-kubernetes': plain({
      ...UNDETECTED,
      ...NO_FOREIGN_KINDS,
      enforces: 'yes',
      ipBlockMatchesPods: 'yes',
      ipBlockMatchesNodes: 'yes',
      endPort: 'yes',
      sctp: 'yes',
      policesHairpin: 'no',
      resolvesNamedPorts: 'no',
    }),
    aws: plain({
      ...E2E,
      ...ADMIN_UNKNOWN,
      ...NO_FOREIGN_KINDS,
      policesPodToLocalNode: 'unknown',
    }),
    'kube-router': plain({
      ...E2E,
      ...NO_ADMIN,
      ...NO_FOREIGN_KINDS,
      sctp: 'no',
      initContainerPorts: 'unknown',
    }),
    kindnet: {
      ...plain({ ...E2E, ...ADMIN_UNKNOWN, ...NO_FOREIGN_KINDS, policesHairpin: 'yes' }),
      ties: 'by-name',
    },
    'azure-npm': plain({
      ...UNDETECTED,
      ...NO_ADMIN,
      ...NO_FOREIGN_KINDS,
      enforces: 'yes',
      endPort: 'no',
    }),
    flannel: plain({ ...UNDETECTED, ...NO_ADMIN, ...NO_FOREIGN_KINDS, enforces: 'no' }),
    none: plain({ ...UNDETECTED, ...NO_ADMIN, ...NO_FOREIGN_KINDS, enforces: 'no' }),
    'kube-network-policies': {
      ...plain({ ...E2E, ...ADMIN_UNKNOWN, ...NO_FOREIGN_KINDS, policesHairpin: 'yes' }),
      ties: 'by-name',
    },
    'kube-ovn': plain({ ...UNDETECTED, ...NO_FOREIGN_KINDS }),
    'openshift-sdn': plain({ ...UNDETECTED, ...NO_ADMIN, ...NO_FOREIGN_KINDS, endPort: 'no' }),
    terway: plain(UNDETECTED),
    weave: plain({ ...UNDETECTED, ...NO_ADMIN, ...NO_FOREIGN_KINDS, enforces: 'yes' }),
  }),
);

function plain(flags: CniFlags): Omit<CniProfile, 'name'> {
  return { flags, order: 'plain', ties: 'unspecified' };
}

/**
 * Whether policies that are enforced by such a flag are asked. NetworkPolicies are even where nothing
 * enforces them, to tell what they would have (GEN-25); not where Cilium goes by its own kinds without
 * them (CIL-14).
 */
export function asks({ flags, order }: CniProfile, enforcedIf: CniFlag): Tri {
  if (enforcedIf !== 'enforces') return flags[enforcedIf];
  if (flags.enforces !== 'no' || order !== 'cilium') return 'yes';
  return OPPOSITE[flags.enforcesCilium];
}

const OPPOSITE = { yes: 'no', no: 'yes', unknown: 'unknown' } as const;

/** The flag by which nothing is ever dropped: policies ask, and nothing comes of it; null where something is. */
export function dropsNothing(profile: CniProfile): CniFlag | null {
  const { enforces, dropsDenied } = profile.flags;
  if (enforces === 'no' && asks(profile, 'enforces') === 'yes') return 'enforces';
  return dropsDenied === 'no' ? 'dropsDenied' : null;
}

export const CNI_NAMES: readonly string[] = [...PROFILES.keys()];
export const CNI_FLAGS = Object.keys(E2E) as readonly CniFlag[];

/** The profile of that name with some flags set otherwise; null for a name that is not in CNI_NAMES. */
export function cniProfile(name: string, overrides: Partial<CniFlags> = {}): CniProfile | null {
  const profile = PROFILES.get(name);
  return profile === undefined
    ? null
    : { name, ...profile, flags: { ...profile.flags, ...overrides } };
}

export const KUBERNETES_PROFILE: CniProfile = { name: 'kubernetes', ...plain(E2E) };
export const UNDETECTED_PROFILE: CniProfile = { name: 'undetected', ...plain(UNDETECTED) };
