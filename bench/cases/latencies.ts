import { atMost } from '#bench/measure/measurement.ts';
import { median, percentile } from '#bench/measure/statistics.ts';
import { type CaseContext, NOISE } from './bench-case.ts';

interface Latencies {
  readonly id: string;
  readonly what: string;
  /** CPU milliseconds each. */
  readonly samples: readonly number[];
  /** CPU milliseconds of parsing the same cluster. */
  readonly parsing: number;
  /** Milliseconds; without one there is no goal. */
  readonly p50?: number;
  readonly p95?: number;
}

/** Reports the middle of some samples, and what nearly all of them stay below. */
export function reportLatencies(
  { report }: Pick<CaseContext, 'report'>,
  { id, what, samples, parsing, p50, p95 }: Latencies,
): void {
  const detail = `${samples.length} samples, at most ${Math.max(...samples).toPrecision(3)} ms`;
  const rows = [
    { name: 'p50', value: median(samples), limit: p50 },
    { name: 'p95', value: percentile(samples, 0.95), limit: p95 },
  ];
  for (const { name, value, limit } of rows)
    report({
      id: `${id}-${name}`,
      what: `${what}, ${name}`,
      value,
      unit: 'ms',
      relative: { to: 'J', ratio: value / parsing },
      goal: limit === undefined ? null : atMost(limit),
      noise: NOISE.latency,
      detail,
    });
}
