import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import type { Compilation } from '#lib/policies/policy-kind.ts';

/** What compiling an object gave that holds a single policy; throws for any other. */
export function onlyPolicy({ policies, problems }: Compilation): {
  readonly policy: CompiledPolicy;
  readonly problems: Compilation['problems'];
} {
  const [policy, ...others] = policies;
  if (policy === undefined || others.length > 0) throw new Error(`${policies.length} policies`);
  return { policy, problems };
}
