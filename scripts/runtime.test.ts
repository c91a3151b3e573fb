import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentFor, findRuntime, isNewEnough } from './runtime.mjs';

test.each([
  ['v20.20.2', false],
  ['v22.18.0', false],
  ['v22.19.0', true],
  ['v24.0.0\n', true],
  ['v9.99.0', false],
])('%j is new enough: %s', (version, enough) => {
  expect(isNewEnough(version)).toBe(enough);
});

test('where nothing is packaged, the Node.js of this process will do', () => {
  expect(findRuntime(join(import.meta.dirname, 'nowhere'))).toBe(process.execPath);
});

test('whatever asks for `node` gets the runtime, however the system spells PATH', () => {
  const node = join('/opt', 'node', 'bin', 'node');
  const bin = join('/opt', 'node', 'bin');
  expect(environmentFor(node, { PATH: '/bin', A: '1' })).toMatchObject({
    PATH: `${bin}${delimiter}/bin`,
    A: '1',
  });
  expect(Object.keys(environmentFor(node, { Path: '/bin' }))).not.toContain('PATH');
});
