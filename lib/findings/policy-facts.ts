import {
  type CompiledPeer,
  type CompiledPolicy,
  type CompiledRule,
  DIRECTIONS,
  type Direction,
  type NamespaceMatch,
  type PeerMatch,
} from '#lib/engine/compiled-policy.ts';
import type { Connectivity } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';
import { LAST_APPLIED } from '#lib/model/labels.ts';
import { policyKey } from '#lib/model/object-ref.ts';
import type { FieldPath } from '#lib/model/problem.ts';
import type { Selector } from '#lib/model/selector.ts';

/**
 * What checks ask of a policy. They read the compiled form here only, so that a new kind or a new
 * kind of peer is learnt in one place.
 */

export interface PolicyFacts {
  readonly policy: CompiledPolicy;
  /** As read: from a cluster with the fields that its API server filled in. */
  readonly body: JsonObject;
  /** As its author wrote it: the file, or kubectl's copy of one. Null when that is not known. */
  readonly written: JsonObject | null;
  /** It was read from a file, which may speak of a part of a cluster only. */
  readonly fromFile: boolean;
}

/** A rule, and where it stands. */
export interface RulePlace {
  readonly facts: PolicyFacts;
  readonly direction: Direction;
  readonly rule: CompiledRule;
}

/** A peer of a rule, and where it stands. */
export interface PeerPlace extends RulePlace {
  readonly peer: CompiledPeer;
}

export function factsOf({ snapshot }: Connectivity): readonly PolicyFacts[] {
  return snapshot.policies.map((policy) => {
    const document = snapshot.documents.get(policyKey(policy.ref));
    const body = isJsonObject(document?.body) ? document.body : {};
    const fromFile = (document?.origin ?? null) !== null;
    const isWritten = fromFile || (isNetworkPolicy(policy) && isUntouched(body));
    return { policy, body, written: isWritten ? body : lastApplied(body), fromFile };
  });
}

/** NP-4: an API server fills policyTypes in whenever it stores one; without them nobody filled in anything. */
function isUntouched(body: JsonObject): boolean {
  const types = valueAt(body, ['spec', 'policyTypes']);
  return !Array.isArray(types) || types.length === 0;
}

function lastApplied(body: JsonObject): JsonObject | null {
  const text = valueAt(body, ['metadata', 'annotations', LAST_APPLIED]);
  if (typeof text !== 'string') return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** The field of an object; undefined where there is none. */
export function valueAt(body: Json | undefined, path: FieldPath): Json | undefined {
  let value = body;
  for (const step of path) {
    if (Array.isArray(value)) value = typeof step === 'number' ? value[step] : undefined;
    else value = isJsonObject(value) ? value[step] : undefined;
  }
  return value;
}

/** The peer that a policy's subject would be; null where it is no set of pods. */
function subjectPeer({ subject }: CompiledPolicy): PeerMatch | null {
  return subject.kind === 'pods' ? subject : null;
}

/** Labels by which pods are selected, and the namespaces they are in. */
export interface LabelledPods {
  readonly namespaces: NamespaceMatch;
  readonly pods: Selector;
}

/** Whom a policy selects, by labels alone; null where it is told in other words. */
export function labelledSubject(policy: CompiledPolicy): LabelledPods | null {
  const peer = subjectPeer(policy);
  return peer === null ? null : labelledPods(peer);
}

/** Whom a peer selects, by labels alone; null where it is told in other words. */
export function labelledPods(peer: PeerMatch): LabelledPods | null {
  if (peer.kind !== 'pods' || peer.match.kind !== 'labelled') return null;
  return peer.match.serviceAccounts === undefined ? peer.match : null;
}

/** Whether the policy is NetworkPolicy of networking.k8s.io. */
export function isNetworkPolicy({ ref }: CompiledPolicy): boolean {
  return ref.group === 'networking.k8s.io';
}

/** Groups of pods that take part in traffic and that a peer matches; null where that is not sure. */
export function groupsOf({ peers }: Connectivity, peer: PeerMatch): readonly PodGroup[] | null {
  const found = peers.pods(peer);
  return found.every((group) => peers.match(peer, group, group) === 'yes') ? found : null;
}

/** Groups that a policy surely selects; null where that is not sure. Never hostNetwork or finished pods. */
export function subjectGroups(
  connectivity: Connectivity,
  policy: CompiledPolicy,
): readonly PodGroup[] | null {
  const peer = subjectPeer(policy);
  return peer === null ? null : groupsOf(connectivity, peer);
}

/** Every rule in force. */
export function* rulesIn(policies: readonly PolicyFacts[]): Generator<RulePlace> {
  for (const facts of policies)
    for (const direction of DIRECTIONS)
      for (const rule of facts.policy.rules[direction]) yield { facts, direction, rule };
}

/** Every peer of every rule in force. */
export function* peersIn(policies: readonly PolicyFacts[]): Generator<PeerPlace> {
  for (const place of rulesIn(policies))
    for (const peer of place.rule.peers) yield { ...place, peer };
}

const SUBJECT_FIELDS = ['podSelector', 'endpointSelector', 'nodeSelector', 'selector', 'subject'];

/** Where a policy of any kind says whom it selects. */
export function subjectPath({ body }: PolicyFacts): FieldPath {
  const field = SUBJECT_FIELDS.find((name) => valueAt(body, ['spec', name]) !== undefined);
  return field === undefined ? ['spec'] : ['spec', field];
}
