import fc from 'fast-check';
import { type CniProfile, cniProfile } from '#lib/engine/cni-profile.ts';
import { cluster, tieredCluster } from './arbitraries.ts';
import { calicoCluster } from './calico-arbitraries.ts';
import { calicoBodies } from './calico-reference.ts';
import { ciliumCluster } from './cilium-arbitraries.ts';
import { ciliumBodies } from './cilium-reference.ts';
import { type RawObject, rawObjects } from './raw-snapshot.ts';

/** The objects of a small random cluster, of any kind of policies. */
export const anyCluster: fc.Arbitrary<readonly RawObject[]> = fc.oneof(
  cluster.map((raw) => rawObjects(raw)),
  tieredCluster.map((raw) => rawObjects(raw)),
  calicoCluster.map((raw) => rawObjects(raw, calicoBodies(raw))),
  ciliumCluster.map((raw) => rawObjects(raw, ciliumBodies(raw))),
);

const PROFILES = [
  ...['kubernetes', 'calico', 'cilium'].map((name) => cniProfile(name, {})),
  cniProfile('undetected', { enforces: 'yes' }),
].filter((profile): profile is CniProfile => profile !== null);

/** A plugin, whether it goes with the policies or not. */
export const anyProfile = fc.constantFrom(...PROFILES);
