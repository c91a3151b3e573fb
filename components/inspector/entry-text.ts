import { causeClause } from '#components/explanation/reason-text.ts';
import {
  capitalized,
  code,
  endpointName,
  listed,
  type Sentence,
  sentence,
} from '#components/explanation/sentence.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import type { EntryLine } from '#lib/view/entry-view.ts';

/** A way in from outside in words: what it is called, and whether policies let it. */

/** `Ingress public, class nginx`; in another namespace than its pods with that. */
export function entryName({ entry, through, service }: EntryLine): string {
  const own =
    entry.namespace === service.namespace ? entry.name : `${entry.namespace}/${entry.name}`;
  const name = `${entry.kind} ${own}`;
  switch (through.kind) {
    case 'ingress-class':
      return through.name === null ? name : `${name}, class ${through.name}`;
    case 'gateway':
      return `${name}, Gateway ${through.namespace}/${through.name}`;
    case 'openshift-router':
      return name;
  }
}

/** `Service web:80 → TCP 8080` */
export function entryTarget({ service, target }: EntryLine): string {
  // The parts of a port stay together.
  return `Service ${service.name}:${service.port} → ${target.replace(' ', '\u00a0')}`;
}

function controllers(refs: readonly ObjectRef[]): Sentence {
  return listed(refs.map((ref) => endpointName({ kind: 'workload', ref, pods: 1 })));
}

function knownController(refs: readonly ObjectRef[], { verdict, causes }: EntryLine): Sentence {
  const names = controllers(refs);
  switch (verdict) {
    case 'allowed':
      return sentence`Its controller ${names} may connect.`;
    case 'blocked':
      return sentence`Policies block its controller ${names}: nothing comes through.`;
    case 'mixed':
      return sentence`Its controller ${names} may connect from some of its pods, or to some of these, only.`;
    case 'unknown': {
      const [cause] = causes;
      const why = cause === undefined ? sentence`.` : sentence`: ${causeClause(cause)}.`;
      return sentence`Whether its controller ${names} may connect is unknown${why}`;
    }
  }
}

/** Whether policies let the controller behind a way in connect, and what it would need (GEN-11). */
export function entrySentence(line: EntryLine): Sentence {
  const { controller, refused, target } = line;
  if (refused !== null) return sentence`Not in effect: ${refused}.`;
  if (controller.kind === 'workloads') return knownController(controller.refs, line);
  const who =
    controller.kind === 'outside'
      ? sentence`its controller answers outside the cluster, at addresses that are not known`
      : sentence`which pods its controller runs in is not known`;
  const needs =
    controller.kind === 'outside'
      ? sentence`a rule with an ${code('ipBlock')} of those addresses`
      : sentence`a rule that names its pods or, where it uses its node's network, an ${code('ipBlock')} of the nodes`;
  switch (controller.letIn) {
    case 'everybody':
      return sentence`Everybody is let in on ${target}; ${who}.`;
    case 'any-pod':
      return sentence`Any pod is let in on ${target}; ${who}. Anything that is not an ordinary pod needs ${needs}.`;
    case 'some':
      return sentence`${capitalized(who)}. On ${target} only some are let in: it needs ${needs}.`;
    case 'nobody':
      return sentence`${capitalized(who)}. On ${target} no rule lets anybody in: it needs ${needs}.`;
  }
}
