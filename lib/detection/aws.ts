import { switchOf, truth } from './arguments.ts';
import type { ClusterEvidence } from './cluster-evidence.ts';
import {
  ENFORCES_NOTHING,
  type Finding,
  findContainer,
  seenSentence,
  switched,
} from './finding.ts';
import { settingsOf } from './settings.ts';
import { imageVersion } from './version.ts';

/** The VPC CNI of AWS (DET-8). */

const AGENTS = ['aws-eks-nodeagent', 'aws-network-policy-agent'];

export function findAws(evidence: ClusterEvidence): Finding | null {
  const found = findContainer(evidence.daemonSets, ({ name }) => name === 'aws-node');
  if (found === null) return null;
  const { daemonSet, container } = found;
  const version = imageVersion(container.image)?.text ?? null;
  const common = { profile: 'aws', runsIn: daemonSet, title: 'AWS VPC CNI', version };
  const seen = seenSentence(found, version);
  const agent = daemonSet.containers.find(({ name }) => AGENTS.includes(name));
  if (agent === undefined)
    return {
      ...common,
      flags: ENFORCES_NOTHING,
      evidence: [seen, 'It has no container of the policy agent.'],
      unread: [],
    };
  // AWS-1: without the argument the agent does nothing.
  const isOn = switchOf(agent, 'enable-network-policy', false);
  const controller = settingsOf(evidence, 'ConfigMap', 'amazon-vpc-cni', daemonSet.namespace);
  const converts = controller.values?.get('enable-network-policy-controller');
  const told =
    converts === undefined
      ? []
      : [`${controller.source} sets enable-network-policy-controller to ${converts}.`];
  // An agent without the controller is told no policies; what it does then was not verified.
  const isConverted = converts === undefined ? null : truth(converts);
  const mode =
    container.environment.get('NETWORK_POLICY_ENFORCING_MODE') ??
    agent.environment.get('NETWORK_POLICY_ENFORCING_MODE') ??
    'standard';
  const isStrict = mode.toLowerCase() !== 'standard';
  return {
    ...common,
    flags: {
      ...switched(isOn === true && isConverted === false ? null : isOn),
      // AWS-4: what of a pod without policies, when pods start closed, was not verified.
      ...(isStrict ? { isolatesEverything: 'unknown' } : {}),
    },
    evidence: [
      seen,
      `Its ${agent.name} ${agentWords(isOn)}.`,
      ...told,
      ...(isStrict ? [`NETWORK_POLICY_ENFORCING_MODE is ${mode}.`] : []),
    ],
    unread: isOn === true && controller.unread !== null ? [controller.unread] : [],
  };
}

function agentWords(isOn: boolean | null): string {
  if (isOn === null) return 'has an --enable-network-policy that is not understood';
  return isOn ? 'runs with --enable-network-policy=true' : 'runs without --enable-network-policy';
}
