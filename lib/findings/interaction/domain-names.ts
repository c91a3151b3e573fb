import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import type { PodGroup } from '#lib/engine/endpoint.ts';
import type { Check } from '#lib/findings/check.ts';
import type { LintContext } from '#lib/findings/context.ts';
import { rulesThat } from '#lib/findings/in-force.ts';
import { named, workloadsOf } from '#lib/findings/objects.ts';
import {
  type PolicyFacts,
  type RulePlace,
  subjectGroups,
  valueAt,
} from '#lib/findings/policy-facts.ts';
import { listed } from '#lib/findings/words.ts';
import { itemsOf } from '#lib/findings/written-specs.ts';
import { namespacedName } from '#lib/model/cluster.ts';
import type { FieldPath } from '#lib/model/problem.ts';

/** Peers that are names of hosts. */

interface NamePlace extends RulePlace {
  readonly path: FieldPath;
  readonly names: readonly string[];
}

function* namePlaces(context: LintContext): Generator<NamePlace> {
  for (const action of ['allow', 'deny', 'pass'] as const)
    for (const place of rulesThat(action, context))
      for (const { path, match } of place.rule.peers)
        if (match.kind === 'domain-names') yield { ...place, path, names: match.names };
}

/** It has a rule for DNS; one that lets every name through leaves no trace in the compiled form. */
function listens({ policy, body }: PolicyFacts): boolean {
  return policy.rules.egress.some(({ path }) =>
    itemsOf(body, [...path, 'toPorts']).some(({ item }) => valueAt(item, ['rules', 'dns'])),
  );
}

export const namesNeverLearnt: Check = {
  id: 'PIT-REL-12',
  title: 'toFQDNs without a rule for DNS',
  severity: 'error',
  group: 'interaction',
  rules: ['CIL-36'],
  needs: ['pods', 'namespaces'],
  scenario:
    'A policy permits egress to api.example.com by toFQDNs. Cilium learns the addresses from the answers to the pod’s own questions, and it sees these only where a rule sends them through its DNS proxy.',
  evidence:
    'A rule of Cilium names hosts, and at least one running pod under it is under no policy with a rule for DNS: rules.dns beside toPorts.',
  fix: 'Add a rule to the DNS servers on port 53 with rules: {dns: [{matchPattern: "*"}]}.',
  *find(context) {
    // Every policy of names once, and the policies around each of its groups.
    const seen = new Set<CompiledPolicy>();
    const listening = new Set(context.policies.filter(listens).map(({ policy }) => policy));
    const isDeaf = (group: PodGroup) =>
      group.sides.egress?.policies.some((each) => listening.has(each)) === false;
    for (const { facts, direction, path } of namePlaces(context)) {
      const { policy } = facts;
      if (policy.layer !== 'cilium' || direction !== 'egress' || seen.has(policy)) continue;
      seen.add(policy);
      const deaf = (subjectGroups(context.connectivity, policy) ?? []).filter(isDeaf);
      if (deaf.length === 0) continue;
      const workloads = workloadsOf(deaf.flatMap(({ pods }) => [...pods]));
      yield {
        object: policy.ref,
        path,
        message: `No policy has a rule for DNS for ${listed(workloads.map(named))}: the addresses of these names are never learnt.`,
        related: workloads,
        patch: `egress:\n- toEndpoints:\n  - matchLabels: {'k8s:io.kubernetes.pod.namespace': kube-system, 'k8s:k8s-app': kube-dns}\n  toPorts:\n  - ports: [{port: '53', protocol: ANY}]\n    rules: {dns: [{matchPattern: '*'}]}`,
      };
    }
  },
};

/** `api.shop.svc.cluster.local`, `*.shop.svc`, or a Service as pods name it: `api.shop`. */
function isOfCluster(written: string, services: ReadonlySet<string>): boolean {
  const name = written.toLowerCase().replace(/\.$/, '');
  const [service = '', namespace = '', ...more] = name.split('.');
  return (
    /\.cluster\.local$|\.svc$/.test(name) ||
    (more.length === 0 && services.has(namespacedName(namespace, service)))
  );
}

export const nameOfCluster: Check = {
  id: 'PIT-REL-13',
  title: 'A host’s name for something in the cluster',
  severity: 'error',
  group: 'interaction',
  rules: ['CIL-36', 'CNP-21'],
  needs: ['services'],
  scenario:
    'A policy permits api.shop.svc.cluster.local by its name. Names stand for addresses outside: a pod is never matched by one.',
  evidence: 'A name ends in .cluster.local or .svc, or is a Service’s with its namespace.',
  fix: 'Select the pods behind the Service, or name it with toServices.',
  *find(context) {
    const services = new Set(
      context.snapshot.services.map(({ namespace, name }) => namespacedName(namespace, name)),
    );
    for (const { facts, path, names } of namePlaces(context))
      for (const name of names.filter((each) => isOfCluster(each, services)))
        yield {
          object: facts.policy.ref,
          path,
          message: `${name} is a name of the cluster, and such peers never match its pods.`,
        };
  },
};
