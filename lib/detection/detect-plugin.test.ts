import { describe, expect, test } from 'vitest';
import { daemonSet, node } from '#lib/testing/plugin-evidence.ts';
import {
  aws,
  CALICO,
  CILIUM,
  cilium,
  detect,
  foundFor,
  one,
  type PluginRows,
  wantedBy,
} from '#lib/testing/plugin-rows.ts';

/** What comes of no plugin, of several, and of what anybody may have made. */

const ROWS: readonly PluginRows[] = [
  [
    'DET-20 no engine',
    [
      {
        says: 'where only kube-proxy runs on the network of nodes',
        objects: one('kube-system/kube-proxy', { name: 'kube-proxy' }),
        title: null,
        enforces: 'no',
      },
      {
        says: 'is not concluded from what is not known',
        objects: one('kube-system/some-cni', { name: 'agent' }),
        title: null,
        enforces: 'unknown',
      },
      {
        says: 'is not concluded where there is no node',
        objects: daemonSet('kube-system/kube-proxy', [{ name: 'kube-proxy' }]),
        title: null,
        enforces: 'unknown',
      },
      {
        says: 'is not concluded where DaemonSets may not be read',
        objects: node('n1'),
        unread: { daemonSets: 'they may not be listed' },
        title: null,
        enforces: 'unknown',
      },
      {
        says: 'is not concluded where nodes may not be read',
        objects: daemonSet('kube-system/kube-proxy', [{ name: 'kube-proxy' }]),
        unread: { nodes: 'they may not be listed' },
        title: null,
        enforces: 'unknown',
      },
    ],
  ],
];

describe.each(ROWS)('%s', (_, rows) => {
  test.each(rows)('$says', (row) => {
    expect(foundFor(row)).toEqual(wantedBy(row));
  });
});

describe('DET-21 two engines', () => {
  const both = detect(
    aws(['--enable-network-policy=true'], 'true') +
      daemonSet('calico-system/calico-node', [CALICO]),
  );

  test('both must let a connection through', () => {
    expect(both.plugin).toMatchObject({
      how: 'detected',
      title: 'Calico and AWS VPC CNI',
      engines: 2,
      version: null,
    });
    expect(both.profile.flags).toMatchObject({ enforces: 'yes', ipBlockMatchesPods: 'yes' });
    expect(both.plugin.evidence.at(-1)).toBe(
      'They enforce policies side by side: a connection must pass each of them.',
    );
  });

  test('what only one of them knows, or does otherwise, is unknown', () => {
    expect(both.profile.flags).toMatchObject({
      enforcesCalico: 'unknown',
      initContainerPorts: 'unknown',
      policesHairpin: 'unknown',
    });
    expect(both.profile).toMatchObject({ order: 'plain', ties: 'unspecified' });
  });

  test('one that is switched off is no engine', () => {
    const found = detect(
      aws(['--enable-network-policy=false']) + daemonSet('calico-system/calico-node', [CALICO]),
    );
    expect(found.plugin).toMatchObject({ title: 'Calico', engines: 1 });
    expect(found.plugin.evidence).toContain(
      'Its aws-eks-nodeagent runs without --enable-network-policy.',
    );
  });
});

describe('a plugin that leaves out nodes', () => {
  const onOne = (nodes: string) =>
    detect(nodes + daemonSet('kube-system/calico-node', [CALICO], { wanted: 1 }));

  test('does not enforce in the cluster as a whole', () => {
    const { plugin, profile } = onOne(node('n1') + node('n2'));
    expect(plugin).toMatchObject({ how: 'detected', title: 'Calico' });
    expect(profile.flags.enforces).toBe('unknown');
    expect(plugin.evidence).toContain(
      'It is to run on 1 of 2 nodes, and on the others nothing enforces policies.',
    );
    expect(plugin.leavesOut).toEqual({
      count: 1,
      daemonSets: [{ kind: 'DaemonSet', namespace: 'kube-system', name: 'calico-node' }],
    });
  });

  test('may run there by another DaemonSet', () => {
    const other = daemonSet('kube-system/calico-node-arm64', [CALICO], { wanted: 1 });
    expect(onOne(node('n1') + node('n2') + other).profile.flags.enforces).toBe('yes');
  });

  test('is one that does where there is no other node', () => {
    const { plugin, profile } = onOne(node('n1'));
    expect(profile.flags.enforces).toBe('yes');
    expect(plugin.leavesOut).toBeUndefined();
  });
});

describe('what is told', () => {
  test('the DaemonSet, its version and the settings that matter', () => {
    const { plugin } = detect(cilium({ 'policy-cidr-match-mode': 'nodes', debug: 'true' }));
    expect(plugin.evidence).toEqual([
      'DaemonSet kube-system/cilium runs cilium-agent 1.18.2.',
      'ConfigMap kube-system/cilium-config sets policy-cidr-match-mode to nodes.',
    ]);
  });

  test('what could not be read', () => {
    const { plugin } = detect(one('kube-system/cilium', CILIUM), {
      configurations: { 'ConfigMap/cilium-config': 'it may not be listed' },
    });
    expect(plugin.unread).toEqual([
      'ConfigMap kube-system/cilium-config could not be read: it may not be listed.',
    ]);
  });

  test('that DaemonSets may not be read', () => {
    expect(detect(node('n1'), { daemonSets: 'they may not be listed' }).plugin).toMatchObject({
      how: 'undetected',
      unread: ['DaemonSets could not be read: they may not be listed.'],
    });
  });
});

describe('a DaemonSet that anybody may have made', () => {
  test('is not taken for the plugin of the cluster', () => {
    const { plugin, profile } = detect(one('shop/cilium', CILIUM));
    expect(plugin).toMatchObject({ how: 'undetected', title: null });
    expect(profile.flags.enforces).toBe('unknown');
    expect(plugin.evidence.join(' ')).toContain('DaemonSet shop/cilium runs cilium-agent');
  });

  test('does not stand beside the real one', () => {
    const found = detect(
      one('calico-system/calico-node', CALICO) + daemonSet('shop/cilium', [CILIUM]),
    );
    expect(found.plugin).toMatchObject({ how: 'detected', title: 'Calico', engines: 1 });
  });
});
