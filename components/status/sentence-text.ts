/** A cause as a sentence of its own: `cannot reach https://…` becomes `Cannot reach https://….` */
export function sentenceText(cause: string): string {
  const text = cause.trim();
  const ended = /[.!?…]$/.test(text) ? text : `${text}.`;
  return ended.charAt(0).toUpperCase() + ended.slice(1);
}
