import type { PeerMatch } from '#lib/engine/compiled-policy.ts';
import type { Check } from '#lib/findings/check.ts';
import { isSystemNamespace, type LintContext } from '#lib/findings/context.ts';
import { rulesThat } from '#lib/findings/in-force.ts';
import { named, workloadsOf } from '#lib/findings/objects.ts';
import { groupsOf, labelledPods, subjectGroups } from '#lib/findings/policy-facts.ts';
import { listed } from '#lib/findings/words.ts';
import type { Namespace } from '#lib/model/cluster.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';

/** Labels by which namespaces say to which environment they belong, most usual first. */
const ENVIRONMENT_KEYS = ['env', 'environment', 'stage', 'app.kubernetes.io/environment'];

/** The key by which namespaces of applications differ; null where they do not. */
function environmentKey({ snapshot }: LintContext): string | null {
  const namespaces = [...snapshot.namespaces.values()].filter((each) => !isSystemNamespace(each));
  return (
    ENVIRONMENT_KEYS.find(
      (key) => new Set(namespaces.flatMap(({ labels }) => labels.get(key) ?? [])).size > 1,
    ) ?? null
  );
}

function environmentOf({ labels, labelsKnown }: Namespace, key: string): string | null {
  return labelsKnown ? (labels.get(key) ?? null) : null;
}

interface Foreign {
  readonly environments: readonly string[];
  readonly workloads: readonly ObjectRef[];
  /** The same as they are told. */
  readonly names: string;
}

/** Who of a peer's pods is of another environment. Linear in groups, once for each peer that is written. */
function foreignPods(key: string, { connectivity }: LintContext) {
  const found = new Map<string, Foreign>();
  // Equal peers have one list of members.
  const ids = new Map<object, number>();
  return (peer: PeerMatch, own: string): Foreign => {
    const members = connectivity.peers.pods(peer);
    const id = ids.get(members) ?? ids.size;
    ids.set(members, id);
    const known = found.get(`${id} ${own}`);
    if (known !== undefined) return known;
    const others = (groupsOf(connectivity, peer) ?? []).filter(
      ({ namespace }) => (environmentOf(namespace, key) ?? own) !== own,
    );
    const workloads = workloadsOf(others.flatMap(({ pods }) => [...pods]));
    const foreign = {
      environments: [
        ...new Set(others.flatMap(({ namespace }) => environmentOf(namespace, key) ?? [])),
      ],
      workloads,
      names: listed(workloads.map(named)),
    };
    found.set(`${id} ${own}`, foreign);
    return foreign;
  };
}

export const acrossEnvironments: Check = {
  id: 'PIT-WIDE-4',
  title: 'Peers of every namespace, across environments',
  severity: 'warning',
  group: 'breadth',
  rules: ['NP-26', 'SEL-7'],
  needs: ['pods', 'namespaces'],
  scenario:
    'Namespaces are labelled env=prod and env=dev, and a rule in one says namespaceSelector: {}. Production is then open to development, or the other way round.',
  evidence:
    'Namespaces differ in a label env, environment or stage; a peer selects every namespace; and among the running pods it matches are some of another environment than the policy’s own pods. Policies for namespaces of the platform are left out.',
  fix: 'Select the namespaces by their environment.',
  *find(context) {
    const key = environmentKey(context);
    if (key === null) return;
    const foreignFor = foreignPods(key, context);
    for (const { facts, rule } of rulesThat('allow', context)) {
      const owns = subjectGroups(context.connectivity, facts.policy) ?? [];
      // What the platform offers is for every environment.
      if (owns.some(({ namespace }) => isSystemNamespace(namespace))) continue;
      const own = new Set(owns.flatMap(({ namespace }) => environmentOf(namespace, key) ?? []));
      const [environment, ...more] = own;
      if (environment === undefined || more.length > 0) continue;
      for (const peer of rule.peers) {
        const namespaces = labelledPods(peer.match)?.namespaces;
        if (namespaces?.kind !== 'labelled' || namespaces.selector.length > 0) continue;
        const { environments, workloads, names } = foreignFor(peer.match, environment);
        if (workloads.length === 0) continue;
        yield {
          object: facts.policy.ref,
          path: peer.path,
          message: `Its pods are of ${key}=${environment}, and the peer means pods of ${environments.map((value) => `${key}=${value}`).join(', ')} too: ${names}.`,
          related: workloads.slice(0, 10),
          patch: `namespaceSelector:\n  matchLabels: {${key}: ${environment}}`,
        };
      }
    }
  },
};
