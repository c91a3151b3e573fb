import { type Goal, isMet, type Measurement, type Unit } from './measurement.ts';

/** Three figures that count, as a person reads them. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

const BYTES = ['B', 'kB', 'MB', 'GB'];

function formatBytes(bytes: number): string {
  let value = bytes;
  let step = 0;
  while (value >= 1000 && step < BYTES.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${formatNumber(value)} ${BYTES[step]}`;
}

export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(value);
    case 'times':
      return `${formatNumber(value)} ×`;
    case 'count':
      return formatNumber(value);
    default:
      return `${formatNumber(value)} ${unit}`;
  }
}

/** `0.66 J`, `520 × netpol-analyzer`. */
export function formatRatio({ relative }: Measurement): string {
  return relative === null ? '' : `${formatNumber(relative.ratio)} ${relative.to}`;
}

export function formatGoal(goal: Goal | null, { unit, relative }: Measurement): string {
  if (goal === null) return '';
  const limit =
    goal.of === 'value'
      ? formatValue(goal.limit, unit)
      : `${formatNumber(goal.limit)} ${relative?.to ?? ''}`;
  return `${goal.bound === 'at-most' ? '≤' : '≥'} ${limit}`;
}

export function formatVerdict(measurement: Measurement): string {
  const met = isMet(measurement);
  if (met === null) return '';
  return met ? 'met' : 'MISSED';
}

/** Columns as wide as what stands in them. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
