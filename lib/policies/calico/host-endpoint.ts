import { z } from 'zod';
import type { Isolation } from '#lib/engine/compiled-policy.ts';
import { isJsonObject } from '#lib/model/json.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import { EVERYTHING } from '#lib/model/selector.ts';
import type { Compilation, PolicyKind } from '#lib/policies/policy-kind.ts';
import { addressSetIn } from './address-sets.ts';
import { CALICO_GROUP, served, stored } from './groups.ts';
import { layerOf } from './tier-names.ts';

/**
 * HostEndpoint: the interfaces of a node. Selectors of rules match its addresses as those of a
 * NetworkSet (CAL-22). What policies and its profiles say about the node itself is not evaluated
 * (CAL-36, CAL-37), and so unknown.
 */

const KIND = 'HostEndpoint';
const host = z.looseObject({ node: z.string().min(1) });

const UNKNOWN: Isolation = {
  isolates: 'unknown',
  message: 'what passes to and from a node that is a host endpoint is not evaluated',
};

function compile(body: unknown): Compilation {
  const { set, problems } = addressSetIn(body, KIND, false, 'expectedIPs');
  const { metadata, spec } = isJsonObject(body) ? body : {};
  const { name } = isJsonObject(metadata) ? metadata : {};
  const { data } = host.safeParse(spec);
  const ref: PolicyRef = {
    group: CALICO_GROUP,
    kind: KIND,
    namespace: null,
    name: typeof name === 'string' ? name : '',
  };
  return {
    policies: [
      {
        ref,
        layer: layerOf(''),
        enforcedIf: 'enforcesCalico',
        priority: null,
        // Without a node it may be any.
        subject: {
          kind: 'nodes',
          selector: EVERYTHING,
          ...(data === undefined ? {} : { names: [data.node] }),
        },
        isolation: { ingress: UNKNOWN, egress: UNKNOWN },
        rules: { ingress: [], egress: [] },
        notes: [],
      },
    ],
    problems,
    addressSets: set === null ? [] : [set],
  };
}

export const hostEndpoint: PolicyKind = {
  resource: served('hostendpoints', KIND, false),
  compile,
  alsoServedAs: [{ resource: stored('hostendpoints', KIND, false), compile }],
};
