import type { CniProfile } from '#lib/engine/cni-profile.ts';
import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import type { NetworkPlugin } from '#lib/model/network-plugin.ts';
import type { Problem } from '#lib/model/problem.ts';

/** Kinds of policies that are there and that the network plugin does not enforce, one problem each. */
export function notEnforced(
  policies: readonly CompiledPolicy[],
  { flags }: CniProfile,
  { title }: NetworkPlugin,
): readonly Problem[] {
  const idle = policies.filter(({ enforcedIf, staged }) => !staged && flags[enforcedIf] === 'no');
  const kinds = Map.groupBy(idle, ({ ref }) => `${ref.kind} of ${ref.group}`);
  return [...kinds].map(([kind, { length }]) => ({
    code: 'kind-not-enforced',
    severity: 'warning',
    message: `${kind} is not enforced by ${title ?? 'this cluster'}: ${
      length === 1 ? 'the one that is there changes' : `the ${length} that are there change`
    } nothing`,
    hint: 'Remove what is not enforced, or run a network plugin that enforces it.',
    object: null,
    path: [],
    origin: null,
  }));
}
