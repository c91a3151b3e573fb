import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';

/** What is kept of a DaemonSet's container. Arguments and environments may hold secrets. */

/** Containers of network plugins whose arguments say what they enforce. */
const ARGUMENTS_OF = new Set([
  'aws-eks-nodeagent',
  'aws-network-policy-agent',
  'cilium-agent',
  'kindnet-cni',
  'kube-router',
  'ovnkube-controller',
  'ovnkube-node',
]);

/** Variables that say what a plugin enforces. */
const VARIABLES = new Set([
  'EXPECT_NPC',
  'FELIX_DEFAULTENDPOINTTOHOSTACTION',
  'NETWORK_POLICY_ENFORCING_MODE',
]);

function isRead({ name }: JsonObject): boolean {
  return typeof name === 'string' && (VARIABLES.has(name) || name.startsWith('CILIUM_'));
}

export function pluginContainer(container: Json): Json {
  if (!isJsonObject(container)) return container;
  const { name, image, command, args, env } = container;
  const variables = (Array.isArray(env) ? env : []).filter(
    (entry) => isJsonObject(entry) && isRead(entry),
  );
  return {
    ...(name !== undefined && { name }),
    ...(image !== undefined && { image }),
    ...(typeof name === 'string' &&
      ARGUMENTS_OF.has(name) && {
        ...(command !== undefined && { command }),
        ...(args !== undefined && { args }),
      }),
    ...(variables.length > 0 && { env: variables }),
  };
}
