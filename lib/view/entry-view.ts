import type { UnknownCause, Verdict } from '#lib/engine/explanation.ts';
import type { EntryDoor } from '#lib/model/entry-point.ts';
import type { ObjectRef, PolicyRef } from '#lib/model/object-ref.ts';

/** A way into the cluster that leads to a workload: an Ingress, a route, and who answers there. */
export interface EntryLine {
  readonly entry: PolicyRef;
  /** `shop.example.com/cart`; `any request` is an empty list. */
  readonly requests: readonly string[];
  readonly through: EntryDoor['through'];
  /** `80`, `http`: the port of the Service, as it is written there. */
  readonly service: { readonly namespace: string; readonly name: string; readonly port: string };
  /** `TCP 8080`: where the pods are reached. */
  readonly target: string;
  readonly controller: EntryControllerView;
  /** Why it leads nowhere, in words; null where nothing says so. The verdict is then that of policies alone. */
  readonly refused: string | null;
  /** mixed: some of the pods that connect, or that are reached. */
  readonly verdict: Verdict | 'mixed';
  readonly causes: readonly UnknownCause[];
}

export type EntryControllerView =
  /** Its pods are known, and the verdict is theirs. */
  | { readonly kind: 'workloads'; readonly refs: readonly ObjectRef[] }
  /** It answers at a load balancer outside the cluster, or it was not found: whom its pods let in decides (GEN-11). */
  | { readonly kind: 'outside' | 'not-known'; readonly letIn: LetIn };

/** Whom the pods let in on the port: all pods and addresses, any pod, some of them, or nobody. */
export type LetIn = 'everybody' | 'any-pod' | 'some' | 'nobody';
