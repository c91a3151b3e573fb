import type { Direction } from '#lib/engine/compiled-policy.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import { explainConnection, type Way } from '#lib/engine/explain.ts';
import type { ConnectionAnswer, PortQuery, SideAnswer } from '#lib/engine/explanation.ts';
import type { Service, ServicePort } from '#lib/model/cluster.ts';
import { compareText, policyKey, refKey } from '#lib/model/object-ref.ts';
import { type FieldPath, formatPath } from '#lib/model/problem.ts';
import type { DocumentView, ExplanationPart, ExplanationView } from './explanation-view.ts';
import type { ViewContext } from './graph-builder.ts';
import { type Found, findEndpoint, type NamedEndpoint } from './named-endpoint.ts';
import { ruleView } from './workload-builder.ts';
import type { EndpointView } from './workload-view.ts';

/** "Can A reach B on this port, and why?", from what a person typed to the parts of the answer. */

export interface ExplanationQuestion {
  readonly from: string;
  readonly to: string;
  /** A port, the name of one at the destination, or null for any. */
  readonly port: PortQuery | string | null;
}

/** A policy's text and a way to find fields in it; made at the edge, where YAML is known. */
export interface DocumentText {
  readonly text: string;
  readonly writtenAt: string | null;
  readonly lines: (path: FieldPath) => readonly [first: number, last: number] | null;
}

export type Explained =
  | { readonly ok: true; readonly view: ExplanationView }
  | { readonly ok: false; readonly parameter: 'from' | 'to' | 'port'; readonly message: string };

/** A destination with the port that reaches it. */
interface Target {
  readonly end: NamedEndpoint;
  readonly port: PortQuery | null;
}

function portsNamed(end: NamedEndpoint, name: string): readonly PortQuery[] {
  if (end.endpoint.kind !== 'pods') return [];
  return end.endpoint.pods[0].ports
    .filter((port) => port.name === name)
    .map(({ protocol, port }) => ({ protocol, port }));
}

function servicePort(service: Service, wanted: PortQuery | string | null): ServicePort | null {
  if (wanted === null) return service.ports.length === 1 ? (service.ports[0] ?? null) : null;
  return (
    service.ports.find((each) =>
      typeof wanted === 'string'
        ? each.name === wanted
        : each.port === wanted.port && each.protocol === wanted.protocol,
    ) ?? null
  );
}

function describePorts(service: Service): string {
  return service.ports
    .map(({ protocol, port, name }) => `${protocol}/${port}${name === null ? '' : ` (${name})`}`)
    .join(', ');
}

/** Each end with its ports: a Service's port becomes each backend's target port (GEN-7, GEN-8). */
function targetsOf(
  found: Extract<Found, { ok: true }>,
  wanted: PortQuery | string | null,
  translated: ServicePort | null,
): readonly Target[] {
  const wantedAt = (end: NamedEndpoint): readonly (PortQuery | null)[] => {
    // A headless Service translates nothing: the port that is dialled is the pod's own (GEN-9).
    if (translated !== null && found.service?.headless === false) {
      const { protocol, targetPort } = translated;
      return typeof targetPort === 'number'
        ? [{ protocol, port: targetPort }]
        : portsNamed(end, targetPort).filter((port) => port.protocol === protocol);
    }
    return typeof wanted === 'string' ? portsNamed(end, wanted) : [wanted];
  };
  return found.ends.flatMap((end) => wantedAt(end).map((port) => ({ end, port })));
}

/** Beyond so many nodes an end is not taken apart: the answer stays unknown, with its cause. */
const NODES_APART = 24;

/** An end for each node that its pods run on; itself when one of them is not known. */
function byNode(end: NamedEndpoint): readonly NamedEndpoint[] {
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

/** The answer for two ends; taken apart by node where that decides (GEN-14). */
function answersBetween(
  connectivity: Connectivity,
  source: NamedEndpoint,
  { end, port }: Target,
  way: Way,
): readonly ExplanationPart[] {
  const part = (from: NamedEndpoint, to: NamedEndpoint): ExplanationPart => ({
    from: from.view,
    to: to.view,
    port,
    pairs: from.size * to.size,
    answer: explainConnection(connectivity, from.endpoint, to.endpoint, port, way),
  });
  const whole = part(source, end);
  if (!dependsOnNode(whole.answer)) return [whole];
  return byNode(source).flatMap((from) => byNode(end).map((to) => part(from, to)));
}

/** What tells answers apart for the reader: the same text, the same part. */
function partKey(
  from: EndpointView,
  to: EndpointView,
  answer: ConnectionAnswer,
  port: PortQuery | null,
) {
  const name = (view: EndpointView) =>
    view.kind === 'addresses'
      ? ''
      : view.kind === 'node'
        ? view.name
        : refKey(view.kind === 'pod' ? view.workload : view.ref);
  return JSON.stringify([name(from), name(to), port, answer]);
}

/** Pods of one workload that get the same answer for the same reasons are one part. */
function gatherParts(parts: readonly ExplanationPart[]): readonly ExplanationPart[] {
  const gathered = new Map<string, ExplanationPart>();
  for (const part of parts) {
    const key = partKey(part.from, part.to, part.answer, part.port);
    const known = gathered.get(key);
    gathered.set(key, known === undefined ? part : merge(known, part));
  }
  return [...gathered.values()];
}

function merge(a: ExplanationPart, b: ExplanationPart): ExplanationPart {
  return {
    ...a,
    from: mergeEnd(a.from, b.from),
    to: mergeEnd(a.to, b.to),
    pairs: a.pairs + b.pairs,
  };
}

function mergeEnd(a: EndpointView, b: EndpointView): EndpointView {
  if (a.kind === 'pod' && b.kind === 'pod' && refKey(a.ref) !== refKey(b.ref))
    return { kind: 'workload', ref: a.workload, pods: 2 };
  if (a.kind === 'workload' && b.kind === 'pod') return { ...a, pods: a.pods + 1 };
  if (a.kind === 'addresses' && b.kind === 'addresses' && a.label !== b.label)
    return { ...a, label: `${a.label}, ${b.label}` };
  return a;
}

function pathsOf(side: SideAnswer): readonly { readonly key: string; readonly path: FieldPath }[] {
  return side.considered.flatMap(({ policy, isolatedAt, rules }) => {
    const key = policyKey(policy);
    const paths = [
      ...(isolatedAt === null ? [] : [isolatedAt.path]),
      ...rules.flatMap((rule) => [
        rule.path,
        ...rule.peers.map((peer) => peer.path),
        ...rule.ports.map((port) => port.path),
      ]),
    ];
    return [{ key, path: [] }, ...paths.map((path) => ({ key, path }))];
  });
}

function documentsOf(
  connectivity: Connectivity,
  parts: readonly ExplanationPart[],
  documentOf: (key: string) => DocumentText | null,
): readonly DocumentView[] {
  const paths = new Map<string, FieldPath[]>();
  for (const { answer } of parts)
    for (const { key, path } of [...pathsOf(answer.egress), ...pathsOf(answer.ingress)])
      paths.set(key, [...(paths.get(key) ?? []), path]);
  return [...paths]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([key, wanted]): readonly DocumentView[] => {
      const policy = connectivity.snapshot.policies.find((each) => policyKey(each.ref) === key);
      const document = documentOf(key);
      if (policy === undefined || document === null) return [];
      const lines: Record<string, readonly [number, number]> = {};
      for (const path of wanted) {
        const found = path.length === 0 ? null : document.lines(path);
        if (found !== null) lines[formatPath(path)] = found;
      }
      const { text, writtenAt } = document;
      const rulesOf = (direction: Direction) =>
        policy.rules[direction].map((rule) => ruleView(connectivity, policy.ref, direction, rule));
      return [
        {
          key,
          policy: policy.ref,
          writtenAt,
          text,
          lines,
          notes: policy.notes,
          rules: { ingress: rulesOf('ingress'), egress: rulesOf('egress') },
        },
      ];
    });
}

function serviceLine(
  service: Service | null,
  port: ServicePort | null,
): ExplanationView['service'] {
  if (service === null) return null;
  const { namespace, name } = service;
  return {
    namespace,
    name,
    port: port === null ? 'any' : `${port.protocol} ${port.port}`,
    targets: port === null || service.headless ? 'unchanged' : String(port.targetPort),
  };
}

/** Answers a typed question; `documentOf` gives the text of a policy by its policyKey. */
export function explanationView(
  connectivity: Connectivity,
  context: ViewContext,
  question: ExplanationQuestion,
  documentOf: (key: string) => DocumentText | null,
): Explained {
  const from = findEndpoint(connectivity, question.from, 'egress');
  if (!from.ok) return { ok: false, parameter: 'from', message: from.message };
  const to = findEndpoint(connectivity, question.to, 'ingress');
  if (!to.ok) return { ok: false, parameter: 'to', message: to.message };
  const translated = to.service === null ? null : servicePort(to.service, question.port);
  if (to.service !== null && translated === null && !to.service.headless)
    return {
      ok: false,
      parameter: 'port',
      message: `say which port of service ${question.to}: ${describePorts(to.service)}`,
    };
  const targets = targetsOf(to, question.port, translated);
  if (targets.length === 0)
    return {
      ok: false,
      parameter: 'port',
      message: `${question.to} has no port named ${typeof question.port === 'string' ? question.port : translated?.targetPort}`,
    };
  const way = to.service === null || to.service.headless ? 'direct' : 'service';
  const parts = gatherParts(
    from.ends.flatMap((source) =>
      targets.flatMap((target) => answersBetween(connectivity, source, target, way)),
    ),
  );
  const verdicts = new Set(parts.map((part) => part.answer.verdict));
  const [only] = verdicts;
  const asked = typeof question.port === 'string' ? (targets[0]?.port ?? null) : question.port;
  return {
    ok: true,
    view: {
      ...context,
      asked: { from: question.from, to: question.to, port: asked },
      verdict: verdicts.size === 1 && only !== undefined ? only : 'mixed',
      service: serviceLine(to.service, translated),
      parts,
      documents: documentsOf(connectivity, parts, documentOf),
    },
  };
}
