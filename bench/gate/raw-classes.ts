import {
  inCidr,
  type RawCluster,
  type RawEnd,
  type RawPod,
} from '#lib/testing/reference-evaluator.ts';

/** Ends that the reference cannot tell apart, found without the engine: each stands for all its pods. */
export interface RawClass {
  /** Never empty. Those on their nodes' network are alone: where they run matters. */
  readonly ends: readonly [RawEnd, ...RawEnd[]];
  readonly onHost: boolean;
}

/** Addresses outside any cluster that is generated, in and around the blocks that policies name. */
const OUTSIDE = ['203.0.113.5', '198.51.100.7', '192.0.2.3', '192.0.2.200', '8.8.8.8', '1.2.3.4'];

const CIDR = /"(\d+\.\d+\.\d+\.\d+\/\d+)"/g;

/**
 * Everything the reference may look at: labels by the keys that are written anywhere in the policies,
 * the blocks that are, ports, the phase. Deliberately coarse reading of text, so that it shares no
 * idea of what a policy is with what it checks.
 */
export function rawClasses(cluster: RawCluster): readonly RawClass[] {
  const written = JSON.stringify([cluster.policies, cluster.admin]);
  const cidrs = [...new Set([...written.matchAll(CIDR)].map(([, cidr]) => cidr ?? ''))];
  const keys = [...new Set(cluster.pods.flatMap(({ labels }) => Object.keys(labels)))]
    .filter((key) => written.includes(JSON.stringify(key)))
    .sort();
  const classOf = (pod: RawPod) =>
    JSON.stringify([
      pod.namespace,
      keys.map((key) => pod.labels[key] ?? null),
      pod.ports,
      pod.phase,
      cidrs.map((cidr) => inCidr(pod.ip, cidr)),
      pod.hostNetwork ? pod.name : null,
    ]);
  const running = cluster.pods.filter(({ phase }) => phase === 'Running');
  const pods = [...Map.groupBy(running, classOf).values()].flatMap(
    ([first, ...rest]): RawClass[] =>
      first === undefined ? [] : [{ ends: [first, ...rest], onHost: first.hostNetwork }],
  );
  return [...pods, ...OUTSIDE.map((address): RawClass => ({ ends: [address], onHost: false }))];
}
