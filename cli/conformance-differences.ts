import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import type { ContainerPort, Pod } from '#lib/model/cluster.ts';

/**
 * Where netpol-analyzer, whose answers are lists of connections, departs from what Kubernetes or
 * network plugins do, and this engine does not follow. A departure explains a case only when, with
 * the cluster seen as that tool sees it, every answer agrees.
 */
export interface Departure {
  /** The rule in the reference of semantics that this engine keeps to. */
  readonly rule: string;
  readonly because: string;
  /** The cluster as that tool sees it; null where it gives no answer at all. */
  readonly asSeen: ((snapshot: ClusterSnapshot) => ClusterSnapshot) | null;
  /** What the tool says when it gives no answer. */
  readonly refusal?: RegExp;
}

function withPods(change: (pod: Pod) => Pod) {
  return (snapshot: ClusterSnapshot): ClusterSnapshot => ({
    ...snapshot,
    pods: snapshot.pods.map(change),
  });
}

/** Of the containers proper, the first port of each name. */
function firstOfName(ports: readonly ContainerPort[]): readonly ContainerPort[] {
  const proper = ports.filter(({ container }) => container === 'regular');
  return proper.filter(
    ({ name }, index) => name === null || proper.findIndex((port) => port.name === name) === index,
  );
}

export const DEPARTURES: readonly Departure[] = [
  {
    rule: 'GEN-13',
    because:
      'netpol-analyzer treats pods on their node’s network as ordinary ones; here policies neither select them nor match them by labels.',
    asSeen: withPods((pod) => ({ ...pod, hostNetwork: false })),
  },
  {
    rule: 'GEN-18',
    because:
      'netpol-analyzer lists connections of pods that have finished; here they own no address and have none.',
    asSeen: withPods((pod) => ({ ...pod, finished: false })),
  },
  {
    rule: 'NP-32',
    because:
      'netpol-analyzer never lets an ipBlock match a pod; Kubernetes’ own tests expect that it does where the pod’s address is known.',
    asSeen: (snapshot) => ({
      ...snapshot,
      profile: {
        ...snapshot.profile,
        flags: { ...snapshot.profile.flags, ipBlockMatchesPods: 'no' },
      },
    }),
  },
  {
    rule: 'NP-39',
    because:
      'netpol-analyzer resolves a named port to the first port of that name only, and never to a sidecar’s.',
    asSeen: withPods((pod) => ({ ...pod, ports: firstOfName(pod.ports) })),
  },
  {
    rule: 'GEN-3',
    because:
      'netpol-analyzer refuses pods of one owner that policies tell apart; here each of them is listed with its own connections.',
    asSeen: null,
    refusal: /same owner workload .* differences in their labels/,
  },
];
