import { describe, expect, test, vi } from 'vitest';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { NotFound } from './application.ts';
import { readEventQuery } from './event-query.ts';
import { createFollowedViews } from './followed-views.ts';
import type { ViewChange, WatchedQuestion } from './view-watches.ts';

const SUMMARY: ClusterSummary = {
  name: 'demo',
  origin: { kind: 'demo' },
  freshness: { status: 'live' },
  revision: 1,
  readAt: '2026-01-01T00:00:00.000Z',
  counts: { namespaces: 0, workloads: 0, pods: 0, policies: 0 },
  coverage: { pods: 0, ingress: 0, egress: 0, both: 0 },
  plugin: null,
  resources: [],
  gaps: [],
  problems: [],
};

interface Watch {
  readonly cluster: string;
  readonly question: WatchedQuestion;
  tell(change: ViewChange): void;
}

function setUp(most?: number) {
  const watches: Watch[] = [];
  const views = createFollowedViews(
    {
      cluster: (name) => {
        if (name === 'demo') return SUMMARY;
        throw new NotFound(`There is no cluster "${name}".`);
      },
      watch: (cluster, question, tell) => {
        const watch = { cluster, question, tell };
        watches.push(watch);
        return () => void watches.splice(watches.indexOf(watch), 1);
      },
    },
    most,
  );
  const follow = (address: string) => {
    const { view } = readEventQuery(new URLSearchParams({ view: address }));
    if (view === null) throw new Error('there is a view');
    const heard: Buffer[] = [];
    return { heard, stop: views.follow(view)((event) => heard.push(event)) };
  };
  return { watches, follow };
}

const texts = (heard: readonly Buffer[]) => heard.map(String);
const delta = (text: string) => new Uint8Array(Buffer.from(text));

describe('a view that two thousand follow', () => {
  test('is watched once, and written once', async () => {
    const { watches, follow } = setUp();
    const followers = Array.from({ length: 2000 }, () => follow('demo/graph?namespace=shop'));
    expect(watches).toHaveLength(1);
    watches[0]?.tell({ tag: 'W/"1"', delta: null });
    watches[0]?.tell({ tag: 'W/"2"', delta: delta('{"from":1}') });
    const [first] = followers;
    const last = followers.at(-1);
    await vi.waitFor(() => expect(last?.heard).toHaveLength(2));
    expect(texts(first?.heard ?? [])).toEqual([
      'event: view\ndata: {"followed":true,"tag":"W/\\"1\\""}\n\n',
      'event: delta\ndata: {"from":1}\n\n',
    ]);
    for (const { heard } of followers) expect(heard[1]).toBe(first?.heard[1]);
    for (const { stop } of followers) stop();
    expect(watches).toHaveLength(0);
  });

  test('is one view, however its address is written', () => {
    const { watches, follow } = setUp();
    follow('demo/graph?open=true&namespace=shop');
    follow('demo/graph?namespace=shop&open=true&dns=false');
    follow('demo/graph');
    expect(watches).toHaveLength(2);
  });
});

test('who comes later is told at once which view it is now', () => {
  const { watches, follow } = setUp();
  const first = follow('demo/graph');
  expect(first.heard).toEqual([]);
  watches[0]?.tell({ tag: null, delta: null });
  expect(texts(follow('demo/graph').heard)).toEqual([
    'event: view\ndata: {"followed":true,"tag":null}\n\n',
  ]);
});

test('of a cluster that is not there, none is followed', () => {
  expect(() => setUp().follow('nope/graph')).toThrow(NotFound);
});

test('too many different views are not followed, and that is said', () => {
  const { watches, follow } = setUp(2);
  const first = follow('demo/graph?namespace=a');
  follow('demo/graph?namespace=b');
  const third = follow('demo/graph?namespace=c');
  expect(texts(third.heard)).toEqual(['event: view\ndata: {"followed":false,"tag":null}\n\n']);
  follow('demo/graph?namespace=b');
  expect(watches).toHaveLength(2);
  third.stop();
  first.stop();
  follow('demo/graph?namespace=c');
  expect(watches).toHaveLength(2);
});

test.each([
  ['view', 'demo'],
  ['view', 'demo/search?q=x'],
  ['view', 'demo/graph/x'],
  ['view', '%zz/graph'],
  ['namspace', 'demo/graph?namspace=shop'],
])('%s: %s is refused', (parameter, address) => {
  const query = new URLSearchParams({ view: address });
  expect(() => readEventQuery(query)).toThrow(expect.objectContaining({ parameter }));
});
