import type { RuleRef } from '#lib/engine/explanation.ts';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import { formatPath } from '#lib/model/problem.ts';
import type { EndpointView } from '#lib/view/workload-view.ts';

/**
 * English with its references kept: a page links the policies that a sentence names, a terminal
 * prints the words. Both come from one place, so that they never say different things.
 */

export type Fragment =
  | { readonly kind: 'text'; readonly text: string }
  /** Something a person would type: a field, a resource, a block of addresses. */
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'policy';
      readonly text: string;
      readonly policy: PolicyRef;
    }
  | { readonly kind: 'rule'; readonly text: string; readonly rule: RuleRef }
  | {
      readonly kind: 'endpoint';
      readonly text: string;
      readonly endpoint: EndpointView;
    };

export type Sentence = readonly Fragment[];

type Part = string | number | Fragment | Sentence;

function fragments(part: Part): readonly Fragment[] {
  if (typeof part === 'string' || typeof part === 'number') return [text(`${part}`)];
  return isSentence(part) ? part : [part];
}

function isSentence(part: Fragment | Sentence): part is Sentence {
  return Array.isArray(part);
}

/** A template tag: words as they stand, references as fragments, neighbouring words made one. */
export function sentence(words: TemplateStringsArray, ...parts: readonly Part[]): Sentence {
  const all = words.flatMap((word, i) => {
    const part = parts[i];
    return part === undefined ? [text(word)] : [text(word), ...fragments(part)];
  });
  const merged: Fragment[] = [];
  for (const fragment of all) {
    const previous = merged.at(-1);
    if (fragment.text === '') continue;
    if (fragment.kind === 'text' && previous?.kind === 'text') {
      merged[merged.length - 1] = text(previous.text + fragment.text);
    } else merged.push(fragment);
  }
  return merged;
}

/** The words alone, with code as it is typed. */
export function plainText(words: Sentence): string {
  return words.map((fragment) => fragment.text).join('');
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly Part[], conjunction: 'and' | 'or' = 'and'): Sentence {
  return items.flatMap((item, i) => {
    if (i === 0) return fragments(item);
    return [text(i === items.length - 1 ? ` ${conjunction} ` : ', '), ...fragments(item)];
  });
}

export function text(words: string): Fragment {
  return { kind: 'text', text: words };
}

export function code(typed: string): Fragment {
  return { kind: 'code', text: typed };
}

export function field(path: FieldPath): Fragment {
  return code(formatPath(path));
}

/** By its name alone: where a sentence names the pods it selects, their namespace says the rest. */
export function policyName(policy: PolicyRef): Fragment {
  return { kind: 'policy', text: policy.name, policy };
}

/** With its namespace, where nothing else in the sentence tells it. */
export function qualifiedPolicy(policy: PolicyRef): Fragment {
  const name = policy.namespace === null ? policy.name : `${policy.namespace}/${policy.name}`;
  return { kind: 'policy', text: name, policy };
}

/** `rule 1`: people count from one; the field path beside it counts from zero. */
export function ruleNumber(rule: RuleRef): Fragment {
  return { kind: 'rule', text: `rule ${rule.index + 1}`, rule };
}

export function endpointName(endpoint: EndpointView): Fragment {
  return { kind: 'endpoint', text: endpointWords(endpoint), endpoint };
}

function endpointWords(endpoint: EndpointView): string {
  switch (endpoint.kind) {
    case 'workload':
    case 'pod':
      return endpoint.ref.namespace === null
        ? endpoint.ref.name
        : `${endpoint.ref.namespace}/${endpoint.ref.name}`;
    case 'node':
      return `node ${endpoint.name}`;
    case 'addresses':
      return endpoint.label;
  }
}

/** `1 policy`, `2 policies`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The first letter made upper-case, where a clause opens a sentence. */
export function capitalized(words: Sentence): Sentence {
  const [first, ...rest] = words;
  // Names are case-sensitive: only words are touched.
  if (first?.kind !== 'text' && first?.kind !== 'rule') return words;
  return [
    {
      ...first,
      text: first.text.charAt(0).toUpperCase() + first.text.slice(1),
    },
    ...rest,
  ];
}
