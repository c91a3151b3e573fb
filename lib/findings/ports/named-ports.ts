import type { PortMatch } from '#lib/engine/compiled-policy.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { isNear } from '#lib/findings/nearest.ts';
import { named, podCount, workloadsOf } from '#lib/findings/objects.ts';
import { counted, listed } from '#lib/findings/words.ts';
import type { ContainerPort } from '#lib/model/cluster.ts';
import { type PortPlace, portsIn } from './port-places.ts';

/** Names of ports, which mean what each destination pod declares. */

type Named = Extract<PortMatch, { kind: 'named' }>;

interface NamedPlace extends PortPlace {
  readonly match: Named;
  readonly destinations: readonly PodGroup[];
}

function* namedPorts(context: LintContext): Generator<NamedPlace> {
  for (const place of portsIn(context)) {
    const { destinations, port } = place;
    if (port.match.kind === 'named' && destinations !== null)
      yield { ...place, destinations, match: port.match };
  }
}

function isMeant({ name, protocol }: Named, port: ContainerPort): boolean {
  return port.name === name && (protocol === 'any' || port.protocol === protocol);
}

function declares(group: PodGroup, match: Named): boolean {
  return group.pods[0].ports.some((port) => isMeant(match, port));
}

function podsOf(groups: readonly PodGroup[]) {
  return groups.flatMap(({ pods }) => [...pods]);
}

export const namedPortNobodyExposes: Check = {
  id: 'PIT-PORT-1',
  title: 'Named port that nobody exposes',
  severity: 'error',
  group: 'ports',
  rules: ['NP-38', 'NP-40', 'NP-41', 'NP-42'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A rule permits port “http”, and the pods call their port “web”. A name is looked up in the destination pod’s declarations; where it is not found the rule permits nothing.',
  evidence:
    'A port is given by name, the rule leads to at least one pod, and none of these pods declares a port of that name and protocol in any of its containers.',
  fix: 'Write the name that the pods declare, or the number.',
  *find(context) {
    for (const { facts, match, port, destinations } of namedPorts(context)) {
      if (destinations.length === 0) continue;
      if (destinations.some((group) => declares(group, match))) continue;
      const declared = podsOf(destinations).flatMap(({ ports }) => ports);
      const near = declared.find(({ name }) => name !== null && isNear(name, match.name));
      const other = declared.find(({ name }) => name === match.name);
      const hint =
        other !== undefined
          ? ` They declare it with ${other.protocol}.`
          : near === undefined
            ? ''
            : ` The nearest is ${near.name} (${near.port}).`;
      yield {
        object: facts.policy.ref,
        path: port.path,
        message: `Of ${counted(podCount(podsOf(destinations)), 'pod')} that it leads to (${listed(workloadsOf(podsOf(destinations)).map(named))}) none declares a ${match.protocol === 'any' ? '' : `${match.protocol} `}port ${match.name}: it permits nothing.${hint}`,
        related: workloadsOf(podsOf(destinations)),
      };
    }
  },
};

export const namedPortExposedBySome: Check = {
  id: 'PIT-PORT-2',
  title: 'Named port that only some pods expose',
  severity: 'warning',
  group: 'ports',
  rules: ['NP-38', 'NP-40'],
  needs: ['pods', 'namespaces'],
  scenario:
    'Of the pods that a rule leads to, some call their port as the rule does and others do not: the same rule opens one and not the other.',
  evidence:
    'A port is given by name, the destination pods are chosen by labels, and at least one of them declares the name and at least one does not. Of an ingress rule for a whole namespace it is a note, if most of the pods declare the name; where an egress rule leads to whole namespaces, nothing is said.',
  fix: 'Give the ports of all these pods the same name, or write the number.',
  *find(context) {
    for (const place of namedPorts(context)) {
      const { facts, match, port, destinations, chosen, direction } = place;
      const lacking = destinations.filter((group) => !declares(group, match));
      if (lacking.length === 0 || lacking.length === destinations.length) continue;
      const isMeantForAll = direction === 'ingress' && lacking.length * 2 < destinations.length;
      if (!chosen && !isMeantForAll) continue;
      const pods = podsOf(lacking);
      yield {
        object: facts.policy.ref,
        path: port.path,
        ...(chosen ? {} : { severity: 'info' as const }),
        message: `${podCount(pods)} of the ${podCount(podsOf(destinations))} pods that it leads to declare no port ${match.name}: ${listed(workloadsOf(pods).map(named))}.`,
        related: workloadsOf(pods),
      };
    }
  },
};

/** The numbers that a name means at a pod. */
function numbersOf(group: PodGroup, match: Named): ReadonlySet<string> {
  return new Set(
    group.pods[0].ports
      .filter((port) => isMeant(match, port))
      .map(({ port, protocol }) => `${port}/${protocol}`),
  );
}

export const portNameIsAmbiguous: Check = {
  id: 'PIT-PORT-7',
  title: 'Port name that means several ports of one pod',
  severity: 'warning',
  group: 'ports',
  rules: ['NP-39'],
  needs: ['pods', 'namespaces'],
  scenario:
    'Two containers of a pod declare a port of the same name with different numbers. A rule that permits the name opens both.',
  evidence:
    'A rule gives a port by name, and a pod that it leads to declares that name more than once, with different numbers.',
  fix: 'Give the ports of the pod different names, or write the number in the rule.',
  *find(context) {
    for (const { facts, match, port, destinations } of namedPorts(context)) {
      const several = destinations.filter((group) => numbersOf(group, match).size > 1);
      const [first] = several;
      if (first === undefined) continue;
      yield {
        object: facts.policy.ref,
        path: port.path,
        message: `${match.name} is ${listed([...numbersOf(first, match)])} of ${listed(workloadsOf(podsOf(several)).map(named))}: the rule opens all of them.`,
        related: workloadsOf(podsOf(several)),
      };
    }
  },
};

export const namedPortOfInitContainer: Check = {
  id: 'PIT-PORT-8',
  title: 'Named port that only an init container declares',
  severity: 'info',
  group: 'ports',
  rules: ['NP-39', 'AMB-9'],
  needs: ['pods', 'namespaces'],
  scenario:
    'The name in the rule stands on a port of an init container, which has ended when the pod serves. Some plugins look there, others do not.',
  evidence:
    'A rule gives a port by name, and a pod that it leads to declares it in its init containers only, sidecars not counted among them.',
  fix: 'Declare the port on a container that runs, or write the number in the rule.',
  *find(context) {
    for (const { facts, match, port, destinations } of namedPorts(context)) {
      const initOnly = destinations.filter((group) => {
        const meant = group.pods[0].ports.filter((each) => isMeant(match, each));
        return meant.length > 0 && meant.every(({ container }) => container === 'init');
      });
      if (initOnly.length === 0) continue;
      const flag = context.snapshot.profile.flags.initContainerPorts;
      const doing = { yes: 'counts it', no: 'does not count it', unknown: 'may not count it' }[
        flag
      ];
      yield {
        object: facts.policy.ref,
        path: port.path,
        message: `${listed(workloadsOf(podsOf(initOnly)).map(named))} declares ${match.name} on an init container only; the network plugin ${doing}.`,
        related: workloadsOf(podsOf(initOnly)),
      };
    }
  },
};
