import { formatNumber } from '#bench/measure/format.ts';
import type { Measurement } from '#bench/measure/measurement.ts';
import type { Series } from './growth.ts';
import { at, COLOURS, label, line, svg } from './svg.ts';

type Point = readonly [number, number];

function logScale([first, last]: Point, [from, to]: Point): (value: number) => number {
  const span = Math.log(last) - Math.log(first);
  return (value) => from + ((Math.log(value) - Math.log(first)) / span) * (to - from);
}

/** Powers of ten from the one below to the one above. */
function decades(values: readonly number[]): readonly number[] {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  return Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
}

const GROWTH = { width: 680, height: 360, left: 70, right: 24, top: 24, bottom: 44 };

/** CPU time by size, both logarithmic: a line that rises with the dashes is linear. */
export function growthPlot(all: readonly Series[]): string {
  const { width, height, left, right, top, bottom } = GROWTH;
  const [first] = all;
  const lines = [
    ...all.map(({ name, slope, points }) => ({
      name: `${name}, slope ${slope.toFixed(2)}`,
      points: points.map(({ size, ms }): Point => [size, ms]),
    })),
    ...(first === undefined
      ? []
      : [
          {
            name: 'JSON.parse alone (J)',
            points: first.points.map(({ size, j }): Point => [size, j]),
          },
        ]),
  ];
  const sizes = [...new Set(all.flatMap(({ points }) => points.map(({ size }) => size)))];
  const steps = decades(lines.flatMap(({ points }) => points.map(([, ms]) => ms)));
  const x = logScale([Math.min(...sizes), Math.max(...sizes)], [left, width - right]);
  const y = logScale([steps[0] ?? 1, steps.at(-1) ?? 10], [height - bottom, top]);
  const grid = [
    ...steps.flatMap((ms) => [
      line('grid', [left, y(ms)], [width - right, y(ms)]),
      label(`${formatNumber(ms)} ms`, [left - 8, y(ms) + 4], 'end'),
    ]),
    ...sizes.map((size) => label(`${size / 1000}k`, [x(size), height - bottom + 18], 'middle')),
    label('pods', [(left + width - right) / 2, height - 6], 'middle'),
    line('axis', [left, height - bottom], [width - right, height - bottom]),
  ];
  const drawn = lines.flatMap(({ name, points }, i) => {
    const colour = COLOURS[i % COLOURS.length] ?? COLOURS[0];
    const path = points.map(([size, ms]) => `${at(x(size))},${at(y(ms))}`).join(' ');
    const legend = top + 12 + i * 18;
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...points.map(
        ([size, ms]) => `<circle cx="${at(x(size))}" cy="${at(y(ms))}" r="3" fill="${colour}"/>`,
      ),
      `<rect x="${left + 12}" y="${legend - 9}" width="12" height="12" fill="${colour}"/>`,
      label(name, [left + 30, legend + 1]),
    ];
  });
  return svg(GROWTH, 'CPU time of a full analysis by number of pods', [...grid, ...drawn]);
}

/** How far a measurement is from its goal: 1 is at it, below is better. */
function shareOfGoal({ goal, value, relative }: Measurement): number | null {
  const measured = goal?.of === 'ratio' ? relative?.ratio : value;
  if (goal === null || measured === undefined || goal.limit === 0 || measured === 0) return null;
  return goal.bound === 'at-most' ? measured / goal.limit : goal.limit / measured;
}

const ROW = 22;
const GOALS = { width: 860, left: 470, right: 60, top: 30 };

/** Every goal as a bar: those that end before the line are met. */
export function goalsPlot(measurements: readonly Measurement[]): string {
  const rows = measurements.flatMap((each) => {
    const share = shareOfGoal(each);
    return share === null ? [] : [{ what: each.what, share }];
  });
  const { width, left, right, top } = GOALS;
  const height = top + rows.length * ROW + 12;
  const steps = decades([...rows.map(({ share }) => share), 0.1, 1]);
  const x = logScale([steps[0] ?? 0.1, steps.at(-1) ?? 10], [left, width - right]);
  const parts = [
    ...steps.flatMap((share) => [
      line('grid', [x(share), top], [x(share), height - 8]),
      label(`${formatNumber(share)} ×`, [x(share), top - 8], 'middle'),
    ]),
    ...rows.flatMap(({ what, share }, i) => {
      const middle = top + i * ROW + ROW / 2;
      const colour = share <= 1 ? COLOURS[0] : COLOURS[1];
      const length = Math.max(1, x(share) - left);
      return [
        label(what, [left - 10, middle + 4], 'end'),
        `<rect x="${left}" y="${at(middle - 7)}" width="${at(length)}" height="14" fill="${colour}"/>`,
      ];
    }),
    line('goal', [x(1), top], [x(1), height - 8]),
  ];
  return svg({ width, height }, 'Measured as a multiple of the goal, logarithmic', parts);
}
