import type { Labels } from '#lib/model/labels.ts';
import type { Requirement, Selector } from '#lib/model/selector.ts';
import { selects } from '#lib/model/selector.ts';

/** Which labels were perhaps meant, where a selector matches nothing. */

/** Labels that something in scope carries, and on how many objects. */
export interface NearLabel {
  readonly written: string;
  readonly near: string;
  readonly objects: number;
}

const MOST_EDITS = 2;

/** Levenshtein's distance, or more than `most` as soon as it is. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > most) return most + 1;
    row = next;
  }
  return row[b.length] ?? most + 1;
}

/** `team-a` and `team-b`, `web-1` and `web-12`: two of a series, and no slip. */
function isSeries(a: string, b: string): boolean {
  const unnumbered = (text: string) => text.replaceAll(/\d+/g, '0');
  return unnumbered(a) === unnumbered(b) || a.slice(0, -1) === b.slice(0, -1);
}

/** `wbe` for `web`. */
function isSwap(a: string, b: string): boolean {
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  return (
    a !== b && at >= 0 && b === `${a.slice(0, at)}${a[at + 1] ?? ''}${a[at]}${a.slice(at + 2)}`
  );
}

/** Equal but for letter case is near; short texts are near only when they nearly agree. */
export function isNear(a: string, b: string): boolean {
  if (a.toLowerCase() === b.toLowerCase()) return a !== b;
  if (isSeries(a, b)) return false;
  if (isSwap(a, b)) return true;
  const most = Math.min(MOST_EDITS, Math.floor(Math.min(a.length, b.length) / 2));
  return a !== b && distance(a, b, most) <= most;
}

function nearPair({ key, operator, values }: Requirement, labels: Labels): string | null {
  if (operator !== 'In' && operator !== 'Exists') return null;
  const value = labels.get(key);
  if (value !== undefined) {
    const isNearValue = operator === 'In' && values.some((each) => isNear(each, value));
    return isNearValue ? `${key}=${value}` : null;
  }
  for (const [other, otherValue] of labels)
    if (isNear(other, key) && (operator === 'Exists' || values.includes(otherValue)))
      return `${other}=${otherValue}`;
  // The same value under another key: `app` for `app.kubernetes.io/name`.
  for (const [other, otherValue] of labels)
    if (operator === 'In' && values.includes(otherValue) && other.split('/').at(-1) !== key)
      return /(^|\/)(app|name|component|k8s-app)$/.test(other) ? `${other}=${otherValue}` : null;
  return null;
}

/**
 * The requirement that alone keeps a selector from matching, and the label that objects carry which
 * comes closest; null when there is none, or none near.
 */
export function nearestLabel(selector: Selector, candidates: readonly Labels[]): NearLabel | null {
  const found = new Map<string, { written: string; objects: number }>();
  for (const requirement of selector) {
    const others = selector.filter((each) => each !== requirement);
    for (const labels of candidates) {
      if (!selects(others, labels)) continue;
      const near = nearPair(requirement, labels);
      if (near === null) continue;
      const { objects } = found.get(near) ?? { objects: 0 };
      found.set(near, { written: writtenAs(requirement), objects: objects + 1 });
    }
  }
  const [best] = [...found].sort(([, a], [, b]) => b.objects - a.objects);
  return best === undefined ? null : { near: best[0], ...best[1] };
}

function writtenAs({ key, operator, values }: Requirement): string {
  return operator === 'In' ? `${key}=${values.join('|')}` : key;
}
