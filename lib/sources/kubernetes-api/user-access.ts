import { basename } from 'node:path';
import type { Cluster, User } from '@kubernetes/client-node';
import { z } from 'zod';
import { type ExecPlugin, execSchema } from './exec-credentials.ts';
import type { KubeConfigEntry } from './kubeconfig.ts';
import { absolute, present, readEntry, text } from './kubeconfig-entry.ts';
import { KubeConfigError } from './kubeconfig-file.ts';

const userSchema = z.looseObject({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  'as-uid': text,
  'as-groups': z.array(z.string()).nullish(),
  'as-user-extra': z.record(z.string(), z.array(z.string())).nullish(),
  'auth-provider': z
    .object({ name: z.string(), config: z.record(z.string(), z.string()).nullish() })
    .nullish(),
  exec: execSchema.nullish(),
});
type UserEntry = z.infer<typeof userSchema>;

/** Who a user entry makes one. */
export interface UserAccess {
  readonly user: User;
  readonly impersonation: Readonly<Record<string, string | string[]>>;
  readonly plugin: ExecPlugin | null;
}

/** Throws a KubeConfigError for what cannot be honoured: it would change who one is. */
export function readUser(
  entry: KubeConfigEntry,
  label: string,
  cluster: Cluster,
  environment: Readonly<Record<string, string | undefined>>,
): UserAccess {
  const user = readEntry(userSchema, entry, label);
  return {
    user: clientUser(user, entry, label),
    impersonation: impersonation(user, label),
    plugin: execPlugin(user, entry, cluster, environment, label),
  };
}

function clientUser(user: UserEntry, entry: KubeConfigEntry, label: string): User {
  const provider = user['auth-provider'];
  if (provider && provider.name !== 'oidc') {
    throw new KubeConfigError(
      `${label}: auth-provider ${provider.name} is not supported (kubectl dropped it as well); use an exec plugin`,
    );
  }
  const tokenFile = absolute(entry, user.tokenFile);
  return {
    name: 'user',
    ...present('certFile', absolute(entry, user['client-certificate'])),
    ...present('certData', user['client-certificate-data']),
    ...present('keyFile', absolute(entry, user['client-key'])),
    ...present('keyData', user['client-key-data']),
    ...present('username', user.username),
    ...present('password', user.password),
    ...present('impersonateUser', user.as),
    ...(provider ? { authProvider: provider } : {}),
    // as in kubectl, the file wins over a token written beside it, because it is renewed
    ...(tokenFile === undefined
      ? present('token', user.token)
      : { authProvider: { name: 'tokenFile', config: { tokenFile } } }),
  };
}

function impersonation(user: UserEntry, label: string): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  if (user['as-uid']) headers['Impersonate-Uid'] = user['as-uid'];
  if (user['as-groups']?.length) headers['Impersonate-Group'] = user['as-groups'];
  for (const [key, values] of Object.entries(user['as-user-extra'] ?? {})) {
    headers[`Impersonate-Extra-${headerName(key)}`] = values;
  }
  if (!user.as && Object.keys(headers).length > 0) {
    throw new KubeConfigError(`${label}: as-uid, as-groups and as-user-extra need \`as\``);
  }
  return headers;
}

/** Keys may be URLs; what a header name cannot hold is percent-encoded, as client-go does. */
function headerName(key: string): string {
  return key.replace(/[^A-Za-z0-9!#$&'*+.^_`|~-]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase()}`).join(''),
  );
}

function execPlugin(
  { exec }: UserEntry,
  entry: KubeConfigEntry,
  cluster: Cluster,
  environment: Readonly<Record<string, string | undefined>>,
  label: string,
): ExecPlugin | null {
  if (!exec) return null;
  if (exec.interactiveMode === 'Always') {
    throw new KubeConfigError(`${label}: its credential plugin ${exec.command} needs a terminal`);
  }
  const info = {
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: {
      interactive: false,
      ...(exec.provideClusterInfo ? { cluster: clusterInfo(cluster) } : {}),
    },
  };
  const named = basename(exec.command) === exec.command;
  return {
    apiVersion: exec.apiVersion,
    command: named ? exec.command : (absolute(entry, exec.command) ?? exec.command),
    args: exec.args ?? [],
    environment: {
      ...environment,
      ...Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
      KUBERNETES_EXEC_INFO: JSON.stringify(info),
    },
  };
}

/** What a plugin with provideClusterInfo is told. */
function clusterInfo({ server, caData, tlsServerName, skipTLSVerify }: Cluster): object {
  return {
    server,
    'certificate-authority-data': caData,
    'tls-server-name': tlsServerName,
    'insecure-skip-tls-verify': skipTLSVerify,
  };
}
