import type { Connectivity } from '#lib/engine/connectivity.ts';
import { explainConnection, type Way } from '#lib/engine/explain.ts';
import type { ConnectionAnswer, PortQuery, SideAnswer } from '#lib/engine/explanation.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { NO_PORTS } from '#lib/model/port-set.ts';
import { podCount } from './cluster-facts.ts';
import type { NamedEndpoint } from './endpoint-ends.ts';
import type { ExplanationPart } from './explanation-view.ts';
import type { Target } from './service-targets.ts';
import type { EndpointView } from './workload-view.ts';

/** Answers for the ends of a question, as few as say everything. */

/** Beyond so many nodes an end is not taken apart: the answer stays unknown, with its cause. */
const NODES_APART = 24;

/** An end for each node that its pods run on; itself when one of them is not known. */
export function byNode(end: NamedEndpoint): readonly NamedEndpoint[] {
  const { endpoint } = end;
  if (endpoint.kind !== 'pods') return [end];
  const nodes = Map.groupBy(endpoint.pods, (pod) => pod.node);
  if (nodes.has(null) || nodes.size > NODES_APART) return [end];
  return [...nodes.values()].flatMap(([first, ...rest]) =>
    first === undefined
      ? []
      : [{ ...end, endpoint: { ...endpoint, pods: [first, ...rest] }, size: rest.length + 1 }],
  );
}

function dependsOnNode({ egress, ingress }: ConnectionAnswer): boolean {
  return [egress, ingress].some(
    ({ reason }) =>
      reason.kind === 'unknown' && reason.causes.some((cause) => cause.kind === 'node-of-pod'),
  );
}

/** The answer for two ends. */
export interface Answered {
  readonly from: NamedEndpoint;
  readonly to: NamedEndpoint;
  readonly port: PortQuery | null;
  readonly answer: ConnectionAnswer;
}

/** The answer of a destination whose source was asked about another port of it. */
function seenOnTheWay(egress: SideAnswer, { ingress }: ConnectionAnswer): ConnectionAnswer {
  const verdicts = [egress.verdict, ingress.verdict];
  const isBlocked = verdicts.includes('blocked');
  const verdict = isBlocked ? 'blocked' : verdicts.includes('unknown') ? 'unknown' : 'allowed';
  // Ports of the two sides are not of one kind: those of the destination are said.
  return { verdict, ports: isBlocked ? NOTHING : ingress.ports, egress, ingress };
}

const NOTHING = { allowed: NO_PORTS, unknown: NO_PORTS };

/** The answers for two ends; taken apart by node where that decides (GEN-14). */
export function answersBetween(
  connectivity: Connectivity,
  source: NamedEndpoint,
  { end, port, dialled }: Target,
  way: Way,
): readonly Answered[] {
  const explain = ({ endpoint }: NamedEndpoint, to: NamedEndpoint): ConnectionAnswer => {
    const answer = explainConnection(connectivity, endpoint, to.endpoint, port, way);
    if (dialled === undefined) return answer;
    const seen = (dialled.end ?? to).endpoint;
    const before = explainConnection(connectivity, endpoint, seen, dialled.port, way);
    return seenOnTheWay(before.egress, answer);
  };
  const answered = (from: NamedEndpoint, to: NamedEndpoint): Answered => ({
    from,
    to,
    port,
    answer: explain(from, to),
  });
  const whole = answered(source, end);
  if (!dependsOnNode(whole.answer)) return [whole];
  return byNode(source).flatMap((from) => byNode(end).map((to) => answered(from, to)));
}

/** What tells answers apart for the reader: the same text, the same part. */
function partKey({ from, to, port, answer }: Answered): string {
  const name = ({ view }: NamedEndpoint) =>
    view.kind === 'addresses'
      ? ''
      : view.kind === 'node'
        ? view.name
        : refKey(view.kind === 'pod' ? view.workload : view.ref);
  return JSON.stringify([name(from), name(to), port, answer]);
}

/** Pods of one workload that get the same answer for the same reasons are one part. */
export function gatherParts(answers: readonly Answered[]): readonly ExplanationPart[] {
  const alike = Map.groupBy(answers, partKey);
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    return [
      {
        from: gatherEnds(
          first.from,
          others.map(({ from }) => from),
        ),
        to: gatherEnds(
          first.to,
          others.map(({ to }) => to),
        ),
        port: first.port,
        pairs: [first, ...others].reduce((sum, { from, to }) => sum + from.size * to.size, 0),
        answer: first.answer,
      },
    ];
  });
}

/** Ends of one name as one: a pod that meets several others counts once. */
function gatherEnds(first: NamedEndpoint, others: readonly NamedEndpoint[]): EndpointView {
  const { view } = first;
  const ends = [first, ...others];
  switch (view.kind) {
    case 'node':
      return view;
    case 'addresses': {
      const labels = ends.flatMap((end) => (end.view.kind === 'addresses' ? end.view.label : []));
      return { ...view, label: [...new Set(labels)].join(', ') };
    }
    case 'pod':
    case 'workload': {
      const pods = new Set(
        ends.flatMap(({ endpoint }) => (endpoint.kind === 'pods' ? endpoint.pods : [])),
      );
      if (view.kind === 'pod' && pods.size === 1) return view;
      const ref = view.kind === 'pod' ? view.workload : view.ref;
      return { kind: 'workload', ref, pods: podCount({ pods: [...pods] }) };
    }
  }
}
