/** Times for people. */

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** `14:03:09`, with the day in front when it is another than today. Takes ISO 8601. */
export function clockText(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const clock = CLOCK.format(date);
  return date.toDateString() === now.toDateString() ? clock : `${DAY.format(date)} ${clock}`;
}
