/**
 * Names for clusters in URLs. Contexts may be called anything
 * (`arn:aws:eks:eu-west-1:1234:cluster/shop`), and what a URL cannot hold becomes a dash; two that
 * become the same, or a name that is taken, get a number.
 */
export function urlNames(
  names: readonly string[],
  taken: readonly string[],
): ReadonlyMap<string, string> {
  const used = new Set(taken);
  const result = new Map<string, string>();
  for (const name of names) {
    const base = urlName(name);
    let candidate = base;
    for (let n = 2; used.has(candidate); n++) candidate = `${base}-${n}`;
    used.add(candidate);
    result.set(name, candidate);
  }
  return result;
}

function urlName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '');
  return safe === '' ? 'cluster' : safe.slice(0, 100);
}
