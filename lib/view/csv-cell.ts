/** Spreadsheets take a text that starts so for a formula. */
const FORMULA = /^[=+\-@\t\r\n]/;

/** A text as RFC 4180 writes it; with a `'` before it where a spreadsheet would take it for a formula. */
export function csvCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
