import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import { sideBounds } from '#lib/engine/connectivity.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import type { Found } from '#lib/findings/finding.ts';
import { named, podCount, workloadsOf } from '#lib/findings/objects.ts';
import { isNetworkPolicy, rulesIn, valueAt } from '#lib/findings/policy-facts.ts';
import {
  allowingRules,
  destinationAt,
  isolatingPolicies,
  isSurelyIsolated,
} from '#lib/findings/traffic.ts';
import { counted, listed } from '#lib/findings/words.ts';
import { type AddressRange, parseIp } from '#lib/model/ip-address.ts';
import { policyKey } from '#lib/model/object-ref.ts';
import { hasPort } from '#lib/model/port-set.ts';
import { dnsServers, reachesDns } from './dns-servers.ts';

const DNS_RULE = (ports: string) => `egress:
- to:
  - namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: kube-system
    podSelector:
      matchLabels:
        k8s-app: kube-dns
  ports:
${ports}`;
const UDP = '  - {protocol: UDP, port: 53}';
const TCP = '  - {protocol: TCP, port: 53}';

/** So few addresses are dialled by number. */
function isNarrow({ family, first, last }: AddressRange): boolean {
  return last - first < (family === 4 ? 1n << 16n : 1n << 80n);
}

/** Pods that are isolated for egress and still meant to reach something by its name. */
function talkers({ connectivity }: LintContext): readonly PodGroup[] {
  return connectivity.groups.filter((group) => {
    const side = group.sides.egress;
    return (
      side !== null &&
      isSurelyIsolated(group, 'egress') &&
      allowingRules(side).some(({ peers }) =>
        peers.some(({ match }) => match.kind !== 'addresses' || !isNarrow(match.block)),
      )
    );
  });
}

/** By the first policy that isolates them and has rules of its own: there the rule is missing. */
function byPolicy(groups: readonly PodGroup[]) {
  const found = new Map<string, { policy: CompiledPolicy; groups: PodGroup[] }>();
  for (const group of groups) {
    const policies = isolatingPolicies(group.sides.egress);
    const policy = policies.find(({ rules }) => rules.egress.length > 0) ?? policies[0];
    if (policy === undefined) continue;
    const key = policyKey(policy.ref);
    const entry = found.get(key) ?? { policy, groups: [] };
    entry.groups.push(group);
    found.set(key, entry);
  }
  return [...found.values()];
}

function* missing(
  groups: readonly PodGroup[],
  say: (pods: string) => string,
  patch: string,
): Generator<Found> {
  for (const { policy, groups: members } of byPolicy(groups)) {
    const pods = members.flatMap((group) => [...group.pods]);
    const isolation = policy.isolation.egress;
    yield {
      object: policy.ref,
      path: isolation.isolates === 'yes' ? isolation.path : ['spec'],
      message: say(`${counted(podCount(pods), 'pod')} (${listed(workloadsOf(pods).map(named))})`),
      related: workloadsOf(pods),
      patch,
    };
  }
}

export const dnsBlocked: Check = {
  id: 'PIT-DIR-7',
  title: 'DNS is blocked',
  severity: 'error',
  group: 'direction',
  rules: ['GEN-12', 'GEN-7'],
  needs: ['pods', 'namespaces'],
  scenario:
    'Egress is closed but for the services that a pod needs. It asks for their names first, and the question for the name is blocked: nothing works.',
  evidence:
    'Pods are isolated for egress, some rule permits them something that is dialled by name, and they reach no DNS server on UDP 53 (its target port). Where no server is known, as in most files, only if no rule could mean one. Pods that may reach nothing at all, or only narrow address blocks, are left out.',
  fix: 'Permit UDP and TCP 53 to the DNS servers.',
  *find(context) {
    const servers = dnsServers(context);
    const cut = talkers(context).filter(
      (group) =>
        !servers.includes(group) &&
        reachesDns(group, 'UDP', servers, context) === 'no' &&
        !reachesNodeCache(group, context),
    );
    const where =
      servers.length === 0
        ? 'any DNS server'
        : listed(workloadsOf(servers.flatMap(({ pods }) => [...pods])).map(named));
    yield* missing(
      cut,
      (pods) => `No rule lets ${pods} reach ${where} on UDP 53: names are not resolved.`,
      DNS_RULE(`${UDP}\n${TCP}`),
    );
  },
};

export const dnsOnlyOverUdp: Check = {
  id: 'PIT-DIR-8',
  title: 'DNS only over UDP',
  severity: 'info',
  group: 'direction',
  rules: ['GEN-12'],
  needs: ['pods', 'namespaces'],
  scenario:
    'DNS is permitted over UDP alone. An answer that is too long for UDP is asked for again over TCP, and that fails: some names do not resolve, and only sometimes.',
  evidence: 'Pods isolated for egress reach a DNS server on UDP 53, and none on TCP 53.',
  fix: 'Permit TCP 53 beside UDP 53.',
  *find(context) {
    const servers = dnsServers(context);
    const half = talkers(context).filter(
      (group) =>
        reachesDns(group, 'UDP', servers, context) === 'yes' &&
        reachesDns(group, 'TCP', servers, context) === 'no',
    );
    yield* missing(
      half,
      (pods) => `${pods} may ask for names over UDP 53, and not over TCP 53.`,
      DNS_RULE(`${UDP}\n${TCP}`),
    );
  },
};

const NODE_CACHE = '169.254.20.10';

function hasNodeCache({ snapshot }: LintContext): boolean {
  return snapshot.pods.some(
    ({ labels, finished }) => labels.get('k8s-app') === 'node-local-dns' && !finished,
  );
}

/** Whether pods may ask the cache on their node. */
function reachesNodeCache(group: PodGroup, { connectivity }: LintContext): boolean {
  const address = parseIp(NODE_CACHE);
  const cache = address === null ? null : destinationAt(connectivity, address);
  if (cache === null) return false;
  return hasPort(sideBounds(connectivity, 'egress', group, cache).atMost, 'UDP', 53);
}

export const nodeCacheNotCovered: Check = {
  id: 'PIT-DIR-9',
  title: 'NodeLocal DNSCache is not covered',
  severity: 'error',
  group: 'direction',
  rules: ['GEN-12a', 'GEN-13', 'GEN-15'],
  needs: ['pods', 'namespaces'],
  scenario:
    'Egress permits DNS to the kube-dns pods. With the cache on each node, pods ask 169.254.20.10 instead, which is no pod that a selector could match.',
  evidence:
    'A pod labelled k8s-app=node-local-dns runs, the plugin holds what pods send to their own node, and pods isolated for egress that may reach the DNS servers are not permitted UDP 53 to 169.254.20.10. Not reported on Cilium, where the cache is reached by redirection.',
  fix: 'Permit UDP and TCP 53 to the block 169.254.20.10/32.',
  *find(context) {
    const { profile } = context.snapshot;
    if (!hasNodeCache(context) || profile.name === 'cilium') return;
    if (profile.flags.policesPodToLocalNode !== 'yes') return;
    const servers = dnsServers(context);
    const cut = talkers(context).filter(
      (group) =>
        reachesDns(group, 'UDP', servers, context) !== 'no' && !reachesNodeCache(group, context),
    );
    yield* missing(
      cut,
      (pods) =>
        `${pods} may reach the DNS servers, and not the cache on their node, ${NODE_CACHE}, which they ask.`,
      `egress:\n- to:\n  - ipBlock:\n      cidr: ${NODE_CACHE}/32\n  ports:\n${UDP}\n${TCP}`,
    );
  },
};

export const dnsWithoutProtocol: Check = {
  id: 'PIT-DIR-10',
  title: 'protocol omitted on port 53',
  severity: 'warning',
  group: 'direction',
  rules: ['NP-15'],
  needs: [],
  scenario:
    'A rule is meant to permit DNS and says port: 53. Without protocol that is TCP, and names are asked for over UDP.',
  evidence:
    'An entry with the port 53, or the name dns, was written without protocol, and its rule has no entry for UDP. What was written is known from the file, or from the copy that kubectl apply leaves in an annotation.',
  fix: 'Write one entry for UDP and one for TCP.',
  *find({ policies }) {
    for (const { facts, rule } of rulesIn(policies)) {
      if (!isNetworkPolicy(facts.policy) || facts.written === null || rule.ports === 'all')
        continue;
      if (rule.ports.some(({ match }) => 'protocol' in match && match.protocol === 'UDP')) continue;
      for (const { path } of rule.ports) {
        const port = valueAt(facts.written, [...path, 'port']);
        const protocol = valueAt(facts.written, [...path, 'protocol']) ?? null;
        if (protocol !== null || (port !== 53 && port !== 'dns')) continue;
        yield {
          object: facts.policy.ref,
          path,
          message: `port: ${port} without protocol is TCP only; the rule permits no UDP.`,
          patch: `ports:\n${UDP}\n${TCP}`,
        };
      }
    }
  },
};
