import { type CompiledPolicy, DIRECTIONS, type Direction } from '#lib/engine/compiled-policy.ts';
import { sideBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Workload } from '#lib/engine/namespace-part.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { named } from '#lib/findings/objects.ts';
import { policyToMend } from '#lib/findings/traffic.ts';
import { listed } from '#lib/findings/words.ts';
import type { Pod, Service } from '#lib/model/cluster.ts';
import { policyKey, refKey } from '#lib/model/object-ref.ts';
import { hasPort } from '#lib/model/port-set.ts';
import { selects } from '#lib/model/selector.ts';

/** As its charts and its operator label it. */
function isPrometheus({ labels }: Pod): boolean {
  return (
    labels.get('app.kubernetes.io/name') === 'prometheus' || labels.get('app') === 'prometheus'
  );
}

/** What Prometheus is told to read: one of these ports, for each is tried. */
interface Target {
  readonly workload: Workload;
  readonly ports: readonly number[];
}

/** Without a port every one that is declared is tried. */
function declaredPorts({ ports }: Pod): readonly number[] {
  return ports.filter(({ protocol }) => protocol === 'TCP').map(({ port }) => port);
}

/** A named port is that of each pod. */
function portsBehind({ ports }: Service, pod: Pod): readonly number[] {
  return ports.flatMap(({ targetPort }) => {
    if (typeof targetPort === 'number') return [targetPort];
    return pod.ports.filter(({ name }) => name === targetPort).map(({ port }) => port);
  });
}

/** Workloads whose own pods say so. */
function* annotatedWorkloads({ connectivity }: LintContext): Generator<Target> {
  for (const workload of connectivity.workloads.values()) {
    const [pod] = workload.pods;
    if (pod.scrape === undefined) continue;
    const { port } = pod.scrape;
    yield { workload, ports: port === null ? declaredPorts(pod) : [port] };
  }
}

/** Workloads behind Services that say so. */
function* behindAnnotated({ connectivity, snapshot, podsIn }: LintContext): Generator<Target> {
  for (const service of snapshot.services) {
    const { scrape, selector, namespace } = service;
    if (scrape === undefined || selector === null) continue;
    const pods = (podsIn.get(namespace) ?? []).filter(({ labels }) => selects(selector, labels));
    for (const { key, pod } of onePerWorkload(pods)) {
      const workload = connectivity.workloads.get(key);
      if (workload === undefined) continue;
      yield { workload, ports: scrape.port === null ? portsBehind(service, pod) : [scrape.port] };
    }
  }
}

function onePerWorkload(pods: readonly Pod[]): readonly { key: string; pod: Pod }[] {
  const byKey = Map.groupBy(pods, ({ workload }) => refKey(workload));
  return [...byKey].flatMap(([key, [pod]]) => (pod === undefined ? [] : [{ key, pod }]));
}

/** The end whose policies surely let none of the ports pass; null where one may pass. */
function blockedAt(
  prometheus: PodGroup,
  target: PodGroup,
  ports: readonly number[],
  { connectivity }: LintContext,
): { readonly direction: Direction; readonly own: PodGroup } | null {
  const ends = { ingress: [target, prometheus], egress: [prometheus, target] } as const;
  for (const direction of DIRECTIONS) {
    const [own, other] = ends[direction];
    const { atMost } = sideBounds(connectivity, direction, own, other);
    if (!ports.some((port) => hasPort(atMost, 'TCP', port))) return { direction, own };
  }
  return null;
}

interface Stop {
  readonly target: Target;
  readonly direction: Direction;
  readonly policy: CompiledPolicy;
}

/** Where pods of the target are blocked from every Prometheus: what blocks the first. */
function stopsOf(
  target: Target,
  servers: readonly PodGroup[],
  context: LintContext,
): readonly Stop[] {
  for (const group of target.workload.groups) {
    const blocks = servers.map((server) => blockedAt(server, group, target.ports, context));
    const [first] = blocks;
    if (!first || blocks.includes(null)) continue;
    const side = first.own.sides[first.direction];
    const policy = side === null ? null : policyToMend(side);
    return policy === null ? [] : [{ target, direction: first.direction, policy }];
  }
  return [];
}

function place({ workload, ports }: Target): string {
  return `${named(workload.ref)} on TCP ${ports.join(' or ')}`;
}

export const monitoringBlocked: Check = {
  id: 'PIT-DIR-19',
  title: 'Monitoring is blocked',
  severity: 'warning',
  group: 'direction',
  rules: ['GEN-2'],
  needs: ['pods', 'namespaces', 'services'],
  scenario:
    'Pods that Prometheus is told to scrape are closed for ingress, without a rule for Prometheus: there are gaps in the metrics, and alerts that never fire.',
  evidence:
    'Pods, or a Service before them, carry the annotation prometheus.io/scrape: "true", and no pod labelled app.kubernetes.io/name=prometheus or app=prometheus may connect to them: on prometheus.io/port, or without it on any port that they declare or the Service leads to. ServiceMonitors and PodMonitors are not read.',
  fix: 'Permit the pods of Prometheus on the port of the metrics.',
  *find(context) {
    const prometheus = [...context.connectivity.workloads.values()].filter(({ pods }) =>
      isPrometheus(pods[0]),
    );
    if (prometheus.length === 0) return;
    const servers = prometheus.flatMap(({ groups }) => groups);
    const stops = [...annotatedWorkloads(context), ...behindAnnotated(context)]
      .filter(({ workload, ports }) => ports.length > 0 && !prometheus.includes(workload))
      .flatMap((target) => stopsOf(target, servers, context));
    const byPolicy = Map.groupBy(
      stops,
      ({ policy, direction }) => `${direction} ${policyKey(policy.ref)}`,
    );
    for (const all of byPolicy.values()) {
      const [first] = all;
      if (first === undefined) continue;
      const { policy, direction } = first;
      const isolation = policy.isolation[direction];
      const places = [...new Set(all.map(({ target }) => place(target)))];
      const workloads = new Set(all.map(({ target }) => target.workload));
      yield {
        object: policy.ref,
        path: isolation.isolates === 'yes' ? isolation.path : ['spec'],
        message: `Annotations tell Prometheus (${listed(prometheus.map(({ ref }) => named(ref)))}) to scrape ${listed(places)}, and the ${direction} of ${direction === 'ingress' ? 'these pods' : 'Prometheus'} lets none of it pass.`,
        related: [...workloads, ...prometheus].map(({ ref }) => ref),
      };
    }
  },
};
