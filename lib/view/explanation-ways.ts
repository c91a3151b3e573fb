import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { Way } from '#lib/engine/explain.ts';
import type { Verdict } from '#lib/engine/explanation.ts';
import type { Service } from '#lib/model/cluster.ts';
import { type NamedEndpoint, nodeEnd } from './endpoint-ends.ts';
import { type Answered, answersBetween, byNode } from './explanation-parts.ts';
import type { ExplanationNote, ExplanationView } from './explanation-view.ts';
import { DNS_CACHE_ADDRESS, isDnsCache, type WellKnown } from './named-endpoint.ts';
import { backendNames, type Target } from './service-targets.ts';

/**
 * The ways that a connection may take between two ends: which one it takes is known to the cluster's
 * routing alone. Where they lead to different answers, the answer is unknown.
 */

/** What is known of a question once its ends and its port are. */
export interface Asked {
  readonly sources: readonly NamedEndpoint[];
  readonly targets: readonly Target[];
  /** The Service that was dialled. */
  readonly service: Service | null;
  /** What else the ends were called. */
  readonly source: WellKnown | null;
  readonly destination: WellKnown | null;
}

export interface Taken {
  readonly answers: readonly Answered[];
  readonly verdict: ExplanationView['verdict'];
  readonly notes: readonly ExplanationNote[];
}

/** Beyond so many nodes, what each of them may do is not worked out. */
const NODES_TRIED = 64;

function isOutside({ endpoint }: NamedEndpoint): boolean {
  return endpoint.kind === 'addresses';
}

function isReachedFromOutside({ type, externalAddresses }: Service): boolean {
  return type === 'NodePort' || type === 'LoadBalancer' || externalAddresses.length > 0;
}

function verdictOf(answers: readonly Answered[]): Verdict | 'mixed' {
  const verdicts = new Set(answers.map(({ answer }) => answer.verdict));
  const [only] = verdicts;
  return verdicts.size === 1 && only !== undefined ? only : 'mixed';
}

/** What holds whichever way is taken. */
function common(verdicts: readonly ExplanationView['verdict'][]): ExplanationView['verdict'] {
  const [first] = verdicts;
  return first !== undefined && verdicts.every((each) => each === first) ? first : 'unknown';
}

/** The addresses of all nodes, as those that connections from outside may be given; null for too many, or none. */
function nodeSources({ snapshot }: Connectivity): readonly NamedEndpoint[] | null {
  const nodes = [...snapshot.nodes.values()];
  if (nodes.length === 0 || nodes.length > NODES_TRIED) return null;
  return nodes.flatMap(({ name, addresses }) =>
    addresses.slice(0, 1).map((each) => nodeEnd(name, each)),
  );
}

/** Each pod's own name server: the cache on its node (GEN-12a). */
function cachesOf(source: NamedEndpoint, targets: readonly Target[]) {
  return byNode(source).map((own) => {
    const [pod] = own.endpoint.kind === 'pods' ? own.endpoint.pods : [];
    const node = own.endpoint.kind === 'node' ? own.endpoint.node : (pod?.node ?? null);
    const ports = [...new Map(targets.map(({ port }) => [`${port?.protocol}`, port])).values()];
    const caches =
      node === null
        ? []
        : ports.map((port): Target => ({ end: nodeEnd(node, DNS_CACHE_ADDRESS), port }));
    return { own, caches };
  });
}

type Between = (
  sources: readonly NamedEndpoint[],
  targets: readonly Target[],
) => readonly Answered[];

/** One more way, or a reason why it is not known. */
interface Turn {
  readonly answers: readonly Answered[];
  readonly verdicts: readonly ExplanationView['verdict'][];
  readonly note: ExplanationNote;
}

/** From outside: a Service's node may give the connection its own address (GEN-10, AMB-11). */
function fromOutside(
  connectivity: Connectivity,
  { sources, targets, service }: Asked,
  between: Between,
): readonly Turn[] {
  if (service === null || service.externalName !== null || !sources.some(isOutside)) return [];
  const none = { answers: [], verdicts: [] };
  if (!isReachedFromOutside(service)) return [{ ...none, note: { kind: 'no-way-in' } }];
  const { externalTrafficPolicy: trafficPolicy } = service;
  const noteOf = (nodes: 'answered' | 'left-open') =>
    ({ kind: 'source-address', trafficPolicy, nodes }) as const;
  if (trafficPolicy === 'Local') return [{ ...none, note: noteOf('left-open') }];
  const answers = between(nodeSources(connectivity) ?? [], targets);
  return answers.length === 0
    ? [{ answers, verdicts: ['unknown'], note: noteOf('left-open') }]
    : [{ answers, verdicts: [verdictOf(answers)], note: noteOf('answered') }];
}

/** To name servers: the cache on the pod's node answers for them (GEN-12a). */
function toDnsCache(
  connectivity: Connectivity,
  { sources, targets, destination }: Asked,
  between: Between,
): readonly Turn[] {
  if (destination !== 'dns' || !isDnsCache(connectivity)) return [];
  const ways = sources.filter((end) => !isOutside(end)).flatMap((end) => cachesOf(end, targets));
  const answers = ways.flatMap(({ own, caches }) => between([own], caches));
  const isPart = ways.some(({ caches }) => caches.length === 0);
  const verdicts = answers.length === 0 ? [] : [verdictOf(answers)];
  return [
    {
      answers,
      verdicts: isPart ? [...verdicts, 'unknown' as const] : verdicts,
      note: { kind: 'dns-cache' },
    },
  ];
}

/** From the API server: on a control plane that somebody else runs, its address is not known (GEN-22). */
function fromApiServer({ source, sources }: Asked, direct: readonly Answered[]): readonly Turn[] {
  if (source !== 'api-server') return [];
  const isKnown =
    sources.every(({ endpoint }) => endpoint.kind === 'node') ||
    direct.every(({ answer }) => answer.ingress.reason.kind === 'no-policy');
  const note = { kind: 'control-plane-source' } as const;
  return [{ answers: [], verdicts: isKnown ? [] : ['unknown'], note }];
}

/** Egress that is checked before the Service is translated (AWS-2). */
function beforeTranslation({ targets, sources }: Asked): readonly Turn[] {
  const isSeen = targets.some(({ dialled }) => dialled !== undefined);
  if (!isSeen || sources.every(isOutside)) return [];
  return [{ answers: [], verdicts: [], note: { kind: 'egress-before-translation' } }];
}

/** A Service may keep pods to backends on their own node (AMB-15). */
function nearby({ service, sources }: Asked): readonly Turn[] {
  if (service?.internalTrafficPolicy !== 'Local' || sources.every(isOutside)) return [];
  return [{ answers: [], verdicts: [], note: { kind: 'same-node-backends' } }];
}

/** Answers over every way, and what they come to together. */
export function waysTaken(connectivity: Connectivity, asked: Asked): Taken {
  const { sources, targets, service } = asked;
  const way: Way = service === null || service.headless ? 'direct' : 'service';
  const between: Between = (from, to) =>
    from.flatMap((source) =>
      to.flatMap((target) => answersBetween(connectivity, source, target, way)),
    );
  const direct = between(sources, targets);
  const turns = [
    ...fromOutside(connectivity, asked, between),
    ...beforeTranslation(asked),
    ...nearby(asked),
    ...toDnsCache(connectivity, asked, between),
    ...fromApiServer(asked, direct),
  ];
  const verdicts = [
    ...(direct.length > 0 ? [verdictOf(direct)] : []),
    ...turns.flatMap((turn) => turn.verdicts),
    // Whom a name stands for is not known (GEN-9).
    ...(service !== null && backendNames(service).length > 0 ? ['unknown' as const] : []),
  ];
  return {
    answers: [...direct, ...turns.flatMap((turn) => turn.answers)],
    verdict: common(verdicts),
    notes: turns.map(({ note }) => note),
  };
}
