import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  const destination = {
    write(line: string) {
      text += line;
    },
  };
  write(createLog('info', destination));
  return text;
}

test('foreign text stays on its line, and its control characters out of the terminal', () => {
  const text = logged((log) => log.warn({ name: 'a\n{"level":60}\x1b]0;title\x07\r' }, 'b\nc'));
  expect(text.split('\n')).toHaveLength(2);
  expect(text.trimEnd()).not.toMatch(/\p{Cc}/u);
  expect(JSON.parse(text)).toMatchObject({ level: 40, msg: 'b\nc' });
});

test('secrets are blotted out, should they ever come along', () => {
  const secret = 'CANARY-1';
  const text = logged((log) =>
    log.error({ token: secret, headers: { authorization: secret, cookie: secret } }, 'x'),
  );
  expect(text).not.toContain('CANARY');
});

test('below its level nothing is written', () => {
  expect(logged((log) => log.debug('x'))).toBe('');
});
