import type { ClusterShape } from '#bench/clusters/cluster-shape.ts';
import type { PodForm } from '#bench/clusters/pod-body.ts';

/** So many changes of objects a second, for so long. */
export interface Wave {
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Profile {
  readonly cluster: Pick<ClusterShape, 'seed' | 'pods' | 'policies' | 'namespaces'>;
  /** Whether pods are as long as an API server sends them, or hold only what is read of them. */
  readonly form: PodForm;
  /** In a list each object is so much longer in protobuf. */
  readonly unreadBytes: number;
  /** Policies with a fault that is told at length, so that summaries are long. */
  readonly faultyPolicies: number;
  /** Streams of events, those below among them. */
  readonly viewers: number;
  /** Of these, so many never read what they are sent. */
  readonly slowViewers: number;
  /** Changes go on until each viewer was sent so many bytes, so that slow ones are dropped. */
  readonly chokeBytes: number;
  /** So many viewers a second leave, and come back at once. */
  readonly reconnectsPerSecond: number;
  /** Requests for views a second. */
  readonly requestsPerSecond: number;
  readonly steady: Wave;
  readonly burst: Wave;
}

/** Under a minute, a few seconds of changes: what is right must be right here too. */
export const SMOKE: Profile = {
  cluster: { seed: 1, pods: 500, policies: 60, namespaces: 20 },
  form: 'slim',
  unreadBytes: 0,
  faultyPolicies: 200,
  viewers: 24,
  slowViewers: 2,
  chokeBytes: 8e6,
  reconnectsPerSecond: 3,
  requestsPerSecond: 20,
  steady: { perSecond: 100, seconds: 3 },
  burst: { perSecond: 1000, seconds: 4 },
};

export const PROFILES: Readonly<Record<string, Profile>> = {
  small: {
    cluster: { seed: 1, pods: 10_000, policies: 1000, namespaces: 300 },
    form: 'full',
    unreadBytes: 3000,
    faultyPolicies: 0,
    viewers: 200,
    slowViewers: 4,
    chokeBytes: 0,
    reconnectsPerSecond: 2,
    requestsPerSecond: 20,
    steady: { perSecond: 500, seconds: 10 },
    burst: { perSecond: 5000, seconds: 5 },
  },
  large: {
    cluster: { seed: 1, pods: 150_000, policies: 10_000, namespaces: 5000 },
    form: 'slim',
    unreadBytes: 3000,
    faultyPolicies: 0,
    viewers: 2000,
    slowViewers: 20,
    chokeBytes: 0,
    reconnectsPerSecond: 10,
    requestsPerSecond: 20,
    steady: { perSecond: 500, seconds: 30 },
    burst: { perSecond: 5000, seconds: 20 },
  },
};
