import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PODS, REPLICA_SETS } from '#lib/model/resource.ts';
import { NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import { createAuthority } from '#lib/testing/certificates.ts';
import { FakeApiServer } from '#lib/testing/fake-api-server.ts';
import { kubeConfigText } from '#lib/testing/fake-kubeconfig.ts';
import { typed } from './typed-command.ts';

describe('a cluster', () => {
  const authority = createAuthority('cli-test');
  const { cert, key } = authority.issue({
    commonName: 'server',
    use: 'server',
    hosts: ['127.0.0.1'],
  });
  let server: FakeApiServer;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cli-'));
    server = await FakeApiServer.start({ resources: [NETWORK_POLICIES], tls: { cert, key } });
    const cluster = { 'certificate-authority-data': btoa(authority.cert) };
    const config = kubeConfigText({ server: server.url, cluster });
    await writeFile(join(folder, 'config'), config, { mode: 0o600 });
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const controlled = (kind: string, name: string) => ({
    ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: 'u', controller: true }],
  });

  test('is read whole before it is answered from', async () => {
    const labels = { app: 'web' };
    server.store.set(REPLICA_SETS, {
      metadata: { name: 'web-1', namespace: 'shop', ...controlled('Deployment', 'web') },
    });
    for (const name of ['web-1-a', 'web-1-b'])
      server.store.set(PODS, {
        metadata: { name, namespace: 'shop', labels, ...controlled('ReplicaSet', 'web-1') },
        status: { phase: 'Running' },
      });
    server.store.set(NETWORK_POLICIES, {
      metadata: { name: 'closed', namespace: 'shop' },
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    });
    const { code, out, err } = await typed(`list --kubeconfig ${folder}/config --cni calico`);
    // On a busy machine it takes so long that this is said.
    expect({ code, out, err: err.replace('reading …\n', '') }).toEqual({
      code: 0,
      out: 'shop/web[Deployment] => 0.0.0.0-255.255.255.255 : all\n',
      err: '',
    });
    const unsure = await typed(`list --kubeconfig ${folder}/config`);
    expect(unsure.err).toContain('name it with --cni');
  });

  test('whose policies may not be read gives no verdict, and says so', async () => {
    server.store.set(PODS, { metadata: { name: 'a', namespace: 'shop' } });
    server.intercept(({ path }) =>
      path.includes('networkpolicies') ? { kind: 'status', code: 403, reason: 'Forbidden' } : null,
    );
    const { code, out, err } = await typed(
      `list --kubeconfig ${folder}/config --cni calico -o json`,
    );
    expect(code).toBe(1);
    const { connections, unknown, problems } = JSON.parse(out);
    expect(connections).toEqual([]);
    expect(unknown[0]).toMatchObject({
      dst: 'shop/a[Pod]',
      ports: { all: true },
      causes: [{ kind: 'not-readable' }],
    });
    expect(problems).toMatchObject([{ code: 'not-readable', severity: 'error' }]);
    expect(err).toContain('networkpolicies.networking.k8s.io');
  });

  test('that never answers is exit code 3 when the time is over', async () => {
    server.intercept(() => ({ kind: 'hang' }));
    const { code, out, err } = await typed(
      `list --kubeconfig ${folder}/config --cni calico --timeout 1.5`,
    );
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toBe(
      'reading …\nerror: pods were not read within 1.5 s; --timeout gives it longer\n',
    );
  });

  test('that cannot be reached is exit code 3, after a second attempt', async () => {
    await server.close();
    const { code, out, err } = await typed(`list --kubeconfig ${folder}/config --cni calico`);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err.trimEnd().split('\n').at(-1)).toMatch(/^error: .*ECONNREFUSED/);
  });
});
