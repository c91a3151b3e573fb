/** Names and uids as the API server and its controllers make them, but the same on every start. */

/** FNV-1a, 32 bit: what Kubernetes hashes pod templates with. */
export function fnv32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** No vowels, so that no words appear; no 0, 1 and 3, which read as letters. */
const SAFE_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

function safeEncode(text: string): string {
  return [...text].map((char) => SAFE_LETTERS[char.charCodeAt(0) % SAFE_LETTERS.length]).join('');
}

/** The `pod-template-hash` or `controller-revision-hash` of a template, 8 to 10 letters. */
export function templateHash(template: string): string {
  return safeEncode(String(fnv32(template)));
}

/** The five letters that `generateName` appends. */
export function nameSuffix(seed: string): string {
  return safeEncode(String(fnv32(seed)).padStart(10, '0').slice(-5));
}

/** A UUID that depends on the text alone. */
export function uidOf(text: string): string {
  const hex = [0, 1, 2, 3]
    .map((part) => fnv32(`${part}:${text}`).toString(16).padStart(8, '0'))
    .join('');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}

/** RFC 3339 with whole seconds, as `metadata.creationTimestamp` has them. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
