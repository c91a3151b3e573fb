import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import { type NamespacePart, partsByKey } from './namespace-parts.ts';
import { eachMatch, rankOf, type SearchLines, searchLines } from './search-lines.ts';
import type { SearchHit, SearchView } from './search-view.ts';

/** Makes lines once for what they are made of: a change costs the lines of what it touches. */
function remembered<Source extends object>(make: (source: Source) => readonly SearchHit[]) {
  const known = new WeakMap<Source, SearchLines>();
  return (source: Source): SearchLines => {
    const lines = known.get(source) ?? searchLines(make(source));
    known.set(source, lines);
    return lines;
  };
}

const namespaceLines = remembered((namespaces: ClusterSnapshot['namespaces']) =>
  [...namespaces.keys()].map((name) => ({
    kind: 'namespace',
    ref: { kind: 'Namespace', namespace: null, name },
    workload: null,
  })),
);
const workloadLines = remembered(({ workloads }: NamespacePart) =>
  workloads.map(({ ref }) => ({ kind: 'workload', ref, workload: null })),
);
const serviceLines = remembered((services: ClusterSnapshot['services']) =>
  services.map(({ namespace, name }) => ({
    kind: 'service',
    ref: { kind: 'Service', namespace, name },
    workload: null,
  })),
);
const policyLines = remembered((policies: ClusterSnapshot['policies']) =>
  policies.map(({ ref }) => ({ kind: 'policy', ref, workload: null })),
);
const nodeLines = remembered((nodes: ClusterSnapshot['nodes']) =>
  [...nodes.keys()].map((name) => ({
    kind: 'node',
    ref: { kind: 'Node', namespace: null, name },
    workload: null,
  })),
);
const podLines = remembered(({ pods }: NamespacePart) =>
  pods
    .filter((pod) => !pod.finished && pod.workload.kind !== 'Pod')
    .map(({ namespace, name, workload }) => ({
      kind: 'pod',
      ref: { kind: 'Pod', namespace, name },
      workload,
    })),
);

const inOrder = new WeakMap<Connectivity, readonly SearchLines[]>();

/** All that can be found, by kind and then by key: among hits of one rank the order in which they are shown. */
function linesInOrder(connectivity: Connectivity): readonly SearchLines[] {
  const lines = inOrder.get(connectivity) ?? allLines(connectivity);
  inOrder.set(connectivity, lines);
  return lines;
}

function allLines(connectivity: Connectivity): readonly SearchLines[] {
  const { namespaces, services, policies, nodes } = connectivity.snapshot;
  const parts = partsByKey(connectivity);
  return [
    namespaceLines(namespaces),
    ...parts.map(workloadLines),
    serviceLines(services),
    policyLines(policies),
    nodeLines(nodes),
    ...parts.map(podLines),
  ];
}

/** Keeps the best hits of those it is given, of equal ones the first. */
class BestHits {
  readonly #words: readonly string[];
  readonly #limit: number;
  /** By rank. */
  readonly #kept: readonly SearchHit[][] = [[], [], [], []];
  /** Who ranks here or behind is not shown any more. */
  #full = 4;

  constructor(words: readonly string[], limit: number) {
    this.#words = words;
    this.#limit = limit;
  }

  add(lines: SearchLines, line: number): void {
    if (this.#full === 0) return;
    // In `shop/web` the name is the second word: any of the words may be it.
    const rank = rankOf(lines, line, this.#words, this.#full);
    const hit = lines.hits[line];
    if (rank >= this.#full || hit === undefined) return;
    this.#kept[rank]?.push(hit);
    let kept = 0;
    this.#full = 0;
    for (const hits of this.#kept) {
      kept += hits.length;
      if (kept >= this.#limit) return;
      this.#full++;
    }
  }

  hits(): readonly SearchHit[] {
    return this.#kept.flat().slice(0, this.#limit);
  }
}

/** Objects whose namespace, name or kind hold every word of the query, literally and in any case. */
export function searchView(connectivity: Connectivity, query: string, limit: number): SearchView {
  const [first, ...others] = query
    .toLowerCase()
    .split(/[\s/]+/)
    .filter((word) => word !== '');
  if (first === undefined) return everything(connectivity, query, limit);
  // The longest word is in the fewest lines.
  const words = [first, ...others].sort((a, b) => b.length - a.length);
  const [longest = first, ...rest] = words;
  const best = new BestHits(words, limit);
  let total = 0;
  for (const lines of linesInOrder(connectivity))
    eachMatch(lines, [longest, ...rest], (line) => {
      total++;
      best.add(lines, line);
    });
  return { query, hits: best.hits(), total };
}

/** No word is in everything. */
function everything(connectivity: Connectivity, query: string, limit: number): SearchView {
  const hits: SearchHit[] = [];
  let total = 0;
  for (const lines of linesInOrder(connectivity)) {
    if (hits.length < limit) hits.push(...lines.hits.slice(0, limit - hits.length));
    total += lines.hits.length;
  }
  return { query, hits, total };
}
