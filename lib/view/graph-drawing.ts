import type { Connectivity } from '#lib/engine/connectivity.ts';
import { compareText } from '#lib/model/object-ref.ts';
import type { EdgeGathering } from './edge-gathering.ts';
import { budgetOf, type GraphBudget, roomForInner } from './graph-budget.ts';
import { roomFor } from './graph-cut.ts';
import {
  arranged,
  collapsedDrawable,
  type Drawable,
  gatheredIn,
  innerDrawables,
  outsideDrawable,
} from './graph-drawables.ts';
import {
  type Gathered,
  namespaceId,
  namespaceNode,
  namespaceOfId,
  restId,
  restNode,
} from './graph-nodes.ts';
import { innerPlaces, type Opening, placing } from './graph-places.ts';
import type { GraphTally } from './graph-tally.ts';
import { partsInScope, type Subject, tallied } from './graph-tallying.ts';
import type { GraphNode, GraphQuery, GraphView } from './graph-view.ts';
import { partsOf, workloadOfKey } from './namespace-parts.ts';
import { addOpenEdges, type Stranger } from './open-edges.ts';
import {
  type Census,
  censusOf,
  censusOfCluster,
  censusOfPart,
  crossing,
  NOBODY,
  openAmongStrangers,
  together,
} from './open-pairs.ts';
import { outsideId, outsideOfPart } from './outside-nodes.ts';
import { unitsOf } from './units.ts';

/** Draws a picture: what is connected, as far as there is room for it. */

type Picture = Pick<GraphView, 'nodes' | 'edges' | 'leftOut'>;

/** As many of the namespaces, in their order, as there is room for; the first in any case. */
function openingOf(
  connectivity: Connectivity,
  { opened }: GraphQuery,
  names: readonly string[],
  budget: GraphBudget,
): Opening {
  const opening = { expanded: new Set<string>(), opened: new Set(opened) };
  const parts = partsOf(connectivity);
  let taken = 0;
  for (const name of names) {
    const part = parts.get(name);
    taken += 1 + (part === undefined ? 0 : innerPlaces(connectivity, part, opening).length);
    if (opening.expanded.size > 0 && taken > roomForInner(budget)) break;
    opening.expanded.add(name);
  }
  return opening;
}

/** Of the workload around which everything is drawn. */
function focusCensus({ connectivity, parts, shown: { focus } }: Subject): Census {
  const part = focus === null ? undefined : parts.get(focus.namespace);
  if (focus === null || part === undefined) return NOBODY;
  const { units } = unitsOf(connectivity, part);
  const own = units.filter(({ workloads }) => workloads.includes(focus));
  return censusOf(
    connectivity,
    own.map((unit) => [unit, 1]),
  );
}

/** Pairs with the focus at an end that would be open between strangers. */
function openAroundFocus(subject: Subject): number {
  const { connectivity, parts, scope, shown } = subject;
  const own = focusCensus(subject);
  const part = scope === null ? undefined : parts.get(scope);
  const isInside = scope === null || shown.focus?.namespace === scope;
  const others =
    isInside || part === undefined
      ? censusOfCluster(connectivity)
      : censusOfPart(connectivity, part);
  const both = crossing(connectivity, own, others) + crossing(connectivity, others, own);
  return both - (isInside ? 2 * own.selves : 0);
}

/** Pairs that are open and not drawn. */
function leftOpen(subject: Subject, tally: GraphTally): number {
  const { connectivity, parts, scope, shown } = subject;
  const part = scope === null ? null : parts.get(scope);
  if (part === undefined || shown.showOpen) return tally.leftOut.open;
  const strangers = openAmongStrangers(connectivity, part) - tally.looked.all;
  const drawn = shown.focus === null ? 0 : openAroundFocus(subject) - tally.looked.focus;
  return tally.leftOut.open + strangers - drawn;
}

/** Of each namespace, who in it may be open to whom, when strangers are drawn in the picture of another. */
function* strangersAround(
  subject: Subject,
): Generator<{ readonly name: string; readonly own: Census; readonly others: Census }> {
  const { connectivity, parts, scope, shown } = subject;
  const part = scope === null ? undefined : parts.get(scope);
  const { focus, showOpen } = shown;
  if (part === undefined || (focus === null && !showOpen)) return;
  const scoped = censusOfPart(connectivity, part);
  if (!showOpen && focus !== null && focus.namespace !== scope) {
    yield { name: focus.namespace, own: focusCensus(subject), others: scoped };
    return;
  }
  const own = showOpen ? scoped : focusCensus(subject);
  for (const [name, other] of parts)
    if (name !== scope) yield { name, own, others: censusOfPart(connectivity, other) };
}

/** Namespaces with an end of what is drawn. */
function neighbours(
  subject: Subject,
  tally: GraphTally,
  namespaceOf: (id: string) => string | null,
): ReadonlySet<string | null> {
  const { connectivity } = subject;
  const found = new Set<string | null>();
  for (const [source, target] of tally.edges)
    found.add(namespaceOf(source)).add(namespaceOf(target));
  const looked = new Map<string | null, number>();
  for (const [from, targets] of tally.lookedBetween)
    for (const [to, manners] of targets)
      for (const name of new Set([namespaceOf(from), namespaceOf(to)]))
        for (const count of manners.values()) looked.set(name, (looked.get(name) ?? 0) + count);
  for (const { name, own, others } of strangersAround(subject)) {
    const open = crossing(connectivity, own, others) + crossing(connectivity, others, own);
    if (open > (looked.get(name) ?? 0)) found.add(name);
  }
  return found;
}

/** Those that are drawn by themselves or gathered, and the frames around what is in them. */
function drawablesOf(subject: Subject, tally: GraphTally): readonly Drawable[] {
  const { connectivity, parts, scope, shown, opening } = subject;
  const inner = [...opening.expanded].flatMap((name) => {
    const part = parts.get(name);
    return part === undefined ? [] : innerDrawables(connectivity, part, opening, shown);
  });
  const homes = new Map(inner.map(({ id, namespace }) => [id, namespace]));
  const namespaceOf = (id: string) => homes.get(id) ?? namespaceOfId(id);
  const near =
    scope === null
      ? [...parts].flatMap(([name, { workloads }]) => (workloads.length > 0 ? [name] : []))
      : [scope, ...neighbours(subject, tally, namespaceOf)];
  const isShown = new Set(near.filter((name) => name !== null));
  const collapsed = [...isShown]
    .filter((name) => !opening.expanded.has(name))
    .map((name) => collapsedDrawable(connectivity, name, parts.get(name), shown));
  const labels = new Set(
    partsInScope(subject).flatMap((part) =>
      outsideOfPart(connectivity, part).map(({ label }) => label),
    ),
  );
  return [
    ...inner.filter(({ namespace }) => namespace !== null && isShown.has(namespace)),
    ...collapsed,
    ...[...labels].sort((a, b) => compareText(outsideId(a), outsideId(b))).map(outsideDrawable),
  ];
}

/** Everything drawn, and who stands for those that are not. */
class Cut {
  readonly drawn: readonly Drawable[];
  readonly gathered: ReadonlyMap<string, Gathered>;
  readonly #rest: ReadonlyMap<string, string>;
  readonly #left: readonly Drawable[];

  constructor(ordered: readonly Drawable[], count: number) {
    this.drawn = ordered.slice(0, count);
    this.#left = ordered.slice(count);
    this.gathered = gatheredIn(this.#left);
    this.#rest = new Map(this.#left.map(({ id, rest }) => [id, rest]));
  }

  nodeOf = (id: string): string => this.#rest.get(id) ?? id;

  /** The inhabitants of each node, and whether they are of a namespace. */
  strangers(): readonly (Stranger & { readonly namespace: string | null })[] {
    const left = Map.groupBy(this.#left, ({ rest }) => rest);
    return [
      ...this.drawn.map(({ id, census, namespace }) => ({ id, census: census(), namespace })),
      ...[...left].map(([id, members]) => ({
        id,
        census: together(members.map(({ census }) => census())),
        namespace: this.gathered.get(id)?.namespace ?? null,
      })),
    ];
  }
}

/** The workload around which everything is drawn, in the node where it stands. */
function focusStranger(subject: Subject, cut: Cut): Stranger | null {
  const { connectivity, parts, opening, shown } = subject;
  const { focus } = shown;
  const part = focus === null ? undefined : parts.get(focus.namespace);
  if (focus === null || part === undefined) return null;
  const { units } = unitsOf(connectivity, part);
  const unit = units.find(({ workloads }) => workloads.includes(focus));
  const [place] = unit === undefined ? [] : placing(parts, opening)(unit, [focus]);
  if (place === undefined) return null;
  return { id: cut.nodeOf(place.id), census: focusCensus(subject) };
}

/** Between whom strangers are drawn. */
function* strangersDrawn(
  subject: Subject,
  cut: Cut,
): Generator<readonly [source: Stranger, target: Stranger]> {
  const { scope, shown } = subject;
  const all = cut.strangers();
  const inScope = all.filter(({ namespace }) => scope === null || namespace === scope);
  if (shown.showOpen) {
    for (const source of inScope) for (const target of all) yield [source, target];
    const beyond = all.filter(({ namespace }) => scope !== null && namespace !== scope);
    for (const source of beyond) for (const target of inScope) yield [source, target];
    return;
  }
  const own = focusStranger(subject, cut);
  if (own === null) return;
  for (const other of shown.focus?.namespace === scope ? all : inScope) {
    yield [own, other];
    yield [other, own];
  }
}

function withOpenEdges(subject: Subject, tally: GraphTally, cut: Cut): EdgeGathering {
  const { connectivity, shown, budget } = subject;
  const edges = tally.edges.between(cut.nodeOf);
  if (!shown.showOpen && shown.focus === null) return edges;
  const pairs = strangersDrawn(subject, cut);
  addOpenEdges(connectivity, edges, pairs, tally.lookedBetween, cut.nodeOf, budget.edges);
  return edges;
}

/** So much smaller is the next try when there are too many edges. */
const SHRINKING = 0.7;

/** The largest picture that there is room for. */
function cutToBudget(
  subject: Subject,
  tally: GraphTally,
  drawables: readonly Drawable[],
): { readonly cut: Cut; readonly edges: EdgeGathering } {
  const { budget, opening } = subject;
  const ordered = arranged(drawables, tally.edges, budget);
  let count = roomFor(ordered, tally.edges, budget, opening.expanded.size);
  for (;;) {
    const cut = new Cut(ordered, count);
    const edges = withOpenEdges(subject, tally, cut);
    if (edges.size <= budget.edges || count === 0) return { cut, edges };
    count = Math.floor(count * SHRINKING);
  }
}

/** By node, and by namespace for the frames: connections within that rest on rules. */
function connectionsInside(
  tally: GraphTally,
  drawables: readonly Drawable[],
  nodeOf: (id: string) => string,
): ReadonlyMap<string, number> {
  const inside = new Map<string, number>();
  const add = (id: string, more: number) => inside.set(id, (inside.get(id) ?? 0) + more);
  const homes = new Map(drawables.map(({ id, namespace }) => [id, namespace]));
  for (const [id, count] of tally.inside) {
    add(nodeOf(id), count);
    const home = homes.get(id);
    if (home !== null && home !== undefined && id !== namespaceId(home))
      add(namespaceId(home), count);
  }
  for (const [source, target, { rules }] of tally.edges) {
    if (nodeOf(source) === nodeOf(target)) add(nodeOf(source), rules);
    const home = homes.get(source);
    if (home !== null && home !== undefined && home === homes.get(target))
      add(namespaceId(home), rules);
  }
  return inside;
}

/** Namespaces as they come, each frame before what is in it, then the outside. */
function nodesOf(
  subject: Subject,
  cut: Cut,
  inside: ReadonlyMap<string, number>,
): readonly GraphNode[] {
  const { connectivity, parts, opening } = subject;
  const insideOf = (id: string) => inside.get(id) ?? 0;
  const drawn = Map.groupBy(
    cut.drawn.toSorted((a, b) => compareText(a.id, b.id)),
    ({ namespace }) => namespace,
  );
  const rest = Map.groupBy(cut.gathered.values(), ({ namespace }) => namespace);
  const nodesIn = (namespace: string | null): readonly GraphNode[] => [
    ...(drawn.get(namespace) ?? []).map(({ id, node }) => node(insideOf(id))),
    ...(rest.get(namespace) ?? []).map((each) => restNode(each, insideOf(restId(each)))),
  ];
  const names = new Set([subject.scope, ...drawn.keys(), ...rest.keys()]);
  return [
    ...[...names]
      .filter((name) => name !== null)
      .sort(compareText)
      .flatMap((name) =>
        opening.expanded.has(name) ? [frame(name), ...nodesIn(name)] : nodesIn(name),
      ),
    ...nodesIn(null),
  ];

  function frame(name: string): GraphNode {
    return namespaceNode(connectivity, name, parts.get(name), false, insideOf(namespaceId(name)));
  }
}

/** The nodes and edges there is room for, and what is left out; `toExpand` in the order of their weight. */
export function drawPicture(
  connectivity: Connectivity,
  query: GraphQuery,
  toExpand: readonly string[],
): Picture {
  const budget = budgetOf(query);
  const subject: Subject = {
    connectivity,
    parts: partsOf(connectivity),
    scope: query.namespace,
    shown: {
      showOpen: query.showOpen,
      showDns: query.showDns,
      focus: query.focus === null ? null : workloadOfKey(connectivity, query.focus),
    },
    budget,
    opening: openingOf(connectivity, query, toExpand, budget),
  };
  const tally = tallied(subject);
  const drawables = drawablesOf(subject, tally);
  const { cut, edges } = cutToBudget(subject, tally, drawables);
  return {
    nodes: nodesOf(subject, cut, connectionsInside(tally, drawables, cut.nodeOf)),
    edges: edges.edges(),
    leftOut: { open: leftOpen(subject, tally), dns: tally.leftOut.dns },
  };
}
