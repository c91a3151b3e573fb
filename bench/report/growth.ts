import type { Measurement } from '#bench/measure/measurement.ts';
import { growth } from '#bench/measure/statistics.ts';

/** One kind of cluster in several sizes. */
export interface Series {
  readonly name: string;
  /** Sorted by size. */
  readonly points: readonly { readonly size: number; readonly ms: number; readonly j: number }[];
  /** The exponent of the size: 1 is linear. */
  readonly slope: number;
}

/** What was measured at several sizes; a series of one point says nothing of growth. */
export function seriesOf(measurements: readonly Measurement[]): readonly Series[] {
  const points = measurements.flatMap(({ point, value, relative }) =>
    point === undefined || relative === null
      ? []
      : [{ series: point.series, size: point.size, ms: value, j: value / relative.ratio }],
  );
  return [...Map.groupBy(points, ({ series }) => series)].flatMap(([name, found]) => {
    if (found.length < 2) return [];
    const sorted = found.toSorted((a, b) => a.size - b.size);
    return { name, points: sorted, slope: growth(sorted.map(({ size, ms }) => [size, ms])) };
  });
}
