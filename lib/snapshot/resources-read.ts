import { NOT_EVALUATED } from '#lib/model/not-evaluated.ts';
import {
  CLUSTER_RESOURCES,
  ENTRY_RESOURCES,
  PLUGIN_RESOURCES,
  type Resource,
} from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { resourcesOf } from '#lib/policies/policy-kind.ts';

/** Everything that a source is asked for: the rights in deploy/rbac.yaml are for these. */
export const RESOURCES_READ: readonly Resource[] = [
  ...CLUSTER_RESOURCES,
  ...PLUGIN_RESOURCES,
  ...ENTRY_RESOURCES,
  ...resourcesOf(POLICY_KINDS),
  ...NOT_EVALUATED,
];
