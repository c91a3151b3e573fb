import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasPort, isEmptyPorts } from '#lib/model/port-set.ts';
import { tieredCluster as cluster } from '#lib/testing/arbitraries.ts';
import { boundsByPod } from '#lib/testing/bounds-by-pod.ts';
import { snapshotOf } from '#lib/testing/raw-snapshot.ts';
import { groupPairs } from '#lib/testing/reference-comparison.ts';
import type { RawCluster, RawPolicy, RawRule } from '#lib/testing/reference-evaluator.ts';
import {
  CNI_FLAGS,
  type CniFlag,
  type CniProfile,
  KUBERNETES_PROFILE,
  type Tri,
} from './cni-profile.ts';
import { analyse, connectionBounds } from './connectivity.ts';
import type { Endpoint } from './endpoint.ts';
import { connectionDoubts, explainConnection } from './explain.ts';
import { type PortBounds, unsurePorts } from './rule-ports.ts';

/** Laws that hold in every cluster, whatever the policies. */

const RUNS = { numRuns: 150 };
const PORT = { protocol: 'TCP', port: 80 } as const;

const flags = fc.record(
  Object.fromEntries(
    CNI_FLAGS.map((flag) => [flag, fc.constantFrom<Tri>('yes', 'no', 'unknown')]),
  ) as Record<CniFlag, fc.Arbitrary<Tri>>,
);
const profile = flags.map(
  (chosen): CniProfile => ({
    ...KUBERNETES_PROFILE,
    name: 'random',
    flags: chosen,
  }),
);

function isWithin(part: PortBounds['sure'], whole: PortBounds['sure']): boolean {
  return isEmptyPorts(unsurePorts({ atMost: part, sure: whole }));
}

describe('explanations', () => {
  it('have the verdict of the bounds, and reasons that fit', () => {
    fc.assert(
      fc.property(cluster, profile, (raw, cni) => {
        const connectivity = analyse(snapshotOf(raw, cni));
        for (const [from, to] of groupPairs(connectivity)) {
          const answer = explainConnection(connectivity, from, to, PORT);
          if (answer.ingress.reason.kind === 'same-pod') continue;
          const { sure, atMost } = connectionBounds(connectivity, from, to);
          const has = (set: PortBounds['sure']) => hasPort(set, PORT.protocol, PORT.port);
          expect(answer.verdict).toBe(has(sure) ? 'allowed' : has(atMost) ? 'unknown' : 'blocked');
          expect(answer.ports).toEqual({ allowed: sure, unknown: unsurePorts({ sure, atMost }) });
          for (const { verdict, reason } of [answer.egress, answer.ingress]) {
            expect(reason.kind === 'unknown').toBe(verdict === 'unknown');
            expect(['isolated', 'isolated-by-plugin', 'denied'].includes(reason.kind)).toBe(
              verdict === 'blocked',
            );
          }
        }
      }),
      RUNS,
    );
  });

  it('name a doubt where there is one, and only there', () => {
    fc.assert(
      fc.property(cluster, profile, (raw, cni) => {
        const connectivity = analyse(snapshotOf(raw, cni));
        for (const [from, to] of groupPairs(connectivity)) {
          const unsure = unsurePorts(connectionBounds(connectivity, from, to));
          const doubts = connectionDoubts(connectivity, from, to);
          expect(doubts.length > 0).toBe(!isEmptyPorts(unsure));
        }
      }),
      RUNS,
    );
  });
});

describe('policies', () => {
  const rules = fc.array(
    fc.constantFrom<RawRule>(
      {},
      { ports: [{ port: 80 }] },
      { from: [{ podSelector: { matchLabels: { app: 'a' } } }] },
      { from: [{ ipBlock: { cidr: '10.0.0.0/16' } }], ports: [{ protocol: 'UDP' }] },
    ),
    { maxLength: 2 },
  );
  const selector = fc.constantFrom(
    {},
    { matchLabels: { app: 'a' } },
    { matchLabels: { tier: 'b' } },
  );

  it('NP-11 one more takes nothing from pods that are isolated already', () => {
    fc.assert(
      fc.property(cluster, rules, selector, (raw, ingress, podSelector) => {
        const isolating = raw.policies.map((policy) => ({
          ...policy,
          spec: { ...policy.spec, podSelector: {}, policyTypes: ['Ingress' as const] },
        }));
        const before: RawCluster = {
          ...raw,
          policies: [{ metadata: { namespace: 'red', name: 'all' }, spec: {} }, ...isolating],
        };
        const added: RawPolicy = {
          metadata: { namespace: 'red', name: 'added' },
          spec: { podSelector, policyTypes: ['Ingress'], ingress },
        };
        const after = boundsByPod(
          analyse(snapshotOf({ ...before, policies: [...before.policies, added] })),
        );
        for (const [pair, bounds] of boundsByPod(analyse(snapshotOf(before))))
          expect(isWithin(bounds.sure, after.get(pair)?.sure ?? bounds.atMost)).toBe(true);
      }),
      RUNS,
    );
  });

  /** Empty for absent and absent for empty, wherever the API does not keep the difference. */
  function throughApi({ metadata, spec }: RawPolicy, defaulted: boolean): RawPolicy {
    const emptied = (rule: RawRule, field: 'from' | 'to'): RawRule => {
      const { ports, [field]: peers } = rule;
      return defaulted
        ? { [field]: peers ?? [], ports: ports ?? [] }
        : { ...(peers?.length ? { [field]: peers } : {}), ...(ports?.length ? { ports } : {}) };
    };
    const ingress = (spec.ingress ?? []).map((rule) => emptied(rule, 'from'));
    const egress = (spec.egress ?? []).map((rule) => emptied(rule, 'to'));
    const types = spec.policyTypes?.length
      ? spec.policyTypes
      : (['Ingress', ...(egress.length > 0 ? ['Egress'] : [])] as ('Ingress' | 'Egress')[]);
    return {
      metadata,
      spec: {
        podSelector: spec.podSelector ?? {},
        policyTypes: types,
        ...(defaulted || ingress.length > 0 ? { ingress } : {}),
        ...(defaulted || egress.length > 0 ? { egress } : {}),
      },
    };
  }

  it.each([true, false])('NP-4, NP-6 a round trip through an API changes no verdict', (full) => {
    fc.assert(
      fc.property(cluster, (raw) => {
        const stored = { ...raw, policies: raw.policies.map((each) => throughApi(each, full)) };
        expect(boundsByPod(analyse(snapshotOf(stored)))).toEqual(
          boundsByPod(analyse(snapshotOf(raw))),
        );
      }),
      RUNS,
    );
  });
});

describe('what is not known', () => {
  it('of a flag turns nothing around: what was sure is now in doubt, or as it was', () => {
    fc.assert(
      fc.property(cluster, profile, fc.constantFrom(...CNI_FLAGS), (raw, cni, flag) => {
        const known = analyse(snapshotOf(raw, cni));
        const doubtful: CniProfile = { ...cni, flags: { ...cni.flags, [flag]: 'unknown' } };
        const unknown = analyse(snapshotOf(raw, doubtful));
        const others = [...groupPairs(unknown)];
        for (const [i, [from, to]] of [...groupPairs(known)].entries()) {
          const before = connectionBounds(known, from, to);
          const [source, destination] = others[i] ?? [from, to];
          const after = connectionBounds(unknown, source, destination);
          expect(isWithin(before.sure, after.atMost)).toBe(true);
          // That nothing is enforced is believed only when it is known; until then blocks count.
          if (flag === 'enforces' || flag === 'dropsDenied') continue;
          expect(isWithin(after.sure, before.sure)).toBe(true);
          expect(isWithin(before.atMost, after.atMost)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  const label = (end: Endpoint) => (end.kind === 'pods' ? end.pods.map(({ name }) => name) : end);

  it('of namespaces’ labels leaves what is sure within what it was', () => {
    fc.assert(
      fc.property(cluster, (raw) => {
        const all = snapshotOf(raw, KUBERNETES_PROFILE);
        const known = analyse(all);
        const unread = analyse({
          ...all,
          namespaces: new Map(
            [...all.namespaces].map(([name, namespace]) => [
              name,
              {
                ...namespace,
                labels: new Map([['kubernetes.io/metadata.name', name]]),
                labelsKnown: false,
              },
            ]),
          ),
        });
        const others = [...groupPairs(unread)];
        for (const [i, [from, to]] of [...groupPairs(known)].entries()) {
          const [source, destination] = others[i] ?? [from, to];
          expect([label(source), label(destination)]).toEqual([label(from), label(to)]);
          const before = connectionBounds(known, from, to);
          const after = connectionBounds(unread, source, destination);
          expect(isWithin(after.sure, before.sure)).toBe(true);
          expect(isWithin(before.atMost, after.atMost)).toBe(true);
        }
      }),
      RUNS,
    );
  });
});
