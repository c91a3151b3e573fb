import { policyKey } from '#lib/model/object-ref.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { CompiledPolicy } from './compiled-policy.ts';

/**
 * The cluster as it would be with its staged policies enforced: those that set a policy stand in its
 * place, those that delete one take it away (CAL-15). Policies keep the refs of the previews.
 */
export function withStagedEnforced(snapshot: ClusterSnapshot): ClusterSnapshot {
  const previews = snapshot.policies.filter(
    ({ staged }) => staged !== undefined && staged.action !== 'none',
  );
  const replaced = new Set(
    previews.flatMap(({ staged }) => (staged === undefined ? [] : [policyKey(staged.replaces)])),
  );
  const policies = snapshot.policies.flatMap((policy): readonly CompiledPolicy[] => {
    const { staged, ...enforced } = policy;
    if (staged === undefined) return replaced.has(policyKey(policy.ref)) ? [] : [policy];
    return staged.action === 'set' ? [enforced] : [];
  });
  return { ...snapshot, policies };
}
