import type { Direction } from '#lib/engine/compiled-policy.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { PortQuery, SideAnswer } from '#lib/engine/explanation.ts';
import type { Service, ServicePort } from '#lib/model/cluster.ts';
import { compareText, policyKey } from '#lib/model/object-ref.ts';
import { type FieldPath, formatPath } from '#lib/model/problem.ts';
import type { NamedEndpoint } from './endpoint-ends.ts';
import { gatherParts } from './explanation-parts.ts';
import type { DocumentView, ExplanationPart, ExplanationView } from './explanation-view.ts';
import { waysTaken } from './explanation-ways.ts';
import type { ViewContext } from './graph-builder.ts';
import { type Found, findEndpoint } from './named-endpoint.ts';
import { backendNames, portsNamed, serviceTargets, type Target } from './service-targets.ts';
import { ruleView } from './workload-builder.ts';

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

/** The ends with the port that was asked for; a name is looked up in each of them. */
function plainTargets(
  ends: readonly NamedEndpoint[],
  wanted: PortQuery | string | null,
): readonly Target[] {
  return ends.flatMap((end) =>
    (typeof wanted === 'string' ? portsNamed(end, wanted) : [wanted]).map((port) => ({
      end,
      port,
    })),
  );
}

type Aimed =
  | {
      readonly ok: true;
      readonly targets: readonly Target[];
      /** The port of the Service that was meant; null for none, or several. */
      readonly port: ServicePort | null;
    }
  | { readonly ok: false; readonly message: string };

/** What the port that was asked for means at the destination. */
function aimAt(
  connectivity: Connectivity,
  { ends, service, wellKnown }: Extract<Found, { readonly ok: true }>,
  { to, port: wanted }: ExplanationQuestion,
): Aimed {
  const named = (name: string | number | undefined): Aimed => ({
    ok: false,
    message: `${to} has no port named ${name}`,
  });
  // A headless Service translates nothing: the port that is dialled is the pod's own (GEN-9).
  if (service === null || service.headless || service.externalName !== null) {
    const targets = plainTargets(ends, wanted);
    const isPlain = targets.length > 0 || service?.externalName != null;
    return isPlain
      ? { ok: true, targets, port: null }
      : named(typeof wanted === 'string' ? wanted : undefined);
  }
  const port = servicePort(service, wanted);
  // Names are looked up over UDP, and over TCP where the answer is long (GEN-12).
  const ports =
    port === null && wanted === null && wellKnown === 'dns'
      ? service.ports.filter((each) => each.port === DNS_PORT)
      : [port].filter((each) => each !== null);
  if (ports.length === 0)
    return { ok: false, message: `say which port of service ${to}: ${describePorts(service)}` };
  const targets = ports.flatMap((each) => serviceTargets(connectivity, service, each));
  return targets.length === 0 && backendNames(service).length === 0
    ? named(port?.targetPort)
    : { ok: true, targets, port };
}

const DNS_PORT = 53;

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
      // An object may hold several policies (CIL-1).
      const policies = connectivity.snapshot.policies.filter(({ ref }) => policyKey(ref) === key);
      const [policy] = policies;
      const document = documentOf(key);
      if (policy === undefined || document === null) return [];
      const lines: Record<string, readonly [number, number]> = {};
      for (const path of wanted) {
        const found = path.length === 0 ? null : document.lines(path);
        if (found !== null) lines[formatPath(path)] = found;
      }
      const { text, writtenAt } = document;
      const rulesOf = (direction: Direction) =>
        policies
          .flatMap(({ rules }) => rules[direction])
          .map((rule) => ruleView(connectivity, policy.ref, direction, rule));
      return [
        {
          key,
          policy: policy.ref,
          writtenAt,
          text,
          lines,
          notes: policies.flatMap(({ notes }) => notes),
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
    hostNames: backendNames(service),
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
  const aimed = aimAt(connectivity, to, question);
  if (!aimed.ok) return { ok: false, parameter: 'port', message: aimed.message };
  const { targets, port } = aimed;
  const { answers, verdict, notes } = waysTaken(connectivity, {
    sources: from.ends,
    targets,
    service: to.service,
    source: from.wellKnown,
    destination: to.wellKnown,
  });
  const parts = gatherParts(answers);
  const asked = typeof question.port === 'string' ? (targets[0]?.port ?? null) : question.port;
  return {
    ok: true,
    view: {
      ...context,
      asked: { from: question.from, to: question.to, port: asked },
      verdict,
      service: serviceLine(to.service, port),
      notes,
      parts,
      documents: documentsOf(connectivity, parts, documentOf),
    },
  };
}
