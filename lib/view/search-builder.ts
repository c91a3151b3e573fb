import type { Connectivity } from '#lib/engine/connectivity.ts';
import { compareText, refKey } from '#lib/model/object-ref.ts';
import type { SearchHit, SearchView } from './search-view.ts';

/** Rank of a hit, lower is better; null when the words are not in it. */
function rank(name: string, text: string, words: readonly string[]): number | null {
  const lower = text.toLowerCase();
  if (!words.every((word) => lower.includes(word))) return null;
  const own = name.toLowerCase();
  const ranks = words.map((word) => {
    if (own === word) return 0;
    return own.startsWith(word) ? 1 : own.includes(word) ? 2 : 3;
  });
  // In `shop/web` the name is the second word.
  return Math.min(...ranks);
}

const KIND_ORDER: readonly SearchHit['kind'][] = [
  'namespace',
  'workload',
  'service',
  'policy',
  'node',
  'pod',
];

function* candidates({ snapshot, workloads }: Connectivity): Generator<SearchHit> {
  for (const name of snapshot.namespaces.keys())
    yield { kind: 'namespace', ref: { kind: 'Namespace', namespace: null, name }, workload: null };
  for (const { ref } of workloads.values()) yield { kind: 'workload', ref, workload: null };
  for (const { namespace, name } of snapshot.services)
    yield { kind: 'service', ref: { kind: 'Service', namespace, name }, workload: null };
  for (const { ref } of snapshot.policies) yield { kind: 'policy', ref, workload: null };
  for (const name of snapshot.nodes.keys())
    yield { kind: 'node', ref: { kind: 'Node', namespace: null, name }, workload: null };
  for (const pod of snapshot.pods)
    if (!pod.finished && pod.workload.kind !== 'Pod')
      yield {
        kind: 'pod',
        ref: { kind: 'Pod', namespace: pod.namespace, name: pod.name },
        workload: pod.workload,
      };
}

/** What people call some objects beside their names. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['default/kubernetes[Service]', 'api-server'],
]);

/** Objects whose namespace, name or kind hold every word of the query, literally and in any case. */
export function searchView(connectivity: Connectivity, query: string, limit: number): SearchView {
  const words = query
    .toLowerCase()
    .split(/[\s/]+/)
    .filter((word) => word !== '');
  const found: { readonly hit: SearchHit; readonly rank: number; readonly key: string }[] = [];
  for (const hit of candidates(connectivity)) {
    const key = refKey(hit.ref);
    const called = ALIASES.get(key);
    const text = called === undefined ? key : `${key} ${called}`;
    const score = rank(hit.ref.name, text, words.length === 0 ? [''] : words);
    if (score !== null) found.push({ hit, rank: score, key });
  }
  found.sort(
    (a, b) =>
      a.rank - b.rank ||
      KIND_ORDER.indexOf(a.hit.kind) - KIND_ORDER.indexOf(b.hit.kind) ||
      compareText(a.key, b.key),
  );
  return { query, hits: found.slice(0, limit).map(({ hit }) => hit), total: found.length };
}
