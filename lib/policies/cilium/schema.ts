import { z } from 'zod';
import { orAbsent } from '#lib/manifests/metadata.ts';
import type { Selector } from '#lib/model/selector.ts';
import { cidr } from '#lib/policies/address-block.ts';
import { namespacedPolicyObject } from '#lib/policies/namespaced-object.ts';
import { ENTITIES, type Entity } from './entities.ts';
import { type Icmp, icmp, port } from './ports.ts';
import { domainName, domainPattern, groupName, selector } from './texts.ts';

/**
 * `cilium.io/v2` policies as their definition validates them. Absent and `[]` are kept apart, as they
 * mean different things (CIL-20); null is absent. What is well formed and yet refused by Cilium itself
 * is found afterwards, in refusals.ts.
 */

const selectors = orAbsent(z.array(selector));

/** CIL-30: those that the definition lists, as it writes them. */
const entities = orAbsent(
  z.array(
    z.enum(ENTITIES, {
      error: (issue) => `${JSON.stringify(issue.input)} is no entity: ${ENTITIES.join(', ')}`,
    }),
  ),
);

/** CIL-28: an address alone is refused, though agents could read it. */
const cidrs = orAbsent(z.array(cidr));

/** CIL-29: one of the three. */
const cidrSet = orAbsent(
  z.array(
    z.strictObject({
      cidr: orAbsent(cidr),
      cidrGroupRef: orAbsent(groupName),
      cidrGroupSelector: orAbsent(selector),
      except: orAbsent(z.array(cidr)),
    }),
  ),
);

/** Of another cloud's things: whatever they say, they are not looked up here (CIL-33). */
const groups = orAbsent(z.array(z.unknown()));

/** CIL-37: to look whether there are any. */
const requirements = orAbsent(z.array(z.unknown()));

const services = orAbsent(
  z.array(
    z.strictObject({
      k8sService: orAbsent(
        z.strictObject({ serviceName: orAbsent(z.string()), namespace: orAbsent(z.string()) }),
      ),
      k8sServiceSelector: orAbsent(z.strictObject({ selector, namespace: orAbsent(z.string()) })),
    }),
  ),
);

/** A name or a pattern of names (CIL-36), for toFQDNs and for rules about queries. */
const fqdn = z
  .strictObject({ matchName: orAbsent(domainName), matchPattern: orAbsent(domainPattern) })
  .refine(
    ({ matchName, matchPattern }) => (matchName === undefined) !== (matchPattern === undefined),
    'a domain name is either matchName or matchPattern',
  )
  .transform(({ matchName, matchPattern }) => matchName ?? matchPattern ?? '');

/** CIL-42; what it says of headers is shown as it is. */
const httpRule = z.looseObject({
  method: orAbsent(z.string()),
  path: orAbsent(z.string()),
  host: orAbsent(z.string()),
  headers: orAbsent(z.array(z.string())),
  headerMatches: orAbsent(z.array(z.looseObject({ name: z.string() }))),
});

/** CIL-40: for one protocol at least. */
const l7Rules = z
  .strictObject({
    http: orAbsent(z.array(httpRule)),
    dns: orAbsent(z.array(fqdn)),
    // Of older versions.
    kafka: orAbsent(z.array(z.unknown())),
    l7proto: orAbsent(z.string()),
    l7: orAbsent(z.array(z.unknown())),
  })
  .refine((rules) => Object.values(rules).some((value) => value !== undefined), {
    error: 'rules need http or dns',
  });

/** CIL-43 */
const serverNames = orAbsent(
  z
    .array(domainPattern)
    .min(1, 'serverNames need one name at least')
    .refine((list) => new Set(list).size === list.length, 'each name at most once'),
);

/** CIL-43 */
const listener = orAbsent(
  z.looseObject({
    name: z.string().min(1, 'a listener needs a name'),
    envoyConfig: z.looseObject(
      { name: z.string().min(1, 'an envoyConfig needs a name') },
      { error: 'a listener needs an envoyConfig' },
    ),
  }),
);

const ports = orAbsent(z.array(port));
const tls = orAbsent(z.looseObject({}));

const allowedPorts = z.strictObject({
  ports,
  rules: orAbsent(l7Rules),
  serverNames,
  terminatingTLS: tls,
  originatingTLS: tls,
  listener,
});

/** CIL-17: nothing about what is said inside a connection. */
const deniedPorts = z.strictObject({ ports });

export type PortEntry = Partial<z.output<typeof allowedPorts>>;

/** Peers of either direction, by what the fields are called behind `from` and `to`. */
export interface Peers {
  readonly Endpoints?: readonly Selector[] | undefined;
  readonly Nodes?: readonly Selector[] | undefined;
  readonly Entities?: readonly Entity[] | undefined;
  readonly CIDR?: readonly string[] | undefined;
  readonly CIDRSet?: z.output<typeof cidrSet>;
  readonly Groups?: readonly unknown[] | undefined;
  readonly Services?: z.output<typeof services>;
  readonly FQDNs?: readonly string[] | undefined;
}

export type CidrRule = NonNullable<Peers['CIDRSet']>[number];
export type ServiceRule = NonNullable<Peers['Services']>[number];

/** An entry of any of the four lists. */
export interface Entry {
  readonly peers: Peers;
  readonly requires: readonly unknown[] | undefined;
  readonly toPorts: readonly PortEntry[] | undefined;
  readonly icmps: readonly Icmp[] | undefined;
  readonly authentication?: { readonly mode: string } | undefined;
  /** Fields that are misspelt, or of a newer API: they would change what the entry means. */
  readonly unknown: readonly string[];
}

const shared = { icmps: orAbsent(z.array(icmp)) };
const authentication = orAbsent(
  z.strictObject({ mode: z.enum(['disabled', 'required', 'test-always-fail']) }),
);

/** Loose: a field that is not known is kept, and puts the entry in doubt. */
const sources = z.looseObject({
  fromEndpoints: selectors,
  fromNodes: selectors,
  fromEntities: entities,
  fromCIDR: cidrs,
  fromCIDRSet: cidrSet,
  fromGroups: groups,
  fromRequires: requirements,
  ...shared,
});

const destinations = z.looseObject({
  toEndpoints: selectors,
  toNodes: selectors,
  toEntities: entities,
  toCIDR: cidrs,
  toCIDRSet: cidrSet,
  toGroups: groups,
  toRequires: requirements,
  toServices: services,
  ...shared,
});

interface PortFields {
  readonly toPorts: readonly PortEntry[] | undefined;
}

function fromSources(fields: z.output<typeof sources> & PortFields): Entry {
  const { toPorts, icmps, ...rest } = fields;
  const { fromEndpoints, fromNodes, fromEntities, fromCIDR, fromCIDRSet, ...others } = rest;
  const { fromGroups, fromRequires, ...unknown } = others;
  return {
    peers: {
      Endpoints: fromEndpoints,
      Nodes: fromNodes,
      Entities: fromEntities,
      CIDR: fromCIDR,
      CIDRSet: fromCIDRSet,
      Groups: fromGroups,
    },
    requires: fromRequires,
    toPorts,
    icmps,
    unknown: Object.keys(unknown),
  };
}

function toDestinations(fields: z.output<typeof destinations> & PortFields): Entry {
  const { toPorts, icmps, ...rest } = fields;
  const { toEndpoints, toNodes, toEntities, toCIDR, toCIDRSet, toServices, ...others } = rest;
  const { toGroups, toRequires, ...unknown } = others;
  return {
    peers: {
      Endpoints: toEndpoints,
      Nodes: toNodes,
      Entities: toEntities,
      CIDR: toCIDR,
      CIDRSet: toCIDRSet,
      Groups: toGroups,
      Services: toServices,
    },
    requires: toRequires,
    toPorts,
    icmps,
    unknown: Object.keys(unknown),
  };
}

const allowed = { toPorts: orAbsent(z.array(allowedPorts)), authentication };
const denied = { toPorts: orAbsent(z.array(deniedPorts)) };

const ingressRule = sources.extend(allowed).transform(
  ({ authentication: mode, ...fields }): Entry => ({
    ...fromSources(fields),
    authentication: mode,
  }),
);
const egressRule = destinations
  .extend({ ...allowed, toFQDNs: orAbsent(z.array(fqdn)) })
  .transform(({ authentication: mode, toFQDNs, ...fields }): Entry => {
    const entry = toDestinations(fields);
    return { ...entry, peers: { ...entry.peers, FQDNs: toFQDNs }, authentication: mode };
  });

/** One rule, as Cilium calls what `spec` holds, and each of `specs` (CIL-1). */
export const ciliumRule = z.strictObject({
  endpointSelector: orAbsent(selector),
  nodeSelector: orAbsent(selector),
  ingress: orAbsent(z.array(ingressRule)),
  ingressDeny: orAbsent(z.array(sources.extend(denied).transform(fromSources))),
  egress: orAbsent(z.array(egressRule)),
  egressDeny: orAbsent(z.array(destinations.extend(denied).transform(toDestinations))),
  enableDefaultDeny: orAbsent(
    z.strictObject({ ingress: orAbsent(z.boolean()), egress: orAbsent(z.boolean()) }),
  ),
  description: z.unknown().optional(),
  labels: z.unknown().optional(),
  log: z.unknown().optional(),
});

export type CiliumRule = z.output<typeof ciliumRule>;

/** The parts that a policy is told by. */
export const ciliumObject = namespacedPolicyObject.extend({
  specs: z.unknown().optional(),
  status: z.unknown().optional(),
});

/** What Cilium says of an object it has looked at (CIL-50). */
export const ciliumStatus = z.looseObject({
  conditions: z.array(
    z.looseObject({ type: z.string(), status: z.string(), message: z.unknown().optional() }),
  ),
});
