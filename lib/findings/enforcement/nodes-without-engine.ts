import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { policiesInForce } from '#lib/findings/in-force.ts';
import { named, podCount, workloadsOf } from '#lib/findings/objects.ts';
import { subjectGroups } from '#lib/findings/policy-facts.ts';
import { counted, listed } from '#lib/findings/words.ts';
import type { Pod } from '#lib/model/cluster.ts';
import type { NodesLeftOut } from '#lib/model/network-plugin.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { CLUSTER, pluginName } from './nothing-enforced.ts';

/** Pods that policies select, and that surely take part in traffic, by their nodes. */
function selectedByNode(context: LintContext): ReadonlyMap<string | null, readonly Pod[]> {
  const groups = new Set(
    policiesInForce(context).flatMap(
      ({ policy }) => subjectGroups(context.connectivity, policy) ?? [],
    ),
  );
  return Map.groupBy(
    [...groups].flatMap(({ pods }) => [...pods]),
    ({ node }) => node,
  );
}

/**
 * The nodes that are left out, by the pods that are there. Empty if these are not as many as the
 * DaemonSets leave out: then an agent is only about to start, and nobody can tell on which of them.
 */
function bareNodes(
  { count, daemonSets }: NodesLeftOut,
  { snapshot }: LintContext,
): readonly string[] {
  const agents = new Set(daemonSets.map(refKey));
  const running = snapshot.pods.filter(({ finished }) => !finished);
  const nodesOf = (isOne: (pod: Pod) => boolean) =>
    new Set(running.filter(isOne).map(({ node }) => node));
  const held = nodesOf(({ workload }) => agents.has(refKey(workload)));
  const bare = [...snapshot.nodes.keys()].filter((node) => !held.has(node));
  if (bare.length !== count) return [];
  // calico-node-windows beside calico-node: the plugin in another form.
  const otherForms = nodesOf(({ workload: { kind, namespace, name } }) =>
    daemonSets.some(
      (each) => kind === each.kind && namespace === each.namespace && name.startsWith(each.name),
    ),
  );
  return bare.filter((node) => !otherForms.has(node)).sort();
}

export const nodesWithoutEngine: Check = {
  id: 'PIT-CNI-8',
  title: 'Nodes on which the plugin does not run',
  severity: 'error',
  group: 'enforcement',
  rules: ['GEN-25'],
  needs: ['pods', 'nodes', 'daemon-sets'],
  scenario:
    'The plugin’s DaemonSet leaves out some nodes: by a taint, by its nodeSelector, or because they are virtual or run Windows. Pods there are held by no policy.',
  evidence:
    'The DaemonSet of the plugin is to run on fewer nodes than there are, as many have no pod of it, nor of one whose name begins with its name (as calico-node-windows), and pods that policies select run there.',
  fix: 'Let the DaemonSet tolerate the taints of those nodes, or keep the pods off them.',
  *find(context) {
    const { leavesOut } = context.snapshot.plugin;
    if (leavesOut === undefined) return;
    const selected = selectedByNode(context);
    const nodes = bareNodes(leavesOut, context).filter((node) => selected.has(node));
    const pods = nodes.flatMap((node) => selected.get(node) ?? []);
    if (pods.length === 0) return;
    const workloads = workloadsOf(pods);
    const where = `${nodes.length === 1 ? 'node' : 'nodes'} ${listed(nodes)}`;
    yield {
      object: CLUSTER,
      path: [],
      message: `${pluginName(context) ?? 'The network plugin'} does not run on ${where}, and ${counted(podCount(pods), 'pod')} that policies select ${pods.length === 1 ? 'runs' : 'run'} there (${listed(workloads.map(named))}): nothing holds them.`,
      related: [
        ...leavesOut.daemonSets,
        ...nodes.map((name) => ({ kind: 'Node', namespace: null, name })),
        ...workloads,
      ],
    };
  },
};
