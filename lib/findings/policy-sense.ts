import { type CompiledPolicy, DIRECTIONS } from '#lib/engine/compiled-policy.ts';
import { compareText } from '#lib/model/object-ref.ts';

/** What a policy says, without where it says it: equal for twins. */
export function senseOf({ layer, priority, subject, isolation, rules }: CompiledPolicy): string {
  const text = (value: unknown) =>
    JSON.stringify(value, (key, each) =>
      key === 'path' || key === 'index' ? undefined : typeof each === 'bigint' ? `${each}` : each,
    );
  const directions = DIRECTIONS.map((direction) => {
    const own = rules[direction].map(text);
    // Where the first match decides, the order is part of what is said.
    const isOrdered = layer !== 'network-policy' && layer !== 'cilium';
    return [isolation[direction].isolates, ...(isOrdered ? own : own.sort(compareText))];
  });
  return text([layer, priority, subject, directions]);
}
