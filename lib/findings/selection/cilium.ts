import { DIRECTIONS, type PodMatch } from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import type { FindingObject } from '#lib/findings/finding.ts';
import { isNetworkPolicy, peersIn, subjectPath, valueAt } from '#lib/findings/policy-facts.ts';
import { ciliumSpecs, itemsOf, type WrittenSpec } from '#lib/findings/written-specs.ts';
import { isIdentityLabel, NAMESPACE_KEY, parseLabelKey } from '#lib/model/cilium-label-keys.ts';
import { isJsonObject, type Json } from '#lib/model/json.ts';
import type { FieldPath } from '#lib/model/problem.ts';

/** Labels that Cilium's agents do not look at, or put their own in place of. */

/** A selector of pods, and the labels that it asks for. */
interface Selecting {
  readonly object: FindingObject;
  readonly path: FieldPath;
  readonly keys: readonly string[];
}

/** The labels that a selector of Cilium's own kinds asks of pods. */
function writtenKeys(selector: Json | undefined): readonly string[] {
  if (!isJsonObject(selector)) return [];
  const { matchLabels } = selector;
  const expressions = itemsOf(selector, ['matchExpressions']).map(({ item }) => String(item.key));
  return [...Object.keys(isJsonObject(matchLabels) ? matchLabels : {}), ...expressions]
    .map(parseLabelKey)
    .flatMap(({ source, key }) => (source === 'k8s' || source === 'any' ? [key] : []));
}

const PEERS = { ingress: 'fromEndpoints', egress: 'toEndpoints' } as const;

function* selectorsOf({ facts, path, spec }: WrittenSpec): Generator<Selecting> {
  const object = facts.policy.ref;
  const at = ['endpointSelector'];
  yield { object, path: [...path, ...at], keys: writtenKeys(valueAt(spec, at)) };
  for (const direction of DIRECTIONS)
    for (const list of [direction, `${direction}Deny`])
      for (const entry of itemsOf(spec, [list]))
        for (const peer of itemsOf(entry.item, [PEERS[direction]]))
          yield {
            object,
            path: [...path, ...entry.path, ...peer.path],
            keys: writtenKeys(peer.item),
          };
}

function keysOf(match: PodMatch): readonly string[] {
  if (match.kind === 'labelled') return match.pods.map(({ key }) => key);
  return match.kind === 'not' ? keysOf(match.of) : match.of.flatMap(keysOf);
}

/** NetworkPolicies as Cilium takes them. */
function* translated({ snapshot, policies }: LintContext): Generator<Selecting> {
  if (snapshot.profile.order !== 'cilium') return;
  const plain = policies.filter(({ policy }) => isNetworkPolicy(policy));
  for (const facts of plain) {
    const { subject, ref } = facts.policy;
    const keys = subject.kind === 'pods' ? keysOf(subject.match) : [];
    yield { object: ref, path: subjectPath(facts), keys };
  }
  for (const { facts, peer } of peersIn(plain))
    if (peer.match.kind === 'pods')
      yield { object: facts.policy.ref, path: peer.path, keys: keysOf(peer.match.match) };
}

export const labelCiliumIgnores: Check = {
  id: 'PIT-SEL-11',
  title: 'Selector on a label that Cilium leaves out',
  severity: 'warning',
  group: 'selection',
  rules: ['CIL-25'],
  needs: [],
  scenario:
    'A policy selects one pod of a StatefulSet by statefulset.kubernetes.io/pod-name. Cilium’s agents leave such labels out of what pods are known by, and the policy matches nothing.',
  evidence:
    'The plugin is Cilium, or the policy one of its kinds, and a selector of pods names a key that agents leave out by default. An agent’s own setting of labels is not read.',
  fix: 'Select by another label, or let the agents take this one in with their option labels.',
  *find(context) {
    const own = ciliumSpecs(context).flatMap((written) => [...selectorsOf(written)]);
    for (const { object, path, keys } of [...own, ...translated(context)]) {
      const ignored = [...new Set(keys)].filter(
        (key) => key !== NAMESPACE_KEY && !isIdentityLabel(key),
      );
      if (ignored.length > 0)
        yield {
          object,
          path,
          message: `Agents leave out the label ${ignored.join(', ')} by default: it matches nothing.`,
        };
    }
  },
};

export const ciliumForeignNamespace: Check = {
  id: 'PIT-SEL-12',
  title: 'endpointSelector names another namespace',
  severity: 'error',
  group: 'selection',
  rules: ['CIL-4'],
  needs: [],
  scenario:
    'A CiliumNetworkPolicy selects pods of another namespace by the label of the namespace. Cilium puts the policy’s own namespace in its place: other pods are under it than those named.',
  evidence:
    'The endpointSelector of a CiliumNetworkPolicy has the label io.kubernetes.pod.namespace with another value than the policy’s namespace.',
  fix: 'Move the policy to that namespace, or write a CiliumClusterwideNetworkPolicy.',
  *find(context) {
    for (const { facts, path, spec } of ciliumSpecs(context)) {
      const { ref } = facts.policy;
      const labels = valueAt(spec, ['endpointSelector', 'matchLabels']);
      if (ref.namespace === null || !isJsonObject(labels)) continue;
      for (const [key, value] of Object.entries(labels))
        if (parseLabelKey(key).key === NAMESPACE_KEY && value !== ref.namespace)
          yield {
            object: ref,
            path: [...path, 'endpointSelector', 'matchLabels', key],
            message: `It names the namespace ${String(value)} and applies in its own, ${ref.namespace}.`,
          };
    }
  },
};
