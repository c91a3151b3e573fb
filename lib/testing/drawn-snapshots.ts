import fc from 'fast-check';
import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import { type CniProfile, cniProfile } from '#lib/engine/cni-profile.ts';
import { cluster, tieredCluster } from './arbitraries.ts';
import { calicoCluster } from './calico-arbitraries.ts';
import { calicoBodies } from './calico-reference.ts';
import { ciliumCluster } from './cilium-arbitraries.ts';
import { ciliumBodies } from './cilium-reference.ts';
import { withControllers } from './controlled-pods.ts';
import { history } from './history.ts';
import { type RawObject, rawObjects } from './raw-snapshot.ts';

/** Random clusters of every kind of policy, under every plugin's profile. */

const PROFILES = [
  ...['kubernetes', 'calico', 'cilium'].map((name) => cniProfile(name, {})),
  cniProfile('undetected', { enforces: 'yes' }),
].filter((profile): profile is CniProfile => profile !== null);

export const drawnProfile = fc.constantFrom(...PROFILES);

export const drawnObjects: fc.Arbitrary<readonly RawObject[]> = fc.oneof(
  cluster.map((raw) => rawObjects(raw)),
  tieredCluster.map((raw) => rawObjects(raw)),
  calicoCluster.map((raw) => rawObjects(raw, calicoBodies(raw))),
  ciliumCluster.map((raw) => rawObjects(raw, ciliumBodies(raw))),
);

/** With pods alone, or under controllers. */
export const drawnSnapshot: fc.Arbitrary<ClusterSnapshot> = fc
  .tuple(
    drawnObjects.filter((objects) => objects.length > 0),
    drawnProfile,
    fc.boolean(),
  )
  .map(([objects, profile, controlled]) => {
    const [snapshot] = history([objects], () => 0, objects.length, profile);
    if (snapshot === undefined) throw new Error('nothing was drawn');
    return controlled ? withControllers(snapshot) : snapshot;
  });
