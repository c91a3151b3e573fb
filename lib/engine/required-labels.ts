import { NAMESPACE_NAME_LABEL } from '#lib/model/labels.ts';
import type { Selector } from '#lib/model/selector.ts';
import type { NamespaceMatch, PodMatch } from './compiled-policy.ts';

/** What a match cannot do without: by it, those worth testing are found without trying all. */

/** One of these values of one label. */
export interface RequiredLabel {
  readonly key: string;
  readonly values: readonly string[];
}

/** A label that everything a selector matches has; null when there is none. */
function requiredLabel(selector: Selector): RequiredLabel | null {
  let required: RequiredLabel | null = null;
  for (const { operator, key, values } of selector)
    if (operator === 'In' && (required === null || values.length < required.values.length))
      required = { key, values };
  return required;
}

/** A label that every pod has that is meant. */
export function requiredPodLabel(match: PodMatch): RequiredLabel | null {
  switch (match.kind) {
    case 'labelled':
      return requiredLabel(match.pods);
    case 'all-of':
      return match.of.map(requiredPodLabel).find((label) => label !== null) ?? null;
    case 'any-of':
    case 'not':
      return null;
  }
}

/** A label that the namespace has of everything that is meant. */
export function requiredNamespaceLabel(match: PodMatch): RequiredLabel | null {
  switch (match.kind) {
    case 'labelled':
      return match.namespaces.kind === 'labelled' ? requiredLabel(match.namespaces.selector) : null;
    case 'all-of':
      return match.of.map(requiredNamespaceLabel).find((label) => label !== null) ?? null;
    case 'any-of':
    case 'not':
      return null;
  }
}

/** The namespaces in one of which everything is that is meant; null when it may be in any. */
export function namesOfNamespaces(match: PodMatch): readonly string[] | null {
  switch (match.kind) {
    case 'labelled':
      return namesMeant(match.namespaces);
    case 'all-of':
      return match.of.map(namesOfNamespaces).find((names) => names !== null) ?? null;
    case 'any-of': {
      const names = match.of.map(namesOfNamespaces);
      return names.includes(null) ? null : [...new Set(names.flatMap((each) => each ?? []))];
    }
    case 'not':
      return null;
  }
}

function namesMeant(match: NamespaceMatch): readonly string[] | null {
  switch (match.kind) {
    case 'named':
      return [match.name];
    case 'nowhere':
      return [];
    case 'anywhere':
      return null;
    case 'labelled':
      // SEL-12: this label is the name, whatever else is known of the namespace.
      return (
        match.selector.find(
          ({ key, operator }) => key === NAMESPACE_NAME_LABEL && operator === 'In',
        )?.values ?? null
      );
  }
}
