/** A plot in the making, readable on light and on dark pages. */

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** Paul Tol's bright scheme: told apart with any sight, on either ground. */
export const COLOURS = ['#4477aa', '#ee6677', '#228833', '#ccbb44'] as const;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #57606a; }
  .axis { stroke: #8c959f; stroke-width: 1; fill: none; }
  .grid { stroke: #8c959f; stroke-width: 1; opacity: 0.25; }
  .goal { stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 4 3; }
  @media (prefers-color-scheme: dark) { text { fill: #adbac7; } .goal { stroke: #ff7b72; } }
`;

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Coordinates need no more. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function line(
  className: string,
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
): string {
  return `<line class="${className}" x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}"/>`;
}

export function label(
  text: string,
  [x, y]: readonly [number, number],
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  return `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}">${escapeText(text)}</text>`;
}

/** A whole document; `title` is for those who do not see it. */
export function svg({ width, height }: Box, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<style>${STYLE}</style>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}
