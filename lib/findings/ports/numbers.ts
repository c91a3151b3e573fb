import { type CompiledRule, DIRECTIONS, type PortMatch } from '#lib/engine/compiled-policy.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { named, workloadsOf } from '#lib/findings/objects.ts';
import { isNetworkPolicy, rulesIn, valueAt } from '#lib/findings/policy-facts.ts';
import { counted, listed } from '#lib/findings/words.ts';
import type { Service, ServicePort } from '#lib/model/cluster.ts';
import type { Protocol } from '#lib/model/port-set.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import { type PortPlace, portsIn, servicesOf, targetNumber } from './port-places.ts';

/** Numbers of ports. */

interface NumberPlace extends PortPlace {
  readonly protocol: Protocol;
  readonly number: number;
  readonly destinations: readonly PodGroup[];
}

/** Entries of a single number, towards pods that are known. */
function* numbers(context: LintContext): Generator<NumberPlace> {
  for (const place of portsIn(context)) {
    const { match } = place.port;
    if (match.kind !== 'range' || match.first !== match.last) continue;
    const { destinations } = place;
    if (destinations !== null)
      yield { ...place, destinations, protocol: match.protocol, number: match.first };
  }
}

/** A Service whose port the entry names, where it leads to another number at the pod. */
interface Mistaken {
  readonly service: Service;
  readonly target: number;
  readonly group: PodGroup;
}

function isPermitted(rules: readonly CompiledRule[], protocol: Protocol, number: number): boolean {
  const has = (match: PortMatch) =>
    match.kind === 'range'
      ? match.protocol === protocol && match.first <= number && number <= match.last
      : // Names and whole protocols may well mean it.
        true;
  return rules.some(({ ports }) => ports === 'all' || ports.some(({ match }) => has(match)));
}

function isDeclared(group: PodGroup, protocol: Protocol, number: number): boolean {
  return group.pods[0].ports.some((port) => port.port === number && port.protocol === protocol);
}

/** Where a Service leads when its port is dialled, if that is not the port itself. */
function translated(
  { protocol, number }: NumberPlace,
  group: PodGroup,
  { headless, ports }: Service,
): number | null {
  const port = ports.find(
    (each: ServicePort) => each.port === number && each.protocol === protocol,
  );
  const target = port === undefined || headless ? null : targetNumber(port, group);
  return target === number ? null : target;
}

function mistakenFor(place: NumberPlace, context: LintContext): readonly Mistaken[] {
  const { destinations, facts, direction, protocol, number } = place;
  const rules = facts.policy.rules[direction];
  return destinations.flatMap((group) =>
    servicesOf(group, context).flatMap((service) => {
      const target = translated(place, group, service);
      const isReached = target === null || isPermitted(rules, protocol, target);
      return isReached || isDeclared(group, protocol, number) ? [] : [{ service, target, group }];
    }),
  );
}

export const servicePortForTargetPort: Check = {
  id: 'PIT-PORT-4',
  title: 'The Service’s port where its target port is needed',
  severity: 'error',
  group: 'ports',
  rules: ['GEN-7', 'GEN-8'],
  needs: ['pods', 'namespaces', 'services'],
  scenario:
    'The Service listens on 80 and leads to 8080 of its pods. A policy sees the connection after that translation, so a rule for port 80 permits nothing that comes through the Service.',
  evidence:
    'A rule gives the number of a Service’s port, that Service leads to the rule’s destination pods on another number, the pods do not declare the Service’s number, and no rule of the policy permits the other one. Headless Services translate nothing and are left out.',
  fix: 'Write the target port: the port of the pod.',
  *find(context) {
    if (context.snapshot.profile.name === 'aws') return;
    for (const place of numbers(context)) {
      const [first, ...others] = mistakenFor(place, context);
      if (first === undefined) continue;
      const pods = [first, ...others].flatMap(({ group }) => [...group.pods]);
      yield {
        object: place.facts.policy.ref,
        path: [...place.port.path, 'port'],
        message: `${place.number} is the port of the Service ${first.service.namespace}/${first.service.name}, which leads to ${first.target} of ${listed(workloadsOf(pods).map(named))}; no rule of the policy permits ${first.target}.`,
        related: workloadsOf(pods),
        patch: `ports:\n- {protocol: ${place.protocol}, port: ${first.target}}`,
      };
    }
  },
};

export const portNotDeclared: Check = {
  id: 'PIT-PORT-3',
  title: 'Port that no selected pod declares',
  severity: 'info',
  group: 'ports',
  rules: ['NP-42'],
  needs: ['pods', 'namespaces', 'services'],
  scenario:
    'A rule permits a port on which, by their own declarations, the pods do not listen. Declarations are only hints; it is often the port of something in front of them.',
  evidence:
    'An ingress rule gives a number, every selected pod declares some ports, and none declares this one. Not reported where it is a Service’s port, which PIT-PORT-4 says.',
  fix: 'Check which port the pods listen on, and declare it.',
  *find(context) {
    for (const place of numbers(context)) {
      const { direction, destinations, protocol, number, facts, port } = place;
      if (direction !== 'ingress' || destinations.length === 0) continue;
      const declared = destinations.map(({ pods: [pod] }) => pod.ports);
      if (declared.some((ports) => ports.length === 0)) continue;
      if (destinations.some((group) => isDeclared(group, protocol, number))) continue;
      if (mistakenFor(place, context).length > 0) continue;
      const pods = destinations.flatMap((group) => [...group.pods]);
      const known = [...new Set(declared.flat().map((each) => `${each.port}`))];
      yield {
        object: facts.policy.ref,
        path: [...port.path, 'port'],
        message: `${listed(workloadsOf(pods).map(named))} declares ${listed(known)}, not ${number}.`,
        related: workloadsOf(pods),
      };
    }
  },
};

export const awsPortTranslation: Check = {
  id: 'PIT-PORT-5',
  title: 'On AWS: the Service’s port differs from the container’s',
  severity: 'error',
  group: 'ports',
  rules: ['AWS-2'],
  needs: ['pods', 'namespaces', 'services'],
  scenario:
    'The agent of the AWS plugin looks at a connection before a Service is translated. A rule for the container’s port does not match a connection to the Service’s other port.',
  evidence:
    'The plugin is aws, an egress rule gives a number, and a Service in front of the destination pods leads from another port to it, which no rule of the policy permits.',
  fix: 'Give the Service the port of its pods.',
  *find(context) {
    if (context.snapshot.profile.name !== 'aws') return;
    for (const { direction, destinations, protocol, number, facts, port } of numbers(context)) {
      if (direction !== 'egress') continue;
      const found = destinations.flatMap((group) =>
        servicesOf(group, context).flatMap(({ namespace, name, ports }) =>
          ports
            .filter((each) => each.protocol === protocol && each.port !== number)
            .filter((each) => targetNumber(each, group) === number)
            .filter((each) => !isPermitted(facts.policy.rules.egress, protocol, each.port))
            .map((each) => ({ service: `${namespace}/${name}`, dialled: each.port, group })),
        ),
      );
      const [first] = found;
      if (first === undefined) continue;
      yield {
        object: facts.policy.ref,
        path: [...port.path, 'port'],
        message: `The Service ${first.service} leads from ${first.dialled} to ${number}; on AWS a connection to ${first.dialled} is not matched by a rule for ${number}.`,
        related: workloadsOf(found.flatMap(({ group }) => [...group.pods])),
      };
    }
  },
};

export const emptyPortIsTcp: Check = {
  id: 'PIT-PORT-6',
  title: 'ports: [{}] is TCP only',
  severity: 'warning',
  group: 'ports',
  rules: ['NP-16'],
  needs: [],
  scenario:
    'An empty entry in ports reads like “any port”. It is every port of TCP: UDP and SCTP stay closed.',
  evidence:
    'An entry of ports was written with neither port nor protocol. What was written is known from the file, or from the copy that kubectl apply leaves in an annotation.',
  fix: 'Leave ports out to permit every port of every protocol, or name the protocols.',
  *find({ policies }) {
    for (const { facts, rule } of rulesIn(policies)) {
      if (!isNetworkPolicy(facts.policy) || facts.written === null || rule.ports === 'all')
        continue;
      for (const { path } of rule.ports) {
        const entry = valueAt(facts.written, path);
        const isBare = ['port', 'protocol'].every(
          (field) => (valueAt(entry, [field]) ?? null) === null,
        );
        if (entry === undefined || !isBare) continue;
        yield {
          object: facts.policy.ref,
          path,
          message: 'The empty entry permits every TCP port, and neither UDP nor SCTP.',
        };
      }
    }
  },
};

const WIDE = 1000;

export const widePortRange: Check = {
  id: 'PIT-PORT-9',
  title: 'Very wide port range',
  severity: 'warning',
  group: 'ports',
  rules: ['NP-18'],
  needs: [],
  scenario: 'A range of a thousand ports and more hardly differs from no limit at all.',
  evidence: 'An entry with port and endPort spans a thousand ports or more.',
  fix: 'Name the ports that are needed.',
  *find({ policies }) {
    for (const { facts, rule } of rulesIn(policies)) {
      if (rule.action !== 'allow' || rule.ports === 'all') continue;
      for (const { path, match } of rule.ports) {
        if (match.kind !== 'range' || match.last - match.first < WIDE) continue;
        yield {
          object: facts.policy.ref,
          path,
          message: `${match.protocol} ${match.first}-${match.last} is ${counted(match.last - match.first + 1, 'port')}.`,
        };
      }
    }
  },
};

/** The port entries of a NetworkPolicy that may be invalid, and was not compiled to rules. */
function* rawPorts(body: Parameters<typeof valueAt>[0]): Generator<readonly [FieldPath, unknown]> {
  const list = (path: FieldPath) => {
    const value = valueAt(body, path);
    return Array.isArray(value) ? value : [];
  };
  for (const direction of DIRECTIONS)
    for (const [i] of list(['spec', direction]).entries())
      for (const [j] of list(['spec', direction, i, 'ports']).entries()) {
        const path = ['spec', direction, i, 'ports', j, 'port'];
        yield [path, valueAt(body, path)];
      }
}

export const quotedNumber: Check = {
  id: 'PIT-PORT-10',
  title: 'Port number in quotes',
  severity: 'error',
  group: 'ports',
  rules: ['NP-43'],
  needs: [],
  scenario:
    'port: "80" is the name of a port, and a name needs a letter: an API server refuses the policy, and the protection that it was to give is not there.',
  evidence: 'The port of an entry is text of digits only.',
  fix: 'Remove the quotes.',
  *find({ policies }) {
    for (const { policy, body } of policies.filter((each) => isNetworkPolicy(each.policy)))
      for (const [path, port] of rawPorts(body))
        if (typeof port === 'string' && /^\d+$/.test(port))
          yield {
            object: policy.ref,
            path,
            message: `"${port}" in quotes is a name, and no API server accepts it.`,
            patch: `port: ${port}`,
          };
  },
};
