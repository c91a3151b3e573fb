import { sideBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { policiesInForce } from '#lib/findings/in-force.ts';
import { named, workloadsOf } from '#lib/findings/objects.ts';
import { groupsOf, peersIn, subjectGroups } from '#lib/findings/policy-facts.ts';
import { isSurelyIsolated } from '#lib/findings/traffic.ts';
import { listed } from '#lib/findings/words.ts';
import { hasPort } from '#lib/model/port-set.ts';

const HBONE = 15008;
const MODE = 'istio.io/dataplane-mode';

function isInMesh({ pods: [pod], namespace }: PodGroup): boolean {
  return (pod.labels.get(MODE) ?? namespace.labels.get(MODE)) === 'ambient';
}

/** Pairs in the mesh that a peer permits, and whose tunnel is closed. */
function closedTunnels(
  subjects: readonly PodGroup[],
  peers: readonly PodGroup[],
  { connectivity }: LintContext,
): readonly PodGroup[] {
  return subjects.filter((own) =>
    peers.some((other) => {
      if (other === own || !isInMesh(other)) return false;
      return !hasPort(sideBounds(connectivity, 'ingress', own, other).atMost, 'TCP', HBONE);
    }),
  );
}

export const ambientMeshTunnel: Check = {
  id: 'PIT-PORT-11',
  title: 'Ambient mesh without port 15008',
  severity: 'error',
  group: 'ports',
  rules: ['GEN-24'],
  needs: ['pods', 'namespaces'],
  scenario:
    'Pods of an ambient mesh talk through a tunnel on TCP 15008. A rule that permits the application’s port alone permits nothing of what arrives.',
  evidence:
    'Pods labelled istio.io/dataplane-mode=ambient, by themselves or their namespace, are isolated for ingress; a rule permits something from other pods of the mesh; and TCP 15008 from those is blocked.',
  fix: 'Permit TCP 15008 beside the application’s port.',
  *find(context) {
    for (const { facts, direction, peer, rule } of peersIn(policiesInForce(context))) {
      if (direction !== 'ingress' || rule.action !== 'allow' || rule.ports === 'all') continue;
      const { connectivity } = context;
      const subjects = (subjectGroups(connectivity, facts.policy) ?? []).filter(
        (group) => isInMesh(group) && isSurelyIsolated(group, 'ingress'),
      );
      if (subjects.length === 0) continue;
      const peers =
        peer.match.kind === 'anyone'
          ? connectivity.groups
          : (groupsOf(connectivity, peer.match) ?? []);
      const closed = closedTunnels(subjects, peers, context);
      if (closed.length === 0) continue;
      const workloads = workloadsOf(closed.flatMap(({ pods }) => [...pods]));
      yield {
        object: facts.policy.ref,
        path: [...rule.path, 'ports'],
        message: `${listed(workloads.map(named))} is in the ambient mesh, and what this rule permits arrives on TCP ${HBONE}, which is blocked.`,
        related: workloads,
        patch: `ports:\n- {protocol: TCP, port: ${HBONE}}`,
      };
    }
  },
};
