import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Failure } from './failure.ts';
import { readLines } from './line-reader.ts';

async function* stream(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

async function collect(chunks: AsyncIterable<Uint8Array>, longestLine?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of readLines(chunks, longestLine)) lines.push(...batch);
  return lines;
}

async function failure(chunks: AsyncIterable<Uint8Array>, longestLine?: number): Promise<Failure> {
  const error = await collect(chunks, longestLine).catch((thrown: unknown) => thrown);
  if (!(error instanceof Failure)) throw new Error('no failure');
  return error;
}

test('R11 lines are the same however the bytes are cut', async () => {
  const line = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .map((text) => `x${text.replace(/[\r\n]/g, '')}`);
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(200)), async (lines, cuts) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b)];
      const chunks = places.map((from, index) => bytes.subarray(from, places[index + 1]));
      expect(await collect(stream(...chunks))).toEqual(lines);
    }),
  );
});

test('lines that arrive in one piece come as one batch', async () => {
  const batches: (readonly string[])[] = [];
  for await (const batch of readLines(stream('a\nb\nc', 'd\n'))) batches.push(batch);
  expect(batches).toEqual([['a', 'b'], ['cd']]);
});

test('blank lines are left out', async () => {
  expect(await collect(stream('\n\na\n \n'))).toEqual(['a']);
});

test('B6 a stream that ends inside a line is truncated', async () => {
  expect((await failure(stream('{"a":1}\n{"b"'))).cause).toEqual({ kind: 'truncated' });
});

test('R11 a line over the limit ends the reading before it is held in whole', async () => {
  let sent = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    while (true) {
      sent += 1000;
      yield Buffer.alloc(1000, 'x');
    }
  }
  expect((await failure(endless(), 8000)).cause).toEqual({ kind: 'malformed' });
  expect(sent).toBeLessThanOrEqual(9000);
  expect((await failure(stream('123456789\n'), 8)).cause).toEqual({ kind: 'malformed' });
  expect(await collect(stream('12345678\n'), 8)).toEqual(['12345678']);
});
