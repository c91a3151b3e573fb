import type { Namespace } from '#lib/model/cluster.ts';
import { NAMESPACE_NAME_LABEL, NO_LABELS } from '#lib/model/labels.ts';
import { compareText } from '#lib/model/object-ref.ts';
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
  let last: ReadonlyMap<string, Namespace> = new Map();
  return remember((declared, labelsKnown, ...mentioned) => {
    const namespaces = new Map(declared.map((namespace) => [namespace.name, namespace]));
    for (const name of mentioned.flatMap((names) => [...names]))
      if (!namespaces.has(name))
        namespaces.set(name, onlyMentioned(name, labelsKnown, last.get(name)));
    last = new Map([...namespaces].sort(([a], [b]) => compareText(a, b)));
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
