import { describe, expect, test } from 'vitest';
import { daemonSet, evidenceOf, node } from '#lib/testing/plugin-evidence.ts';
import { assumePlugin } from './assume-plugin.ts';
import { detectPlugin } from './detect-plugin.ts';
import { withChoice } from './plugin-choice.ts';

const CALICO = detectPlugin(
  evidenceOf(
    node('n1') +
      daemonSet('kube-system/calico-node', [
        { name: 'calico-node', image: 'quay.io/calico/node:v3.31.2' },
      ]),
  ),
);

describe('what a person states', () => {
  test('wins over what is seen, which is still told', () => {
    const { plugin, profile } = withChoice(CALICO, { name: 'cilium', flags: { sctp: 'yes' } });
    expect(profile).toMatchObject({ name: 'cilium', order: 'cilium' });
    expect(profile.flags).toMatchObject({ sctp: 'yes', ipBlockMatchesPods: 'no' });
    expect(plugin).toMatchObject({ how: 'chosen', title: 'cilium' });
    expect(plugin.evidence).toContain('Stated: the network plugin is cilium.');
    expect(plugin.evidence).toContain('Stated: sctp is yes.');
    expect(plugin.evidence).toContain('DaemonSet kube-system/calico-node runs calico-node 3.31.2.');
  });

  test('may be one habit of the plugin that is seen', () => {
    const { plugin, profile } = withChoice(CALICO, { name: null, flags: { sctp: 'no' } });
    expect(profile.name).toBe('calico');
    expect(profile.flags.sctp).toBe('no');
    expect(plugin).toMatchObject({ how: 'detected', title: 'Calico', version: '3.31.2' });
    expect(plugin.evidence.at(-1)).toBe('Stated: sctp is no.');
  });

  test('and where nothing is stated, what is seen stays', () => {
    expect(withChoice(CALICO, { name: null, flags: {} })).toEqual(CALICO);
  });
});

describe('manifests without a plugin', () => {
  test('are judged as Kubernetes’ tests expect', () => {
    expect(assumePlugin(new Set())).toMatchObject({
      plugin: { how: 'assumed', title: null },
      profile: { name: 'kubernetes' },
    });
  });

  test.each(['Calico', 'Cilium'] as const)('with policies of %s are judged as it does', (kind) => {
    expect(assumePlugin(new Set([kind]))).toMatchObject({
      plugin: { how: 'assumed', title: kind },
      profile: { name: kind.toLowerCase(), order: kind.toLowerCase() },
    });
  });

  test('with policies of both are of no plugin that is known', () => {
    expect(assumePlugin(new Set(['Calico', 'Cilium']))).toMatchObject({
      plugin: { how: 'undetected', title: null },
      profile: { name: 'undetected' },
    });
  });
});
