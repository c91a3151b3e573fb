/**
 * Whether one version is certainly older than another: versions are comparable when both are decimal
 * numbers without leading zeros, of any length. Anything else says nothing.
 */
export function isOlder(version: string, than: string): boolean {
  if (!DECIMAL.test(version) || !DECIMAL.test(than)) return false;
  if (version.length !== than.length) return version.length < than.length;
  return version < than;
}

const DECIMAL = /^(0|[1-9]\d*)$/;
