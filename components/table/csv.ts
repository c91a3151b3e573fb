import { csvCell } from '#lib/view/csv-cell.ts';

/** Rows as CSV (RFC 4180), safe to open in a spreadsheet. */
export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  return `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

function cell(value: string | number): string {
  return typeof value === 'number' ? String(value) : csvCell(value);
}

/** Hands a text to the browser as a file. */
export function downloadText(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name.replace(/[^A-Za-z0-9._-]+/g, '-');
  link.click();
  URL.revokeObjectURL(url);
}
