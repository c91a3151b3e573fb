import { describe, expect, test } from 'vitest';
import { CNI_FLAGS, CNI_NAMES, type CniFlag, cniProfile, type Tri } from './cni-profile.ts';

/** The capability matrix: what is known of plugins, and what nobody verified. */

test.each<[string, CniFlag, Tri]>([
  ['calico', 'ipBlockMatchesPods', 'yes'],
  ['calico', 'ipBlockMatchesNodes', 'yes'],
  ['calico', 'initContainerPorts', 'yes'],
  ['calico', 'policesPodToLocalNode', 'yes'],
  ['calico', 'policesHairpin', 'yes'],
  ['cilium', 'ipBlockMatchesPods', 'no'],
  ['cilium', 'ipBlockMatchesNodes', 'no'],
  ['cilium', 'sctp', 'unknown'],
  ['cilium', 'policesPodToLocalNode', 'yes'],
  ['cilium', 'policesHairpin', 'no'],
  ['antrea', 'sctp', 'unknown'],
  ['antrea', 'policesPodToLocalNode', 'unknown'],
  ['ovn-kubernetes', 'ipBlockMatchesPods', 'yes'],
  ['ovn-kubernetes', 'policesHairpin', 'no'],
  ['aws', 'initContainerPorts', 'no'],
  ['aws', 'policesPodToLocalNode', 'unknown'],
  ['kube-router', 'sctp', 'no'],
  ['kindnet', 'policesHairpin', 'yes'],
  ['azure-npm', 'endPort', 'no'],
  ['azure-npm', 'ipBlockMatchesPods', 'unknown'],
  ['flannel', 'enforces', 'no'],
])('%s: %s is %s', (name, flag, value) => {
  expect(cniProfile(name)?.flags[flag]).toBe(value);
});

describe('a profile', () => {
  test('has every flag, whichever its name', () => {
    for (const name of CNI_NAMES) {
      const profile = cniProfile(name);
      expect(profile?.name).toBe(name);
      expect(Object.keys(profile?.flags ?? {}).sort()).toEqual([...CNI_FLAGS].sort());
    }
  });

  test('takes flags of the reader’s own', () => {
    expect(cniProfile('calico', { sctp: 'no' })?.flags).toMatchObject({
      sctp: 'no',
      endPort: 'yes',
    });
    expect(cniProfile('calico')?.flags.sctp).toBe('yes');
  });

  test('is none for a name that nobody has', () => {
    expect(cniProfile('constructor')).toBeNull();
  });

  test('of a plugin that was not found leaves open where plugins differ', () => {
    expect(cniProfile('undetected')?.flags).toMatchObject({
      enforces: 'unknown',
      ipBlockMatchesPods: 'unknown',
      ipBlockMatchesNodes: 'unknown',
      endPort: 'unknown',
      sctp: 'unknown',
      policesPodToLocalNode: 'unknown',
      policesHairpin: 'unknown',
    });
  });
});
