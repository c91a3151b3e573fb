import { NAMESPACE_NAME_LABEL } from '#lib/model/labels.ts';
import type { RulePeerView, RuleView } from '#lib/view/workload-view.ts';
import { code, type Sentence, sentence } from './sentence.ts';

/** A rule as a person would say it: who, and on which ports. */

/** One item of `from` or `to`. */
export function peerWords(match: RulePeerView['match']): Sentence {
  switch (match.kind) {
    case 'anyone':
      return sentence`every pod, node and address`;
    case 'pods':
      return podsWords(match);
    case 'addresses':
      return match.except.length === 0
        ? sentence`${code(match.block)}`
        : sentence`${code(match.block)} except ${code(match.except.join(', '))}`;
    case 'nodes':
      return match.selector === 'all'
        ? sentence`every node`
        : sentence`nodes ${code(match.selector)}`;
    case 'pods-like':
    case 'words':
      return sentence`${match.words}`;
    case 'not-understood':
      return sentence`something that is not understood (${match.message})`;
  }
}

function podsWords(match: Extract<RulePeerView['match'], { kind: 'pods' }>): Sentence {
  const pods = match.pods === 'all' ? sentence`all pods` : sentence`pods ${code(match.pods)}`;
  const { namespaces } = match;
  switch (namespaces.kind) {
    case 'named':
      return sentence`${pods} of namespace ${code(namespaces.name)}`;
    case 'labelled': {
      if (namespaces.selector === 'all') return sentence`${pods} of every namespace`;
      const name = namedBySelector(namespaces.selector);
      return name === null
        ? sentence`${pods} of namespaces ${code(namespaces.selector)}`
        : sentence`${pods} of namespace ${code(name)}`;
    }
  }
}

/** The one namespace that a selector of the label with its name can mean (NP-30). */
function namedBySelector(selector: string): string | null {
  const prefix = `${NAMESPACE_NAME_LABEL}=`;
  if (!selector.startsWith(prefix) || selector.includes(',')) return null;
  return selector.slice(prefix.length);
}

/** `every port`, or the entries as they were written. */
export function rulePortWords(ports: RuleView['ports']): string {
  return ports === 'all' ? 'every port' : ports.join(', ');
}
