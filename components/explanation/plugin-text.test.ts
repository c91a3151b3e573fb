import { describe, expect, test } from 'vitest';
import type { PluginSummary } from '#lib/view/plugin-summary.ts';
import { pluginNotice, pluginTitle } from './plugin-text.ts';

const CALICO: PluginSummary = {
  how: 'detected',
  title: 'Calico',
  version: '3.31.2',
  engines: 1,
  evidence: [],
  unread: [],
  profile: 'calico',
  enforces: 'yes',
};
const NONE = { title: null, version: null, engines: 0 };

test.each<[string, Partial<PluginSummary>, string, string]>([
  [
    'a plugin that enforces nothing',
    { title: 'Flannel', enforces: 'no' },
    'negative',
    'Flannel does not enforce NetworkPolicy here: whatever the policies say, every connection passes.',
  ],
  [
    'no plugin at all',
    { ...NONE, enforces: 'no' },
    'negative',
    'No network plugin that enforces NetworkPolicy was found: whatever the policies say, every connection passes.',
  ],
  [
    'audit mode',
    { title: 'Cilium', enforces: 'audit' },
    'negative',
    'Cilium is in audit mode: what policies deny is reported, and passes all the same.',
  ],
  [
    'a plugin whose settings may not be read',
    { title: 'Cilium', enforces: 'unknown' },
    'caution',
    'Whether Cilium enforces NetworkPolicy here is not known. Verdicts assume that it does.',
  ],
  [
    'a plugin that was not found',
    { ...NONE, how: 'undetected', enforces: 'unknown' },
    'caution',
    'The network plugin was not recognised. Verdicts assume that it enforces NetworkPolicy.',
  ],
  [
    'two of them',
    { title: 'Calico and AWS VPC CNI', engines: 2 },
    'caution',
    'Calico and AWS VPC CNI enforce policies side by side: a connection must pass each of them, and where they differ its verdict is unknown.',
  ],
  [
    'a plugin that is assumed',
    { how: 'assumed' },
    'info',
    'The network plugin is assumed to be Calico, for there are policies of its kinds.',
  ],
])('%s is told', (_, changes, tone, text) => {
  expect(pluginNotice({ ...CALICO, ...changes })).toEqual({ tone, text });
});

test.each<[string, Partial<PluginSummary>]>([
  ['a plugin that enforces', {}],
  ['one that was stated', { how: 'chosen' }],
  ['manifests, judged as Kubernetes’ tests expect', { ...NONE, how: 'assumed' }],
])('nothing needs telling of %s', (_, changes) => {
  expect(pluginNotice({ ...CALICO, ...changes })).toBeNull();
});

describe('which plugin it is', () => {
  test.each<[Partial<PluginSummary>, string]>([
    [{}, 'Calico 3.31.2'],
    [{ how: 'chosen', title: 'calico', version: null }, 'calico, as stated'],
    [{ how: 'assumed', version: null }, 'Calico, assumed'],
    [{ ...NONE, how: 'undetected' }, 'not recognised'],
    [{ ...NONE, enforces: 'no' }, 'none that enforces policies'],
  ])('%j: %s', (changes, title) => {
    expect(pluginTitle({ ...CALICO, ...changes })).toBe(title);
  });
});
