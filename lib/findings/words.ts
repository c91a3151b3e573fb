/** Evidence in words. */

/** `1 pod`, `3 pods`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

const SHOWN = 3;

/** The first few, and how many more: `a, b, c and 4 more`. */
export function listed(names: readonly string[]): string {
  const more = names.length - SHOWN;
  if (more > 1) return `${names.slice(0, SHOWN).join(', ')} and ${more} more`;
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
