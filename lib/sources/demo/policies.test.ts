import { describe, expect, test } from 'vitest';
import { networkPolicy } from '#lib/policies/network-policy/network-policy.ts';
import { DemoCluster } from './demo-cluster.ts';
import { HARBOUR } from './harbour/harbour.ts';
import { NETWORK_POLICIES } from './policies.ts';

describe('the policies of Harbour', () => {
  const cluster = new DemoCluster(HARBOUR, () => 0);
  const bodies = (cluster.objects.list(NETWORK_POLICIES) ?? []).map(
    (change) => change.type === 'set' && change.object.body,
  );

  test('all compile without a problem', () => {
    expect(bodies.flatMap((body) => networkPolicy.compile(body).problems)).toEqual([]);
  });

  test('lie in a namespace of Harbour and have a name of their own there', () => {
    const namespaces = HARBOUR.map(({ name }) => name);
    const refs = bodies.flatMap((body) =>
      networkPolicy.compile(body).policies.map(({ ref }) => ref),
    );
    for (const { namespace } of refs) expect(namespaces).toContain(namespace);
    expect(new Set(refs.map(({ namespace, name }) => `${namespace}/${name}`)).size).toBe(
      refs.length,
    );
  });

  test('open and close as their authors meant, but for one', () => {
    const defaulted = bodies.flatMap((body) => {
      return networkPolicy
        .compile(body)
        .policies.flatMap(({ ref, notes }) =>
          notes.map((note) => ({ policy: `${ref.namespace}/${ref.name}`, note: note.kind })),
        );
    });
    expect(defaulted).toEqual([{ policy: 'platform/lockdown', note: 'policy-types-defaulted' }]);
  });
});
