import { describe, expect, test } from 'vitest';
import { CLUSTER_RESOURCES, PODS, type Resource, resourceName } from '#lib/model/resource.ts';
import { clusterSourceContract } from '#lib/sources/cluster-source.contract.ts';
import type { ListState, ObjectChange, SourceSink } from '#lib/sources/cluster-source.ts';
import type { Clock } from './clock.ts';
import { openDemo } from './open-demo.ts';
import { NETWORK_POLICIES } from './policies.ts';

/** Time that passes when told to. */
class ManualClock implements Clock {
  #now = Date.UTC(2026, 10, 21, 9);
  #waiting: { readonly at: number; readonly call: () => void }[] = [];

  get timers(): number {
    return this.#waiting.length;
  }

  now(): Date {
    return new Date(this.#now);
  }

  after(milliseconds: number, call: () => void): () => void {
    const timer = { at: this.#now + milliseconds, call };
    this.#waiting.push(timer);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== timer);
    };
  }

  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#waiting = this.#waiting.filter((other) => other !== next);
      this.#now = next.at;
      next.call();
    }
    this.#now = end;
  }
}

type Message =
  | { readonly resource: string; readonly changes: readonly ObjectChange[] }
  | { readonly resource: string; readonly state: ListState };

/** A sink that remembers; `after` runs at each message. */
function recorder(after: (message: Message) => void = () => {}) {
  const messages: Message[] = [];
  const hear = (message: Message) => {
    messages.push(message);
    after(message);
  };
  const sink: SourceSink = {
    changed: (resource, changes) => hear({ resource: resourceName(resource), changes }),
    stateChanged: (resource, state) => hear({ resource: resourceName(resource), state }),
    problemsChanged: () => {
      throw new Error('the demo has no problems to tell of');
    },
  };
  return { messages, sink };
}

const ALL = [...CLUSTER_RESOURCES, NETWORK_POLICIES];
const MINUTE = 60_000;

clusterSourceContract('the demo', {
  contents: 'own',
  changes: false,
  open: async () => ({ source: openDemo({ clock: new ManualClock() }) }),
});

describe('openDemo', () => {
  test('tells each resource in one batch, then calls it live', () => {
    const { messages, sink } = recorder();
    openDemo({ clock: new ManualClock() }).start(ALL, sink);
    expect(messages.map((message) => message.resource)).toEqual(
      ALL.flatMap((resource) => [resourceName(resource), resourceName(resource)]),
    );
    const kinds = messages.map((message) =>
      'changes' in message ? 'batch' : message.state.status,
    );
    expect(kinds).toEqual(ALL.flatMap(() => ['batch', 'live']));
  });

  test('says of what it does not have that it is not installed', () => {
    const tiers: Resource = {
      group: 'projectcalico.org',
      version: 'v3',
      plural: 'tiers',
      kind: 'Tier',
      namespaced: false,
    };
    const { messages, sink } = recorder();
    openDemo({ clock: new ManualClock() }).start([tiers], sink);
    expect(messages).toEqual([
      { resource: 'tiers.projectcalico.org', state: { status: 'not-installed' } },
    ]);
  });

  test('tells of changes as time passes, of the wanted resources only', () => {
    const clock = new ManualClock();
    const { messages, sink } = recorder();
    openDemo({ clock }).start([PODS], sink);
    expect(messages).toHaveLength(2);
    clock.pass(10 * MINUTE);
    expect(messages.length).toBeGreaterThan(50);
    for (const message of messages.slice(2)) {
      expect(message.resource).toBe('pods');
      expect('changes' in message && message.changes.length).toBeGreaterThan(0);
    }
  });

  test('keeps still without churn', () => {
    const clock = new ManualClock();
    const { messages, sink } = recorder();
    openDemo({ clock, churn: false }).start(ALL, sink);
    clock.pass(60 * MINUTE);
    expect(messages).toHaveLength(2 * ALL.length);
    expect(clock.timers).toBe(0);
  });

  test('follows the given chance', () => {
    const history = (chance: number) => {
      const clock = new ManualClock();
      const { messages, sink } = recorder();
      openDemo({ clock, random: () => chance }).start([PODS], sink);
      clock.pass(MINUTE);
      return messages;
    };
    expect(history(0.3)).toEqual(history(0.3));
    expect(history(0.3)).not.toEqual(history(0.6));
  });

  test('stops at once and for good, as often as asked', async () => {
    const clock = new ManualClock();
    const { messages, sink } = recorder();
    const demo = openDemo({ clock });
    demo.start(ALL, sink);
    await demo.stop();
    await demo.stop();
    expect(clock.timers).toBe(0);
    clock.pass(10 * MINUTE);
    expect(messages).toHaveLength(2 * ALL.length);
  });

  test('falls silent even when stopped by its own sink', () => {
    const clock = new ManualClock();
    const demo = openDemo({ clock });
    const { messages, sink } = recorder((message) => {
      if (message.resource === 'pods') void demo.stop();
    });
    demo.start(ALL, sink);
    expect(messages.at(-1)?.resource).toBe('pods');
    expect(clock.timers).toBe(0);
  });

  test('goes on when the sink throws', () => {
    const clock = new ManualClock();
    const { messages, sink } = recorder(() => {
      throw new Error('a mistake of the sink');
    });
    openDemo({ clock }).start(ALL, sink);
    expect(messages).toHaveLength(2 * ALL.length);
    clock.pass(MINUTE);
    expect(messages.length).toBeGreaterThan(2 * ALL.length);
  });

  test('leaves no timer that keeps the process alive', async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    const demo = openDemo();
    demo.start(ALL, recorder().sink);
    expect(timers()).toBe(before);
    await demo.stop();
  });
});
