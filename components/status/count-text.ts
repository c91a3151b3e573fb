const NUMBER = new Intl.NumberFormat('en');

/** `1,204` */
export function numberText(value: number): string {
  return NUMBER.format(value);
}

/** `1 pod`, `3 pods`; the plural is the noun with an s unless it is given. */
export function countText(count: number, noun: string, plural = `${noun}s`): string {
  return `${numberText(count)} ${count === 1 ? noun : plural}`;
}

/** `74 %`, never 0 % for something or 100 % for less than all. */
export function shareText(part: number, whole: number): string {
  if (whole === 0) return '–';
  const percent = (100 * part) / whole;
  if (part > 0 && percent < 1) return '< 1 %';
  if (part < whole && percent > 99) return '> 99 %';
  return `${Math.round(percent)} %`;
}
