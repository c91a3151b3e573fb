import { expect, test } from 'vitest';
import { run } from './command.mjs';

const node = (code: string, options = {}) => run(process.execPath, ['--eval', code], options);

test('both streams and the exit code', async () => {
  const { code, output } = await node("console.log('out'); console.error('err'); process.exit(3)");
  expect(code).toBe(3);
  expect(output).toContain('out\n');
  expect(output).toContain('err\n');
});

test('a command that is not there', async () => {
  const { code, output } = await run('/absent/command', []);
  expect(code).toBeNull();
  expect(output).toContain('ENOENT');
});

test('a command that does not end is ended', async () => {
  const { code, output } = await node('setInterval(() => {}, 1000)', { minutes: 0.005 });
  expect(code).toBeNull();
  expect(output).toContain('Stopped after');
});
