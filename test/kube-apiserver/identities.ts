import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority } from '#lib/testing/certificates.ts';

/** `admin` may do everything; `viewer` and `nobody` have no rights until a test gives them some. */
export type User = 'admin' | 'viewer' | 'nobody';
const USERS: readonly User[] = ['admin', 'viewer', 'nobody'];

export interface Identities {
  readonly ca: string;
  /** Bearer tokens. */
  readonly tokens: Readonly<Record<User, string>>;
  /** Writes a kubeconfig for a server; gives its path. */
  kubeconfig(user: User, server: string, namespace?: string): string;
}

/** Writes the throw-away keys, certificates and tokens that kube-apiserver starts with. */
export function createIdentities(directory: string): Identities {
  const write = (name: string, content: string) => {
    const path = join(directory, name);
    writeFileSync(path, content);
    chmodSync(path, 0o600);
    return path;
  };
  const authority = createAuthority('sightline-test');
  const hosts = ['127.0.0.1', 'localhost', 'kubernetes.default.svc'];
  const server = authority.issue({ commonName: 'kube-apiserver', use: 'server', hosts });
  const caFile = write('ca.crt', authority.cert);
  write('apiserver.crt', server.cert);
  write('apiserver.key', server.key);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  write('sa.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const token = () => randomBytes(16).toString('hex');
  const tokens = { admin: token(), viewer: token(), nobody: token() };
  const lines = USERS.map((user, index) => {
    const groups = user === 'admin' ? ',"system:masters"' : '';
    return `${tokens[user]},${user},u${index}${groups}`;
  });
  write('tokens.csv', `${lines.join('\n')}\n`);
  let written = 0;
  return {
    ca: authority.cert,
    tokens,
    kubeconfig: (user, url, namespace) => {
      written += 1;
      const context = { cluster: 'test', user, ...(namespace !== undefined && { namespace }) };
      const content = {
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'test',
        clusters: [{ name: 'test', cluster: { server: url, 'certificate-authority': caFile } }],
        contexts: [{ name: 'test', context }],
        users: [{ name: user, user: { token: tokens[user] } }],
      };
      // JSON is YAML
      return write(`${user}-${written}.kubeconfig`, JSON.stringify(content, null, 2));
    },
  };
}
