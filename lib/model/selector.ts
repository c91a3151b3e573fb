import type { Labels } from './labels.ts';

/**
 * One requirement of a label selector (SEL-1 … SEL-5), and what Calico's have beside them (CAL-16).
 * `values` is empty for the two existence tests; of several, one is enough.
 */
export interface Requirement {
  readonly key: string;
  readonly operator:
    | 'In'
    | 'NotIn'
    | 'Exists'
    | 'DoesNotExist'
    | 'Contains'
    | 'StartsWith'
    | 'EndsWith';
  readonly values: readonly string[];
}

/** All requirements hold (SEL-6); no requirement means everything in scope (SEL-7). */
export type Selector = readonly Requirement[];

export const EVERYTHING: Selector = [];

function holds(requirement: Requirement, labels: Labels): boolean {
  const value = labels.get(requirement.key);
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && requirement.values.includes(value);
    case 'NotIn':
      // An absent key satisfies NotIn (SEL-3): the classic surprise.
      return value === undefined || !requirement.values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Contains':
      return value !== undefined && requirement.values.some((part) => value.includes(part));
    case 'StartsWith':
      return value !== undefined && requirement.values.some((part) => value.startsWith(part));
    case 'EndsWith':
      return value !== undefined && requirement.values.some((part) => value.endsWith(part));
  }
}

/** Whether the selector matches; comparison is exact and case-sensitive (SEL-10). */
export function selects(selector: Selector, labels: Labels): boolean {
  return selector.every((requirement) => holds(requirement, labels));
}

function formatRequirement({ key, operator, values }: Requirement): string {
  const [only] = values;
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${only}` : `${key} in (${values.join(',')})`;
    case 'NotIn':
      return values.length === 1 ? `${key}!=${only}` : `${key} notin (${values.join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'Contains':
      return `${key} contains ${values.join(' or ')}`;
    case 'StartsWith':
      return `${key} starts with ${values.join(' or ')}`;
    case 'EndsWith':
      return `${key} ends with ${values.join(' or ')}`;
  }
}

/** `app=web,tier in (a,b),!legacy`, the notation of `kubectl -l`; `all` when it selects everything. */
export function formatSelector(selector: Selector): string {
  return selector.length === 0 ? 'all' : selector.map(formatRequirement).join(',');
}
