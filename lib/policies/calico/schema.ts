import { z } from 'zod';
import { orAbsent } from '#lib/manifests/metadata.ts';
import { parseCidr, parseIp } from '#lib/model/ip-address.ts';
import { portEntry, protocolField } from './protocols.ts';
import { parseSelector, type SelectorExpression } from './selector-expression.ts';

/**
 * Calico's policies as its definitions and its API server validate them (CAL-20 … CAL-36). Strict
 * about what a policy has; loose about what a rule has, for a field that is not known there makes
 * that rule one that is not understood, and leaves the others as they are.
 */

/** Go decodes `null`, and writes absence, as its type's nothing. */
const optionalText = z
  .string()
  .nullish()
  .transform((text) => (text === null || text === '' ? undefined : text));

function mentionsGlobal(expression: SelectorExpression): boolean {
  switch (expression.kind) {
    case 'global':
      return true;
    case 'and':
    case 'or':
      return expression.of.some(mentionsGlobal);
    case 'not':
      return mentionsGlobal(expression.of);
    default:
      return false;
  }
}

/** Empty is absent. */
const anySelector = optionalText.transform((text, context): SelectorExpression | undefined => {
  if (text === undefined) return undefined;
  const parsed = parseSelector(text);
  if (parsed.ok) return parsed.expression;
  context.addIssue({ code: 'custom', message: parsed.message });
  return z.NEVER;
});

export const selector = anySelector.refine(
  (expression) => expression === undefined || !mentionsGlobal(expression),
  'global() belongs in the namespaceSelector of a source or a destination',
);

/** CAL-27: a CIDR, or a single address. */
export const net = z.string().transform((text, context) => {
  const range = parseCidr(text);
  if (range !== null) return { text, range };
  const ip = parseIp(text);
  if (ip !== null) return { text, range: { family: ip.family, first: ip.value, last: ip.value } };
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(text)} is not a CIDR such as 10.0.0.0/8, nor an address`,
  });
  return z.NEVER;
});

const nets = orAbsent(z.array(net)).transform((list) => list ?? []);

/** Absent where it asks for nothing. */
const serviceAccounts = orAbsent(
  z.strictObject({
    names: orAbsent(z.array(z.string())).transform((names) => names ?? []),
    selector,
  }),
).transform((accounts) =>
  accounts === undefined || (accounts.names.length === 0 && accounts.selector === undefined)
    ? undefined
    : accounts,
);

const services = z.strictObject({
  name: z
    .string({ error: 'services needs the name of one' })
    .min(1, 'services needs the name of one'),
  namespace: optionalText,
});

const ports = orAbsent(z.array(portEntry)).transform((list) => list ?? []);

const entity = z
  .looseObject({
    nets,
    notNets: nets,
    selector,
    notSelector: selector,
    namespaceSelector: anySelector,
    serviceAccounts,
    services: orAbsent(services),
    ports,
    notPorts: ports,
    // Of the commercial editions: what it adds to the rule is told, what it decides is not known (CAL-35).
    domains: orAbsent(z.array(z.string())).transform((names) => names ?? []),
  })
  .superRefine((value, context) => {
    if (value.services === undefined) return;
    const others = [
      'nets',
      'notNets',
      'selector',
      'notSelector',
      'namespaceSelector',
      'serviceAccounts',
    ] as const;
    for (const field of others) {
      const other = value[field];
      if (other === undefined || (Array.isArray(other) && other.length === 0)) continue;
      const message = `services stands alone, without ${field}`;
      context.addIssue({ code: 'custom', path: ['services'], message });
    }
  });

const icmpFields = z
  .strictObject({
    type: orAbsent(z.int().min(0).max(254)),
    code: orAbsent(z.int().min(0).max(255)),
  })
  .refine(
    ({ type, code }) => code === undefined || type !== undefined,
    'a code of ICMP needs a type',
  );

const http = z.looseObject({});

const ACTIONS = { Allow: 'allow', Deny: 'deny', Pass: 'pass', Log: 'log' } as const;

const absentEntity = (value: z.output<typeof entity> | null | undefined) =>
  value ?? entity.parse({});

export const rule = z
  .looseObject({
    action: z.enum(['Allow', 'Deny', 'Log', 'Pass']).transform((written) => ACTIONS[written]),
    ipVersion: orAbsent(z.union([z.literal(4), z.literal(6)])),
    protocol: orAbsent(protocolField),
    notProtocol: orAbsent(protocolField),
    icmp: orAbsent(icmpFields),
    notICMP: orAbsent(icmpFields),
    source: entity.nullish().transform(absentEntity),
    destination: entity.nullish().transform(absentEntity),
    http: orAbsent(http),
    metadata: orAbsent(z.looseObject({})),
  })
  .superRefine((value, context) => {
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const { action, protocol, icmp, ipVersion, source, destination } = value;
    for (const [end, { ports: some, notPorts }] of Object.entries({ source, destination }))
      for (const [field, list] of Object.entries({ ports: some, notPorts }))
        if (list.length > 0 && protocol?.kind !== 'ports')
          refuse([end, field], 'ports need a protocol that has them: TCP, UDP or SCTP');
    if (icmp !== undefined && protocol?.kind !== 'icmp')
      refuse(['icmp'], 'icmp needs the protocol ICMP or ICMPv6');
    for (const field of ['protocol', 'notProtocol'] as const) {
      const written = value[field];
      if (written?.kind === 'icmp' && ipVersion !== undefined && ipVersion !== written.family)
        refuse(['ipVersion'], `${written.name} is of IP version ${written.family}`);
    }
    if (value.http !== undefined && action !== 'allow')
      refuse(['http'], 'http goes with Allow only');
    if (value.http !== undefined && protocol !== undefined && protocol.name !== 'TCP')
      refuse(['http'], 'http goes with the protocol TCP');
    if (
      destination.services !== undefined &&
      destination.ports.length + destination.notPorts.length > 0
    )
      refuse(['destination', 'services'], 'services stands alone, without ports');
  });

export type CalicoRule = z.output<typeof rule>;
export type CalicoEntity = CalicoRule['source'];

const rules = orAbsent(z.array(rule)).transform((list) => list ?? []);

/** CAL-9: null where nothing says which, and the rules do. */
const types = orAbsent(
  z
    .array(z.enum(['Ingress', 'Egress']))
    .refine((list) => new Set(list).size === list.length, 'each type at most once'),
).transform((list) => (list === undefined || list.length === 0 ? null : list));

const policyFields = {
  tier: optionalText.transform((tier) => tier ?? 'default'),
  order: z
    .number()
    .nullish()
    .transform((order) => order ?? null),
  selector,
  serviceAccountSelector: selector,
  types,
  ingress: rules,
  egress: rules,
  performanceHints: orAbsent(z.array(z.string())),
};

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

const globalFields = {
  namespaceSelector: selector,
  applyOnForward: flag,
  doNotTrack: flag,
  preDNAT: flag,
};

/** CAL-15 */
const stagedAction = z
  .enum(['Set', 'Delete', 'Learn', 'Ignore'])
  .nullish()
  .transform((action) => action ?? 'Set');

const networkPolicySpec = z.strictObject(policyFields);

/** CAL-36 */
function checkHostSwitches(
  spec: z.output<z.ZodObject<typeof policyFields & typeof globalFields>>,
  context: z.RefinementCtx,
): void {
  const refuse = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  const { preDNAT, doNotTrack, applyOnForward } = spec;
  if (preDNAT && doNotTrack) refuse('preDNAT', 'preDNAT and doNotTrack exclude each other');
  if (preDNAT && (spec.egress.length > 0 || spec.types?.includes('Egress') === true))
    refuse('preDNAT', 'preDNAT goes with ingress only');
  if ((preDNAT || doNotTrack) && !applyOnForward)
    refuse('applyOnForward', 'preDNAT and doNotTrack need applyOnForward: true');
}

const globalShape = z.strictObject({ ...policyFields, ...globalFields });

/** What all four kinds say; what only some of them can is empty in the others. */
export type CalicoSpec = z.output<typeof networkPolicySpec> &
  Partial<z.output<typeof globalShape>> & {
    readonly stagedAction?: z.output<typeof stagedAction>;
  };

export const SPECS = {
  NetworkPolicy: networkPolicySpec,
  GlobalNetworkPolicy: globalShape.superRefine(checkHostSwitches),
  StagedNetworkPolicy: networkPolicySpec.extend({ stagedAction }),
  StagedGlobalNetworkPolicy: globalShape.extend({ stagedAction }).superRefine(checkHostSwitches),
} as const;

export type CalicoKind = keyof typeof SPECS;
