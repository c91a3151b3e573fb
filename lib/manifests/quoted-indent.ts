import { parseYaml } from './yaml-document.ts';

/** More than any document is indented. */
const FAR = ' '.repeat(200);
const MOST_LINES = 100;

/**
 * Kubernetes' YAML library lets the lines of a quoted text stand further left than YAML does, and
 * files in the wild rely on it. Their leading spaces mean nothing, so such lines are moved right;
 * any other text is given back as it is.
 */
export function indentQuoted(text: string): string {
  let mended = text;
  for (let lines = 0; lines < MOST_LINES; lines++) {
    const [error] = parseYaml(mended).errors;
    if (error === undefined) return mended;
    const next = mended.indexOf('\n', error.pos[0] - 1) + 1;
    const isOpenQuote = error.code === 'MISSING_CHAR' && error.message.includes('quote');
    if (!isOpenQuote || next === 0 || mended.slice(next).trim() === '') break;
    mended = mended.slice(0, next) + FAR + mended.slice(next);
  }
  return text;
}
