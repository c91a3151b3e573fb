import type { Verdict } from '#lib/engine/explanation.ts';
import type { ExplanationPart } from '#lib/view/explanation-view.ts';
import { formatPort } from '#lib/view/query.ts';
import { askForEndpoint } from './endpoint-question.ts';

/** The parts of an answer under names that stay while the cluster changes, for the URL. */

export interface NamedPart {
  /** `shop/deployment/web>data/statefulset/db:5432`, with `~2` when another part reads the same. */
  readonly name: string;
  readonly part: ExplanationPart;
}

/** What passes is what a person looks for among many answers. */
const ORDER: Readonly<Record<Verdict, number>> = { allowed: 0, unknown: 1, blocked: 2 };

function baseName({ from, to, port }: ExplanationPart): string {
  const ends = `${askForEndpoint(from)}>${askForEndpoint(to)}`;
  return port === null ? ends : `${ends}:${formatPort(port)}`;
}

/** The parts, those that are allowed first, else in the server's order. */
export function namedParts(parts: readonly ExplanationPart[]): readonly NamedPart[] {
  const seen = new Map<string, number>();
  return parts
    .toSorted((a, b) => ORDER[a.answer.verdict] - ORDER[b.answer.verdict])
    .map((part) => {
      const base = baseName(part);
      const count = (seen.get(base) ?? 0) + 1;
      seen.set(base, count);
      return { name: count === 1 ? base : `${base}~${count}`, part };
    });
}
