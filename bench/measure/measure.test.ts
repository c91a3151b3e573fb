import { describe, expect, test } from 'vitest';
import { compareRuns } from './compare-runs.ts';
import { hotFunctions } from './hot-functions.ts';
import { atLeast, atMost, isMet, type Measurement, middle } from './measurement.ts';
import { growth, median, percentile } from './statistics.ts';

function measured(ratio: number, more: Partial<Measurement> = {}): Measurement {
  return {
    id: 'build',
    what: 'build',
    value: ratio * 40,
    unit: 'ms',
    relative: { to: 'J', ratio },
    goal: atMost(1, 'ratio'),
    noise: 0.2,
    ...more,
  };
}

describe('statistics', () => {
  test('percentiles by the nearest rank', () => {
    const samples = [5, 1, 4, 2, 3];
    expect([median(samples), percentile(samples, 0.95), percentile(samples, 0)]).toEqual([3, 5, 1]);
    expect(() => median([])).toThrow('no samples');
  });

  test('growth is the exponent of the size', () => {
    const sizes = [1000, 3000, 10_000, 150_000];
    expect(growth(sizes.map((size) => [size, 7 * size]))).toBeCloseTo(1);
    expect(growth(sizes.map((size) => [size, 0.1 * size ** 2]))).toBeCloseTo(2);
    expect(growth(sizes.map((size) => [size, 12]))).toBeCloseTo(0);
  });
});

describe('goals', () => {
  test('are of the value or of the ratio', () => {
    expect(isMet(measured(0.9))).toBe(true);
    expect(isMet(measured(1.1))).toBe(false);
    expect(isMet(measured(1.1, { goal: atMost(50) }))).toBe(true);
    expect(isMet(measured(1.1, { goal: atLeast(500, 'ratio') }))).toBe(false);
    expect(isMet(measured(1.1, { goal: null }))).toBeNull();
    expect(isMet(measured(1, { relative: null }))).toBe(false);
  });

  test('are judged by the run in the middle', () => {
    const runs = [0.9, 0.7, 3].map((ratio) => measured(ratio));
    expect(middle(runs).relative?.ratio).toBe(0.9);
  });
});

describe('two runs', () => {
  const changeOf = (before: Measurement, now: Measurement) =>
    compareRuns([before], [now]).map(({ change }) => change);

  test('are compared by ratios alone: a machine twice as slow changes nothing', () => {
    expect(changeOf(measured(0.8), measured(0.8, { value: 10_000 }))).toEqual(['same']);
  });

  test('differ by more than noise, in either direction', () => {
    expect(changeOf(measured(0.8), measured(0.95))).toEqual(['same']);
    expect(changeOf(measured(0.8), measured(0.97))).toEqual(['worse']);
    expect(changeOf(measured(0.8), measured(0.66))).toEqual(['better']);
    const goal = atLeast(500, 'ratio');
    expect(changeOf(measured(600, { goal }), measured(400, { goal }))).toEqual(['worse']);
  });

  test('say nothing of what only one has, or is measured by something else', () => {
    expect(changeOf(measured(1, { id: 'other' }), measured(1))).toEqual([]);
    expect(changeOf(measured(1, { relative: null }), measured(1))).toEqual([]);
    expect(changeOf(measured(1, { relative: { to: 'rows', ratio: 1 } }), measured(9))).toEqual([]);
  });
});

describe('a profile', () => {
  const frame = (functionName: string, url: string) => ({
    functionName,
    scriptId: '1',
    url,
    lineNumber: 11,
    columnNumber: 0,
  });
  const node = (id: number, name: string, url: string, children: number[] = []) => ({
    id,
    callFrame: frame(name, url),
    children,
  });
  const engine = node(3, 'analyse', 'file:///x/lib/engine/connectivity.ts', [4]);
  const zod = node(4, '', 'file:///x/node_modules/zod/v4/core/parse.js');
  const collector = node(6, '(garbage collector)', '');
  const found = [
    { name: 'analyse', place: 'lib/engine/connectivity.ts:12', share: 0.6 },
    { name: '(anonymous)', place: 'node_modules/zod/v4/core/parse.js:12', share: 0.2 },
    { name: '(garbage collector)', place: '', share: 0.2 },
  ];

  test('tells in which functions time was spent, by their own time', () => {
    const nodes = [node(1, '(idle)', ''), engine, zod, collector];
    const profile = { nodes, samples: [3, 1, 4, 3, 6], timeDeltas: [100, 900, 100, 200, 100] };
    expect(hotFunctions(profile, 5)).toEqual(found);
    expect(hotFunctions(profile, 1)).toEqual(found.slice(0, 1));
  });

  test('is of what was measured, and not of what was made for it', () => {
    const nodes = [
      node(1, 'main', 'file:///x/bench/run-case.ts', [2, 5]),
      node(2, 'measured', 'file:///x/bench/measure/stopwatch.ts', [3]),
      engine,
      zod,
      node(5, 'generate', 'file:///x/bench/clusters/generated-cluster.ts'),
      collector,
    ];
    // the second collection interrupts the making of a cluster
    const samples = [3, 4, 6, 3, 5, 6];
    const timeDeltas = [100, 100, 100, 200, 700, 700];
    expect(hotFunctions({ nodes, samples, timeDeltas }, 5)).toEqual(found);
  });
});
