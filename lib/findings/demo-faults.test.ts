import { expect, test } from 'vitest';
import { analyse } from '#lib/engine/connectivity.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { CLUSTER_RESOURCES, ENTRY_RESOURCES, PLUGIN_RESOURCES } from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { resourcesOf } from '#lib/policies/policy-kind.ts';
import { createSnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import { openDemo } from '#lib/sources/demo/open-demo.ts';
import { neededEntries } from '#lib/view/needed-entries.ts';
import { lint } from './lint.ts';

/** The demo cluster has mistakes on purpose, and a table of them: the checks have to find each. */

function demoFindings() {
  const store = createSnapshotStore({
    kinds: POLICY_KINDS,
    profile: { detectIn: 'cluster', choice: { name: null, flags: {} } },
  });
  const policies = resourcesOf(POLICY_KINDS);
  const resources = [...CLUSTER_RESOURCES, ...PLUGIN_RESOURCES, ...ENTRY_RESOURCES, ...policies];
  openDemo({ churn: false }).start(resources, store);
  const connectivity = analyse(store.snapshot());
  return lint(connectivity, { now: null, entries: neededEntries(connectivity) }).findings;
}

const found = demoFindings().map(({ id, object }) => `${id} ${refKey(object)}`);

test.each([
  ['label-drift', 'PIT-SEL-1 shop/recommendations[NetworkPolicy]'],
  ['peer-typo', 'PIT-SEL-4 orders/inventory[NetworkPolicy]'],
  ['no-dns', 'PIT-DIR-7 backoffice/tools[NetworkPolicy]'],
  ['too-broad', 'PIT-WIDE-1 data/redis[NetworkPolicy]'],
  ['and-or', 'PIT-SEL-6 payments/ledger[NetworkPolicy]'],
  ['egress-not-isolated', 'PIT-DIR-4 platform/lockdown[NetworkPolicy]'],
  ['unresolved-port', 'PIT-PORT-2 shop/baseline[NetworkPolicy]'],
  ['no-policies', 'PIT-DIR-1 staging[Namespace]'],
  ['one-side-only', 'PIT-DIR-6 orders/checkout[NetworkPolicy]'],
  ['closed-way-in', 'PIT-DIR-18 shop/search[NetworkPolicy]'],
])('%s is found: %s', (_, finding) => {
  expect(found).toContain(finding);
});

test('what is worth a look and right is not called wrong', () => {
  expect(found.filter((each) => /payments\/gateway|data\/opensearch/.test(each))).toEqual([]);
});
