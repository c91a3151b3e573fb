import type { EndSet } from './grouped-connections.ts';

/** A set of ends in one line: who they are as far as a person wants to know, and how many. */

/** So many are named in each namespace, and so many namespaces. */
const NAMED = 3;

/** `shop/web[Deployment]` as its namespace and its name; addresses are in none. */
function placeOf(name: string): { readonly namespace: string; readonly short: string } {
  const slash = name.indexOf('/');
  const short = name.slice(slash + 1);
  return slash === -1
    ? { namespace: '', short }
    : { namespace: name.slice(0, slash), short: short.replace(/\[[A-Za-z]+\]$/, '') };
}

function someOf(names: readonly string[]): string {
  const more = names.length - NAMED;
  return [...names.slice(0, NAMED), ...(more > 0 ? [`+${more}`] : [])].join(',');
}

/** `everybody not isolated (312)`, `shop/{web,api,+3}, ops/prom, +12 namespaces (40)`, or the one name. */
export function endSetText({ names, isEverybody }: EndSet): string {
  if (isEverybody) return `everybody not isolated (${names.length})`;
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  const places = [...Map.groupBy(names.map(placeOf), ({ namespace }) => namespace)];
  const shown = places.slice(0, NAMED).map(([namespace, members]) => {
    const shorts = members.map(({ short }) => short);
    const text = shorts.length === 1 ? (shorts[0] ?? '') : `{${someOf(shorts)}}`;
    return namespace === '' ? someOf(shorts) : `${namespace}/${text}`;
  });
  const rest = places.slice(NAMED);
  if (rest.length === 0) return shown.join(', ');
  const more = rest.reduce((sum, [, members]) => sum + members.length, 0);
  return `${shown.join(', ')}, +${rest.length} ${rest.length === 1 ? 'namespace' : 'namespaces'} (${more})`;
}
