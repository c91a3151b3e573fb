import type { Profiler } from 'node:inspector';

/** A function and the share of the measured time that was spent in itself. */
export interface HotFunction {
  readonly name: string;
  /** Below the project's folder, or the package it is of. */
  readonly place: string;
  readonly share: number;
}

type Node = Profiler.ProfileNode;

const COLLECTOR = '(garbage collector)';

/** The frame below which everything is measured. */
function isMeasure({ callFrame: { functionName, url } }: Node): boolean {
  return functionName === 'measured' && url.endsWith('/bench/measure/stopwatch.ts');
}

function placeOf({ url, lineNumber }: Node['callFrame']): string {
  const [, file] = /\/((?:node_modules|lib|cli|bench|components)\/.*)$/.exec(url) ?? [];
  if (file === undefined) return url.startsWith('node:') ? url : '';
  return `${file}:${lineNumber + 1}`;
}

/** What benchmarks do for themselves: the making of clusters, and the measuring of J. */
function isOwn({ callFrame: { functionName, url } }: Node): boolean {
  return (
    url.includes('/bench/clusters/') ||
    (functionName === 'cpuOf' && url.endsWith('/bench/measure/stopwatch.ts'))
  );
}

/** Ids of a tree's nodes, from some of them down, as far as `enters` says. */
function below(
  from: readonly Node[],
  nodes: readonly Node[],
  enters: (node: Node) => boolean,
): ReadonlySet<number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Set<number>();
  const waiting = [...from];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    found.add(node.id);
    for (const id of node.children ?? []) {
      const child = byId.get(id);
      if (child !== undefined && enters(child)) waiting.push(child);
    }
  }
  return found;
}

/** Ids of what is measured; where nothing says what is, all but what benchmarks do for themselves. */
function measuredNodes(nodes: readonly Node[]): ReadonlySet<number> {
  const measured = nodes.filter(isMeasure);
  if (measured.length > 0) return below(measured, nodes, () => true);
  const children = new Set(nodes.flatMap((node) => node.children ?? []));
  const roots = nodes.filter((node) => !children.has(node.id) && !isOwn(node));
  return below(roots, nodes, (node) => !isOwn(node));
}

/** The profiler itself, and the measuring. */
const NOT_WORK = /^(?:bench\/measure\/|node:inspector)/;

/**
 * The functions in which most of the measured time was spent, from one of V8's CPU profiles. A
 * collection of garbage counts where it interrupted something measured.
 */
export function hotFunctions(
  {
    nodes,
    samples = [],
    timeDeltas = [],
  }: Pick<Profiler.Profile, 'nodes' | 'samples' | 'timeDeltas'>,
  count: number,
): readonly HotFunction[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const measured = measuredNodes(nodes);
  const spent = new Map<string, { name: string; place: string; time: number }>();
  let total = 0;
  let within = false;
  for (const [i, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === '(idle)') continue;
    if (frame.functionName !== COLLECTOR) within = measured.has(id);
    if (!within || frame.functionName === '(root)') continue;
    const time = Math.max(0, timeDeltas[i] ?? 0);
    const name = frame.functionName || '(anonymous)';
    const place = placeOf(frame);
    if (NOT_WORK.test(place)) continue;
    const key = `${name} ${place}`;
    const known = spent.get(key) ?? { name, place, time: 0 };
    known.time += time;
    spent.set(key, known);
    total += time;
  }
  return [...spent.values()]
    .sort((a, b) => b.time - a.time)
    .slice(0, count)
    .map(({ name, place, time }) => ({ name, place, share: time / total }));
}
