import { expect, test } from 'vitest';
import { fnv32, nameSuffix, templateHash, timestamp, uidOf } from './identifiers.ts';

test.each`
  text        | hash
  ${''}       | ${0x811c9dc5}
  ${'a'}      | ${0xe40c292c}
  ${'foobar'} | ${0xbf9cf968}
`('the published FNV-1a value of "$text"', ({ text, hash }) => {
  expect(fnv32(text)).toBe(hash);
});

test('hashes and suffixes use the letters of Kubernetes', () => {
  const letters = /^[bcdf-hj-np-tv-xz2456789]+$/;
  for (let i = 0; i < 200; i++) {
    expect(templateHash(`template ${i}`)).toMatch(letters);
    expect(nameSuffix(`pod ${i}`)).toMatch(letters);
    expect(nameSuffix(`pod ${i}`)).toHaveLength(5);
  }
});

test('uids are UUIDs, different for different objects and the same for the same', () => {
  const uids = Array.from({ length: 1000 }, (_, i) => uidOf(`Pod/shop/web-${i}`));
  expect(new Set(uids).size).toBe(1000);
  for (const uid of uids)
    expect(uid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/);
  expect(uidOf('Pod/shop/web-7')).toBe(uids[7]);
});

test('times are of whole seconds', () => {
  expect(timestamp(Date.UTC(2026, 10, 21, 9, 30, 5, 250))).toBe('2026-11-21T09:30:05Z');
});
