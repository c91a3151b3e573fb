import type { PolicyRef } from './object-ref.ts';
import type { Protocol } from './port-set.ts';

/** Ways into a cluster: what an Ingress, a route of the Gateway API or an OpenShift Route leads to which Service. */

export interface EntryPoint {
  /** Named like a policy, for kinds of several groups share a name. */
  readonly ref: PolicyRef;
  /** One for each class or Gateway that should put it into effect; never empty. */
  readonly doors: readonly EntryDoor[];
  readonly ways: readonly EntryWay[];
}

/** What a connection comes in through, and who answers there. */
export interface EntryDoor {
  readonly through: /** Null where neither the Ingress nor the cluster names one: whoever takes those answers. */
    | { readonly kind: 'ingress-class'; readonly name: string | null }
    | { readonly kind: 'gateway'; readonly namespace: string; readonly name: string }
    | { readonly kind: 'openshift-router' };
  /** `k8s.io/ingress-nginx`, as the class says; null where no class says it. */
  readonly controller: string | null;
  /** Why it leads nowhere, in words; null where nothing says so. */
  readonly refused: string | null;
}

/** Requests that are led alike. */
export interface EntryWay {
  /** `shop.example.com`, `*.example.com`; empty for any. */
  readonly hosts: readonly string[];
  /** What else a request has to have: `/cart`, `= /cart` for the whole path; null for any. */
  readonly match: string | null;
  /** What a controller speaks to the backends. */
  readonly protocol: Protocol;
  readonly backends: readonly EntryBackend[];
}

export type EntryBackend =
  | {
      readonly kind: 'service';
      readonly namespace: string;
      readonly name: string;
      readonly port: BackendPort;
      /** Why it is not followed, in words; null where nothing says so. */
      readonly refused: string | null;
    }
  /** Something that is no Service: where it leads is not known. */
  | { readonly kind: 'other'; readonly ref: PolicyRef };

/** Which port of a Service: a number or name that the Service gives it, or one that its endpoints give. */
export type BackendPort =
  | { readonly of: 'service'; readonly port: number | string }
  | { readonly of: 'endpoints'; readonly port: number | string }
  | { readonly of: 'all' };
