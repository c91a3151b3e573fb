import { argument, switchOf, truth } from './arguments.ts';
import type { ClusterEvidence, NodeEvidence } from './cluster-evidence.ts';
import { type Finding, findContainer, seenSentence, switched } from './finding.ts';
import { imageVersion, parseVersion } from './version.ts';

/** kube-router as a DaemonSet (DET-11), and built into k3s (DET-12). */

export function findKubeRouter({ daemonSets }: ClusterEvidence): Finding | null {
  const found = findContainer(daemonSets, ({ name }) => name === 'kube-router');
  if (found === null) return null;
  const version = imageVersion(found.container.image)?.text ?? null;
  const isOn = switchOf(found.container, 'run-firewall', true);
  const given = argument(found.container.words, 'run-firewall');
  return {
    profile: 'kube-router',
    runsIn: found.daemonSet,
    title: 'kube-router',
    version,
    flags: switched(isOn),
    evidence: [
      seenSentence(found, version),
      ...(given === null ? [] : [`It runs with --run-firewall=${given}.`]),
    ],
    unread: [],
  };
}

/** Whether a k3s server runs its policy controller; null for an agent, which takes its server's word. */
function runsPolicies({ k3sArguments }: NodeEvidence): boolean | null {
  if (k3sArguments === null || k3sArguments[0] !== 'server') return null;
  const disabled = argument(k3sArguments, 'disable-network-policy');
  return disabled === null ? true : truth(disabled) === false;
}

/** k3s runs it within its own process: only the nodes tell. RKE2's nodes do not count (DET-13). */
export function findK3s({ nodes }: ClusterEvidence): Finding | null {
  const of = nodes.items.filter(({ kubeletVersion }) => kubeletVersion?.includes('+k3s') === true);
  const [first] = of;
  if (first === undefined) return null;
  const servers = of.flatMap((node) => {
    const runs = runsPolicies(node);
    return runs === null ? [] : [{ node, runs }];
  });
  const answers = new Set(servers.map(({ runs }) => runs));
  const [runs] = answers;
  const version = parseVersion(first.kubeletVersion ?? '')?.text ?? null;
  const off = servers.find((server) => !server.runs);
  return {
    profile: 'kube-router',
    runsIn: null,
    title: 'k3s with its built-in kube-router',
    version,
    flags: switched(answers.size === 1 ? (runs ?? null) : null),
    evidence: [
      `Node ${first.name} runs k3s ${version ?? first.kubeletVersion}.`,
      ...(off === undefined
        ? []
        : [`The k3s server on node ${off.node.name} runs with --disable-network-policy.`]),
    ],
    unread:
      servers.length === 0
        ? ['No node shows the arguments of a k3s server, which may disable network policies.']
        : [],
  };
}
