import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';
import { NAMESPACES, PODS, type Resource } from '#lib/model/resource.ts';
import { pick, type Random, seededRandom } from '#lib/sources/demo/random.ts';
import { NETWORK_POLICIES } from '#lib/testing/api-testbed.ts';
import type { FakeObjectStore } from '#lib/testing/fake-object-store.ts';

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: JsonObject;
}

/** What happens to a cluster all day long; how often each, of a thousand. */
const KINDS = [
  [450, 'status'],
  [328, 'replace'],
  [200, 'relabel'],
  [20, 'policy'],
  [2, 'namespace'],
] as const;
type Kind = (typeof KINDS)[number][1];

const ENVIRONMENTS = ['prod', 'staging', 'dev'];
/** From here on a few ports that no generated policy speaks of. */
const OPENED = 20_470;
const OPENED_PORTS = 9;

/**
 * Changes the objects of a fake API server as a busy cluster does: pods report their state, are
 * replaced and relabelled, policies are edited, namespaces relabelled. The number of namespaces and
 * of pods stays as it is. The same seed makes the same changes.
 */
export class Churn {
  readonly #store: FakeObjectStore;
  readonly #random: Random;
  readonly #pods: JsonObject[];
  readonly #policies: JsonObject[];
  readonly #namespaces: JsonObject[];
  #made = 0;

  constructor(store: FakeObjectStore, seed: number) {
    this.#store = store;
    this.#random = seededRandom(seed);
    const all = (resource: Resource) => [...(store.list(resource, null, 0, null)?.items ?? [])];
    this.#pods = all(PODS);
    this.#policies = all(NETWORK_POLICIES);
    this.#namespaces = all(NAMESPACES);
  }

  /** One change; gives how many events it makes. */
  change(): number {
    this.#made += 1;
    const kind = this.#kind();
    switch (kind) {
      case 'status':
        return this.#edit(PODS, this.#pods, (pod) => ({ ...pod, status: this.#status(pod) }));
      case 'relabel':
        return this.#edit(PODS, this.#pods, (pod) => labelled(pod, this.#labels(pod)));
      case 'namespace':
        return this.#edit(NAMESPACES, this.#namespaces, (namespace) =>
          labelled(namespace, {
            ...metadataOf(namespace).labels,
            env: pick(this.#random, ENVIRONMENTS),
          }),
        );
      case 'policy':
        return this.#edit(NETWORK_POLICIES, this.#policies, (policy) => this.#edited(policy));
      case 'replace':
        return this.#replace();
    }
  }

  #kind(): Kind {
    let rest = this.#random() * 1000;
    for (const [weight, kind] of KINDS) {
      rest -= weight;
      if (rest < 0) return kind;
    }
    return 'status';
  }

  #edit(resource: Resource, all: JsonObject[], edit: (object: JsonObject) => JsonObject): number {
    const at = Math.floor(this.#random() * all.length);
    const object = all[at];
    if (object === undefined) return 0;
    all[at] = this.#store.set(resource, edit(object));
    return 1;
  }

  /** A pod goes, and one of the same workload comes: with another name, and the address of the former. */
  #replace(): number {
    const at = Math.floor(this.#random() * this.#pods.length);
    const pod = this.#pods[at];
    if (pod === undefined) return 0;
    const { name, namespace } = metadataOf(pod);
    this.#store.delete(PODS, namespace ?? null, name);
    const { uid: _, ...metadata } = metadataOf(pod) as Metadata & JsonObject;
    const successor = `${name.slice(0, 200).replace(/-r\d+$/, '')}-r${this.#made}`;
    this.#pods[at] = this.#store.set(PODS, { ...pod, metadata: { ...metadata, name: successor } });
    return 2;
  }

  /** As when a canary is told from the others: half of the time the label is taken away again. */
  #labels(pod: JsonObject): JsonObject {
    const { labels = {} } = metadataOf(pod);
    const { role, ...rest } = labels;
    return role === undefined ? { ...rest, role: pick(this.#random, ['canary', 'blue']) } : rest;
  }

  #status({ status }: JsonObject): JsonObject {
    const lastProbeTime = new Date(this.#made * 1000).toISOString().replace('.000', '');
    const seen = { type: 'Ready', status: 'True', lastProbeTime };
    return { ...(isJsonObject(status) ? status : {}), conditions: [seen] };
  }

  /** One more port is let in from everywhere, or that is taken back. */
  #edited(policy: JsonObject): JsonObject {
    const spec = isJsonObject(policy.spec) ? policy.spec : {};
    const rules = Array.isArray(spec.ingress) ? spec.ingress : [];
    const others = rules.filter((rule) => !opens(rule));
    const port = OPENED + Math.floor(this.#random() * OPENED_PORTS);
    const opened = { ports: [{ protocol: 'TCP', port }] };
    const ingress = others.length === rules.length ? [...rules, opened] : others;
    return { ...policy, spec: { ...spec, ingress } };
  }
}

function opens(rule: Json): boolean {
  const [first] = isJsonObject(rule) && Array.isArray(rule.ports) ? rule.ports : [];
  const port = isJsonObject(first) ? Number(first.port) : 0;
  return port >= OPENED && port < OPENED + OPENED_PORTS;
}

function labelled(object: JsonObject, labels: JsonObject): JsonObject {
  const metadata = metadataOf(object) as Metadata & JsonObject;
  return { ...object, metadata: { ...metadata, labels } };
}

function metadataOf({ metadata }: JsonObject): Metadata {
  return metadata as unknown as Metadata;
}
