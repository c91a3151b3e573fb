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
    case 'labelled':
      return namespaces.selector === 'all'
        ? sentence`${pods} of every namespace`
        : sentence`${pods} of namespaces ${code(namespaces.selector)}`;
  }
}

/** `every port`, or the entries as they were written. */
export function rulePortWords(ports: RuleView['ports']): string {
  return ports === 'all' ? 'every port' : ports.join(', ');
}
