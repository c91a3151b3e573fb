import { networkPolicy } from './network-policy/network-policy.ts';
import type { PolicyKind } from './policy-kind.ts';

/** Every kind that is evaluated: one line each. */
export const POLICY_KINDS: readonly PolicyKind[] = [networkPolicy];
