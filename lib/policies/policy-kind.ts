import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import type { Problem } from '#lib/model/problem.ts';
import type { Resource } from '#lib/model/resource.ts';

/** What compiling one object gave: always a policy, for even an invalid one touches verdicts. */
export interface Compilation {
  readonly policy: CompiledPolicy;
  readonly problems: readonly Omit<Problem, 'object' | 'origin'>[];
}

/**
 * What a kind of policy declares. Shared code never asks which kind it has: everything it needs
 * stands here or in the compiled form.
 */
export interface PolicyKind {
  readonly resource: Resource;
  /**
   * Compiles one object with `metadata.name` (and `metadata.namespace` when namespaced). Never
   * throws: what cannot be understood becomes a problem, and makes what it touches unknown.
   */
  readonly compile: (body: unknown) => Compilation;
}
