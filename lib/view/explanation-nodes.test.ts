import { describe, expect, it } from 'vitest';
import { analyse } from '#lib/engine/connectivity.ts';
import { snapshotOf } from '#lib/testing/raw-snapshot.ts';
import type { RawPod } from '#lib/testing/reference-evaluator.ts';
import { explanationView } from './explanation-builder.ts';

function pod(name: string, node: string, hostNetwork: boolean): RawPod {
  const ip = hostNetwork ? `192.168.0.${node.slice(1)}` : `10.0.0.${name.length}`;
  const labels = { app: hostNetwork ? 'agent' : 'db' };
  return { namespace: 'shop', name, labels, ip, node, hostNetwork, phase: 'Running', ports: [] };
}

const connectivity = analyse(
  snapshotOf({
    namespaces: [],
    pods: [pod('agent', 'n1', true), pod('db', 'n1', false), pod('db-2', 'n2', false)],
    policies: [
      { metadata: { namespace: 'shop', name: 'closed' }, spec: { policyTypes: ['Ingress'] } },
    ],
  }),
);
const context = { cluster: 'test', revision: 1, readAt: null };
const ask = (from: string, to: string) => {
  const port = { protocol: 'TCP', port: 5432 } as const;
  const explained = explanationView(connectivity, context, { from, to, port }, () => null);
  if (!explained.ok) throw new Error(explained.message);
  return explained.view;
};

describe('GEN-14: the node of a pod decides', () => {
  it('lets the pod of the same node in', () => {
    const { verdict, parts } = ask('shop/agent', 'shop/db');
    expect(verdict).toBe('allowed');
    expect(parts[0]?.answer.ingress.reason).toEqual({ kind: 'local-node' });
  });

  it('keeps those of other nodes out', () => {
    expect(ask('shop/agent', 'shop/db-2').verdict).toBe('blocked');
  });

  it('answers in parts for an end that runs on several nodes, without a doubt left', () => {
    const { verdict, parts } = ask('shop/agent', '10.0.0.0/29');
    expect(verdict).toBe('mixed');
    expect(parts.map(({ answer }) => answer.verdict).sort()).toContain('allowed');
    expect(parts.map(({ answer }) => answer.verdict)).not.toContain('unknown');
  });
});
