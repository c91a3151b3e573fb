import type {
  CompiledPort,
  CompiledRule,
  Direction,
  RuleCondition,
  RuleQualifier,
} from '#lib/engine/compiled-policy.ts';
import { PROTOCOLS } from '#lib/model/port-set.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import { type Criterion, criteriaOf, ofFamily, ownMeeting, peersMeeting } from './entity.ts';
import { type CalicoPort, portMatch, wholeProtocol } from './protocols.ts';
import type { CalicoRule } from './schema.ts';

/** One rule of a Calico policy, in the compiled form (CAL-21 … CAL-35). */

const KNOWN = new Set([
  'action',
  'ipVersion',
  'protocol',
  'notProtocol',
  'icmp',
  'notICMP',
  'source',
  'destination',
  'http',
  'metadata',
]);

/** The fields of a rule that are not known. */
export function unknownRuleFields(rule: CalicoRule): readonly string[] {
  return Object.keys(rule).filter((key) => !KNOWN.has(key));
}

type Ports = Pick<CompiledRule, 'ports' | 'exceptPorts'>;

function listed(rule: CalicoRule, ports: readonly CalicoPort[], path: FieldPath) {
  const { protocol } = rule;
  return protocol?.kind !== 'ports'
    ? []
    : ports.map(
        (port, i): CompiledPort => ({
          path: [...path, i],
          match: portMatch(port, protocol.name),
        }),
      );
}

/** What the destination's ports and the protocol ask for. */
function included(rule: CalicoRule, namespace: string | null, path: FieldPath): Ports['ports'] {
  const { protocol, icmp, notICMP, destination } = rule;
  const ends: FieldPath = [...path, 'destination'];
  const service = destination.services;
  const where = service?.namespace ?? namespace;
  // CAL-29: with the addresses of a Service go the ports that it leads to.
  if (service !== undefined && where !== null)
    return [
      {
        path: [...ends, 'services'],
        match: { kind: 'service-ports', namespace: where, name: service.name },
      },
    ];
  const ports = listed(rule, destination.ports, [...ends, 'ports']);
  if (ports.length > 0) return ports;
  if (protocol === undefined) return 'all';
  if (protocol.kind === 'icmp' && (icmp?.type !== undefined || notICMP?.type !== undefined)) {
    const field = icmp?.type === undefined ? 'notICMP' : 'icmp';
    return [{ path: [...path, field], match: { kind: 'icmp', types: 'some' } }];
  }
  return [{ path: [...path, 'protocol'], match: wholeProtocol(protocol) }];
}

function excluded(rule: CalicoRule, path: FieldPath): readonly CompiledPort[] {
  const { protocol, notProtocol, destination } = rule;
  const ofOthers =
    destination.services === undefined || protocol === undefined
      ? []
      : PROTOCOLS.filter((each) => each !== protocol.name).map(
          (each): CompiledPort => ({
            path: [...path, 'protocol'],
            match: { kind: 'all-of-protocol', protocol: each },
          }),
        );
  return [
    ...listed(rule, destination.notPorts, [...path, 'destination', 'notPorts']),
    ...(notProtocol === undefined
      ? []
      : [{ path: [...path, 'notProtocol'], match: wholeProtocol(notProtocol) }]),
    ...ofOthers,
  ];
}

/** What is not known of a connection here. */
function conditionsOf(rule: CalicoRule, path: FieldPath): readonly RuleCondition[] {
  const { source, protocol, notICMP } = rule;
  const bySourcePort = (['ports', 'notPorts'] as const)
    .filter((field) => source[field].length > 0)
    .map((field) => ({
      path: [...path, 'source', field],
      message: 'it asks for the port that a connection comes from',
    }));
  const byType =
    notICMP?.type !== undefined && protocol?.kind !== 'icmp'
      ? [
          {
            path: [...path, 'notICMP'],
            message: 'notICMP without the protocol ICMP or ICMPv6 leaves open what else it matches',
          },
        ]
      : [];
  return [...bySourcePort, ...byType];
}

/** CAL-34 */
function qualifiersOf({ http }: CalicoRule, path: FieldPath): readonly RuleQualifier[] {
  return http === undefined
    ? []
    : [
        {
          path: [...path, 'http'],
          kind: 'http',
          message: 'only some HTTP requests, where the application layer is enforced at all',
        },
      ];
}

/** The IP version it is for; ICMP has one of its own (CAL-32). */
function familyOf({ ipVersion, protocol }: CalicoRule, path: FieldPath): readonly Criterion[] {
  if (ipVersion !== undefined) return [ofFamily(ipVersion, [...path, 'ipVersion'])];
  return protocol?.kind === 'icmp' ? [ofFamily(protocol.family, [...path, 'protocol'])] : [];
}

const ENDS = {
  ingress: { own: 'destination', other: 'source' },
  egress: { own: 'source', other: 'destination' },
} as const;

/** `namespace` is that of the policy, null for a global one. */
export function compileRule(
  rule: CalicoRule,
  index: number,
  direction: Direction,
  namespace: string | null,
): CompiledRule {
  const path: FieldPath = ['spec', direction, index];
  const { action } = rule;
  const [unknown] = unknownRuleFields(rule);
  if (unknown !== undefined) {
    const message = `unknown field "${unknown}"`;
    const peers = [
      { path: [...path, unknown], match: { kind: 'not-understood', message } as const },
    ];
    return { index, path, action, peers, ports: 'all' };
  }
  const ends = ENDS[direction];
  const atOther = [...path, ends.other];
  const atOwn = [...path, ends.own];
  const other = criteriaOf(rule[ends.other], namespace, atOther);
  const own = ownMeeting(criteriaOf(rule[ends.own], namespace, atOwn), atOwn);
  const exceptPorts = excluded(rule, path);
  const conditions = conditionsOf(rule, path);
  const qualifiers = qualifiersOf(rule, path);
  const criteria = [...familyOf(rule, path), ...other];
  return {
    index,
    path,
    action,
    peers: peersMeeting(criteria, criteria.length === 0 ? path : atOther),
    ports: included(rule, namespace, path),
    ...(own.length === 0 ? {} : { own }),
    ...(exceptPorts.length === 0 ? {} : { exceptPorts }),
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(qualifiers.length === 0 ? {} : { qualifiers }),
  };
}
