import { ByNamespace } from '#lib/model/by-namespace.ts';
import type { Namespace } from '#lib/model/cluster.ts';
import { NAMESPACE_NAME_LABEL, NO_LABELS } from '#lib/model/labels.ts';
import { remember } from './remember.ts';

/**
 * Gives the function for everybody's namespaces, sorted: those declared, and those only mentioned
 * (SEL-12). A namespace is the same object as the last time while nothing else is known of it.
 */
export function createEveryNamespace(): (
  declared: readonly Namespace[],
  labelsKnown: boolean,
  ...mentioned: readonly ReadonlySet<string>[]
) => ReadonlyMap<string, Namespace> {
  let last = ByNamespace.of<Namespace>([]);
  return remember((declared, labelsKnown, ...mentioned) => {
    const changes: [string, Namespace | undefined][] = [];
    const names = new Set<string>();
    for (const namespace of declared) {
      names.add(namespace.name);
      if (last.get(namespace.name) !== namespace) changes.push([namespace.name, namespace]);
    }
    for (const name of mentioned.flatMap((each) => [...each])) {
      if (names.has(name)) continue;
      names.add(name);
      const former = last.get(name);
      const namespace = onlyMentioned(name, labelsKnown, former);
      if (former !== namespace) changes.push([name, namespace]);
    }
    for (const name of last.keys()) if (!names.has(name)) changes.push([name, undefined]);
    if (changes.length > 0) last = last.with(changes);
    return last;
  });
}

function onlyMentioned(
  name: string,
  labelsKnown: boolean,
  former: Namespace | undefined,
): Namespace {
  if (former?.declared === false && former.labelsKnown === labelsKnown) return former;
  return {
    name,
    labels: new Map([[NAMESPACE_NAME_LABEL, name]]),
    annotations: NO_LABELS,
    declared: false,
    labelsKnown,
  };
}
