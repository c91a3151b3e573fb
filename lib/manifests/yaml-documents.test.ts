import { describe, expect, test } from 'vitest';
import { readManifest } from './yaml-documents.ts';

const OBJECT = 'apiVersion: v1\nkind: Pod\n';

/** The one problem of a text, as `line code`. */
function problemOf(content: string | Uint8Array) {
  const { problems } = readManifest(content, 'a.yaml');
  expect(problems).toHaveLength(1);
  return `${problems[0]?.origin?.line} ${problems[0]?.code}`;
}

describe('documents', () => {
  test('keep their comments and know their line', () => {
    const { objects } = readManifest(
      `# licence\n\n${OBJECT}--- # second\n# about\n${OBJECT}\n---\n`,
      'a.yaml',
    );
    expect(objects.map(({ origin }) => origin)).toEqual([
      { file: 'a.yaml', line: 1, text: `# licence\n\n${OBJECT}` },
      { file: 'a.yaml', line: 6, text: `# about\n${OBJECT}` },
    ]);
  });

  test.each(['', '# only a comment\n', '---\n---\n', '%YAML 1.2\n---\n# nothing\n...\n'])(
    '%j holds none, and that is no problem',
    (text) => {
      expect(readManifest(text, 'a.yaml')).toEqual({ objects: [], problems: [] });
    },
  );

  test('are read as YAML 1.1 without dates and base-60 numbers, as Kubernetes does', () => {
    const { objects } = readManifest(
      `${OBJECT}a: 0777\nb: no\nc: 2026-01-01\nd: 1:30\ne: !!str 8080\nf: &x {g: 1}\nh: {<<: *x, i: 2}\nj: {<<: *x, <<: *x}\n`,
      'a.yaml',
    );
    expect(objects[0]?.body).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      a: 511,
      b: false,
      c: '2026-01-01',
      d: '1:30',
      e: '8080',
      f: { g: 1 },
      h: { g: 1, i: 2 },
      j: { g: 1 },
    });
  });

  test('may start with a byte order mark and end lines with CR LF', () => {
    const bytes = new TextEncoder().encode(
      `\uFEFF${OBJECT}---\n${OBJECT}`.replaceAll('\n', '\r\n'),
    );
    expect(readManifest(bytes, 'a.yaml').objects.map(({ origin }) => origin.line)).toEqual([1, 4]);
  });

  test('may hold quoted text that ends further left than YAML wants', () => {
    const { objects, problems } = readManifest(
      `${OBJECT}metadata:\n  annotations:\n    a: '[\n      1,\n    2\n  ]'\n  name: b\n`,
      'a.yaml',
    );
    expect(problems).toEqual([]);
    expect(objects[0]?.body.metadata).toEqual({ annotations: { a: '[ 1, 2 ]' }, name: 'b' });
  });

  test('a broken one leaves the others', () => {
    const { objects, problems } = readManifest(
      `${OBJECT}---\nkind: "unclosed\n---\n${OBJECT}`,
      'a.yaml',
    );
    expect(objects).toHaveLength(2);
    expect(problems).toMatchObject([
      { code: 'yaml-syntax', severity: 'error', origin: { file: 'a.yaml', line: 4 } },
    ]);
  });
});

describe('lists', () => {
  test('are flattened; each element has its own text and line', () => {
    const { objects, problems } = readManifest(
      [
        'apiVersion: v1',
        'kind: List',
        'items:',
        '- apiVersion: v1',
        '  kind: Pod',
        '  metadata:',
        '    # its name',
        '    name: a',
        '',
        '# between',
        '-   kind: Service',
        '    apiVersion: v1',
        '- 5',
      ].join('\n'),
      'a.yaml',
    );
    expect(objects.map(({ origin }) => origin)).toEqual([
      {
        file: 'a.yaml',
        line: 4,
        text: 'apiVersion: v1\nkind: Pod\nmetadata:\n  # its name\n  name: a\n',
      },
      { file: 'a.yaml', line: 11, text: 'kind: Service\napiVersion: v1\n' },
    ]);
    expect(problems).toMatchObject([{ code: 'not-an-object', origin: { line: 13 } }]);
  });

  test.each([
    ['in one line, in time and memory that grow with it', ',', 100_000],
    ['with line breaks where nobody would put them', ',\n', 1_000],
  ])('as JSON %s', (_, comma, count) => {
    const items = Array.from({ length: count }, (_, index) =>
      ['{"apiVersion":"v1"', '"kind":"Pod"', `"metadata":{"name":"p${index}"}}`].join(comma),
    );
    const text = `{"apiVersion":"v1","kind":"List","items":[${items.join(',')}]}`;
    const { objects } = readManifest(text, 'a.json');
    const breaks = comma === ',' ? 0 : 2;
    const places = items.map((_, index) => `p${index} in line ${1 + breaks * index}`);
    const found = objects.map(({ body, origin }) => {
      const { metadata } = JSON.parse(origin.text);
      expect(metadata).toEqual(body.metadata);
      return `${metadata.name} in line ${origin.line}`;
    });
    expect(found).toEqual(places);
    const length = objects.reduce((sum, { origin }) => sum + origin.text.length, 0);
    expect(length).toBeLessThan(2 * text.length);
  });

  test('of an element with very many lines', () => {
    const pod = `{"apiVersion": "v1", "kind": "Pod", "x": [1${',\n1'.repeat(200_000)}]}`;
    const { objects } = readManifest(
      `{"kind": "List", "apiVersion": "v1", "items": [${pod}]}`,
      'a',
    );
    expect(objects.map(({ body }) => body)).toEqual([JSON.parse(pod)]);
  });

  test('as JSON, typed as the API serves them', () => {
    const { objects } = readManifest(
      '{\n  "kind": "PodList", "apiVersion": "v1",\n  "items": [\n    {"metadata": {"name": "a"},\n     "x": ["}", {"y": "\\"]"}]}, {"metadata": {"name": "b"}}\n  ]\n}',
      'a.json',
    );
    expect(objects).toEqual([
      {
        body: {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'a' },
          x: ['}', { y: '"]' }],
        },
        origin: {
          file: 'a.json',
          line: 4,
          text: '{"metadata": {"name": "a"},\n "x": ["}", {"y": "\\"]"}]}\n',
        },
      },
      {
        body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b' } },
        origin: { file: 'a.json', line: 5, text: '{"metadata": {"name": "b"}}\n' },
      },
    ]);
  });

  test('in lists', () => {
    const list = (item: object) => ({ apiVersion: 'v1', kind: 'List', items: [item] });
    const { objects } = readManifest(
      JSON.stringify(list(list({ apiVersion: 'v1', kind: 'Pod' }))),
      'a.json',
    );
    expect(objects.map(({ body }) => body.kind)).toEqual(['Pod']);
  });

  test('a kind that only sounds like a list is an object', () => {
    const { objects } = readManifest('apiVersion: x/v1\nkind: AllowList\n', 'a.yaml');
    expect(objects).toHaveLength(1);
  });
});

describe('what is refused', () => {
  const laughs = [
    'a0: &a0 lol',
    ...Array.from({ length: 9 }, (_, i) => {
      const aliases = new Array(10).fill(`*a${i}`).join(', ');
      return `a${i + 1}: &a${i + 1} [${aliases}]`;
    }),
  ].join('\n');
  const merges = [
    'm0: &m0 {a: 1}',
    ...Array.from({ length: 4000 }, (_, i) => `m${i + 1}: &m${i + 1} {<<: *m${i}}`),
  ].join('\n');
  const deep = Array.from({ length: 60 }, (_, i) => `${' '.repeat(i)}a:`).join('\n');

  test.each([
    ['a bomb of aliases', laughs, '1 yaml-aliases'],
    ['a chain of merges', merges, '102 yaml-aliases'],
    ['deep brackets', '['.repeat(5000), '1 yaml-depth'],
    ['deep blocks', deep, '51 yaml-depth'],
    ['deep JSON', '{"a":'.repeat(60) + '1'.padEnd(61, '}'), '1 yaml-depth'],
    ['an alias inside itself', 'a:\n  b: &b {c: *b}', '2 yaml-cycle'],
    ['the key __proto__', 'a: 1\n__proto__: {b: 1}', '2 yaml-key'],
    ['the key __proto__ in JSON', '{"a": 1,\n"__proto__": {}}', '2 yaml-key'],
    ['a tag of a language', 'a: 1\nb: !!js/function x', '2 yaml-tag'],
    ['a tag Kubernetes does not read', 'a: !!binary aGk=', '1 yaml-tag'],
    ['a key twice', 'a: 1\nb: 2\na: 3', '3 yaml-duplicate-key'],
    ['a key twice in JSON', '{"a": 1,\n"a": 2}', '2 yaml-duplicate-key'],
    ['a key twice as number and text', '1: a\n"1": b', '2 yaml-duplicate-key'],
    ['tabs', 'a:\n\tb: 1', '2 yaml-syntax'],
    ['a NUL character', 'a: \0', '1 manifest-encoding'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x61, 0x00]), '1 manifest-encoding'],
    ['invalid UTF-8', new Uint8Array([0x61, 0xc3, 0x28]), '1 manifest-encoding'],
    ['too many bytes', new Uint8Array(25 * 1024 * 1024 + 1), '1 manifest-too-large'],
    ['a second document without ---', `${OBJECT}...\n${OBJECT}`, '4 yaml-syntax'],
    ['plain text', 'hello', '1 not-an-object'],
    ['an object without a kind', 'a: 1\n---\n', '1 not-an-object'],
  ])('%s', (_, content, expected) => {
    expect(problemOf(content)).toBe(expected);
  });

  test('a map of very many keys, without a quadratic check', () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `k${i}: 1`);
    expect(problemOf(lines.join('\n'))).toBe('1 yaml-keys');
    expect(problemOf(`{${lines.map((line) => line.replace(/(k\d+)/, '"$1"')).join(',')}}`)).toBe(
      '1 yaml-keys',
    );
  });

  test('a Helm template, with advice', () => {
    const { problems } = readManifest(`${OBJECT}replicas: {{ .Values.replicas }}\n`, 'a.yaml');
    expect(problems[0]).toMatchObject({
      code: 'yaml-key',
      hint: expect.stringContaining('helm template'),
      origin: { line: 3, text: 'replicas: {{ .Values.replicas }}' },
    });
  });

  test('reading a hostile text leaves Object.prototype as it was', () => {
    readManifest('__proto__: {polluted: 1}\n---\n{"__proto__": {"polluted": 1}}', 'a.yaml');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
