import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askedView } from '#lib/testing/asked-view.ts';
import type { ExplanationView } from '#lib/view/explanation-view.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import { parseExportQuery, parseGraphQuery } from '#lib/view/query-schema.ts';
import type { SearchView } from '#lib/view/search-view.ts';
import type { NamespacesView, WorkloadsView } from '#lib/view/table-view.ts';
import type { PeersView, WorkloadView } from '#lib/view/workload-view.ts';
import { answer, answerExport, answerUpload, answerView } from './answer.ts';
import {
  type Application,
  application,
  BadRequest,
  NotFound,
  setApplication,
} from './application.ts';
import { readConfiguration } from './configuration.ts';
import { explanationView } from './explanation-schema.ts';
import { findingsView } from './findings-schema.ts';
import * as schemas from './response-schemas.ts';
import { type Running, startServer } from './serve.ts';
import {
  namespacesView as namespacesSchema,
  workloadsView as workloadsSchema,
} from './table-schemas.ts';

/** Routes over the demo cluster, called as Next calls them. */

let running: Running;
let app: Application;

beforeAll(async () => {
  const environment = { LOG_LEVEL: 'silent', HOME: '/nonexistent' };
  running = await startServer(readConfiguration({ port: 0 }, environment), () => ({
    pages: async () => {},
    close: async () => {},
  }));
  app = application();
  while (app.cluster('demo').revision === 0)
    await new Promise((resolve) => setTimeout(resolve, 10));
});
afterAll(() => running.stop());

const request = (path: string, headers: Record<string, string> = {}) =>
  new Request(`http://localhost${path}`, { headers });

const graph = (path: string, headers: Record<string, string> = {}, cluster = 'demo') =>
  answerView(request(path, headers), cluster, (parameters) => ({
    view: 'graph',
    query: parseGraphQuery(parameters),
  }));

const graphOf = (query: string) =>
  askedView<GraphView>(app, 'demo', {
    view: 'graph',
    query: parseGraphQuery(new URLSearchParams(query)),
  });

describe('answers are what the description says', () => {
  test('summaries', () => {
    expect(schemas.clusterSummaries.parse(app.clusters())).toEqual(app.clusters());
  });

  test('graphs, with everything drawn and expanded', async () => {
    const { namespaces } = await graphOf('');
    for (const query of ['', 'namespace=shop', 'open=true&dns=true', 'expanded=']) {
      const view = await graphOf(query);
      expect(schemas.graphView.parse(view)).toEqual(view);
    }
    expect(namespaces.length).toBeGreaterThan(5);
  });

  test('pages of tables and of peers', async () => {
    const page = { words: '', after: null, limit: 3 };
    const namespaces = await askedView<NamespacesView>(app, 'demo', {
      view: 'namespaces',
      query: { ...page, sort: 'pods' },
    });
    expect(namespacesSchema.parse(namespaces)).toEqual(namespaces);
    const workloads = await askedView<WorkloadsView>(app, 'demo', {
      view: 'workloads',
      query: { ...page, namespace: 'shop', bundle: null, sort: 'name' },
    });
    expect(workloadsSchema.parse(workloads)).toEqual(workloads);
    const [row] = workloads.rows;
    const peers = await askedView<PeersView>(app, 'demo', {
      view: 'peers',
      namespace: 'shop',
      kind: row?.ref.kind ?? '',
      name: row?.ref.name ?? '',
      query: { ...page, direction: 'ingress', show: 'all' },
    });
    expect(schemas.peersView.parse(peers)).toEqual(peers);
    expect(namespaces.next).not.toBeNull();
  });

  test('every workload of the demo, and explanations between the first of them', async () => {
    const { nodes } = await graphOf('expanded=shop,data');
    const refs = nodes.flatMap((node) => (node.kind === 'workload' ? [node.ref] : []));
    expect(refs.length).toBeGreaterThan(5);
    for (const { namespace, kind, name } of refs) {
      const question = { view: 'workload', namespace: namespace ?? '', kind, name } as const;
      const view = await askedView<WorkloadView>(app, 'demo', question);
      expect(schemas.workloadView.parse(view)).toEqual(view);
    }
    const ends = refs.slice(0, 4).map(({ namespace, name }) => `${namespace}/${name}`);
    for (const from of [...ends, '8.8.8.8'])
      for (const to of ends) {
        const query = { from, to, port: null };
        const view = await askedView<ExplanationView>(app, 'demo', { view: 'explanation', query });
        expect(explanationView.parse(view)).toEqual(view);
        expect(view.documents.every(({ text }) => text.startsWith('apiVersion'))).toBe(true);
      }
  });

  test('search, and findings', async () => {
    const query = { query: 'api', limit: 100 };
    const view = await askedView<SearchView>(app, 'demo', { view: 'search', query });
    expect(schemas.searchView.parse(view)).toEqual(view);
    expect(view.hits.length).toBeGreaterThan(0);
    const asked = { namespace: null, about: null, severity: null, limit: 100 };
    const found = await askedView(app, 'demo', { view: 'findings', query: asked });
    expect(findingsView.parse(found)).toEqual(found);
  });
});

describe('views', () => {
  test('are known by what they show', async () => {
    const first = await graph('/?namespace=shop');
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^W\/"[\w-]{27}"$/);
    expect(first.headers.get('content-type')).toBe('application/json');
    const { revision, readAt } = await first.json();
    for (const header of [tag, `"x", ${tag}`]) {
      const again = await graph('/?namespace=shop', { 'if-none-match': header });
      expect([again.status, await again.text()]).toEqual([304, '']);
      expect(again.headers.get('sightline-revision')).toBe(String(revision));
      expect(again.headers.get('sightline-read-at')).toBe(readAt);
    }
    for (const header of ['*', '', 'rubbish', tag.slice(2), `W/"0-0"`]) {
      expect((await graph('/?namespace=shop', { 'if-none-match': header })).status).toBe(200);
    }
    expect((await graph('/?namespace=data', { 'if-none-match': tag })).status).toBe(200);
  });
});

describe('the list as a file', () => {
  const file = (path: string) => answerExport(request(path), 'demo', parseExportQuery);

  test('has a line for each connection, in both formats', async () => {
    const csv = await file('/?format=csv');
    expect(csv.headers.get('content-disposition')).toBe(
      'attachment; filename="connections-demo.csv"',
    );
    const [header, ...rows] = (await csv.text()).split('\r\n');
    expect(header).toBe('source,destination,allowed,unknown');
    const lines = (await (await file('/?format=jsonl')).text()).trim().split('\n');
    expect(lines.length).toBeGreaterThan(100);
    expect(rows).toHaveLength(lines.length + 1);
    expect(Object.keys(JSON.parse(lines[0] ?? ''))).toEqual([
      'src',
      'dst',
      'allowed',
      'unknown',
      'causes',
    ]);
  });

  test('is let go of when the client goes; only so many are read at once', async () => {
    const open = await Promise.all(Array.from({ length: 4 }, () => file('/')));
    expect((await file('/')).status).toBe(503);
    for (const { body } of open) await body?.cancel();
    const after = await file('/');
    expect(after.status).toBe(200);
    await after.body?.cancel();
  });

  test('of HEAD nobody reads it, and it is let go of', async () => {
    for (let i = 0; i < 6; i++) {
      const head = new Request('http://localhost/', { method: 'HEAD' });
      const { status, body } = await answerExport(head, 'demo', parseExportQuery);
      expect([status, body]).toEqual([200, null]);
    }
  });

  test('has no other format', async () => {
    expect((await file('/?format=xls')).status).toBe(400);
  });
});

describe('what goes wrong is a problem document', () => {
  const problem = async (response: Response) => {
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const body = schemas.problemDocument.parse(await response.json());
    expect(body.status).toBe(response.status);
    return body;
  };

  test('a parameter', async () => {
    expect(await problem(await graph('/?namspace=shop'))).toMatchObject({
      status: 400,
      code: 'E_PARAM',
      parameter: 'namspace',
    });
    const query = { from: 'nowhere/x', to: 'a', port: null };
    const asked = answerView(request('/'), 'demo', () => ({ view: 'explanation', query }));
    expect(await problem(await asked)).toMatchObject({ status: 400, parameter: 'from' });
  });

  test('a thing that is not there', async () => {
    expect(await problem(await graph('/?namespace=nope'))).toMatchObject({ status: 404 });
    expect(await problem(await graph('/', {}, 'nope'))).toMatchObject({ status: 404 });
    const question = {
      view: 'workload',
      namespace: 'shop',
      kind: 'Deployment',
      name: 'x',
    } as const;
    const workload = answerView(request('/'), 'demo', () => question);
    expect(await problem(await workload)).toMatchObject({ code: 'E_NOT_FOUND' });
  });

  test('names that every object has are not there either', async () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(await problem(await graph('/', {}, name))).toMatchObject({ status: 404 });
      expect(await problem(await graph(`/?namespace=constructor`))).toMatchObject({ status: 404 });
    }
  });

  test.each([
    ['not-ready', 'E_NOT_READY'],
    ['too-slow', 'E_TIMEOUT'],
    ['busy', 'E_BUSY'],
  ] as const)('%s is to be tried again', async (kind, code) => {
    setApplication({ ...app, ask: () => Promise.resolve({ kind, message: 'wait' }) });
    const response = await graph('/');
    setApplication(app);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await problem(response)).toMatchObject({ status: 503, code });
  });

  test('a failure, without its reason', async () => {
    const response = await answer(request('/'), () => {
      throw new Error('the password is x');
    });
    expect(JSON.stringify(await problem(response))).not.toContain('password');
  });

  test('errors of another copy of the module count as well', () => {
    const foreign = Object.assign(new Error('gone'), { name: 'NotFound' });
    expect(foreign instanceof NotFound).toBe(true);
    expect(foreign instanceof BadRequest).toBe(false);
  });
});

describe('uploads', () => {
  const post = (body: BodyInit) =>
    answerUpload(new Request('http://localhost/api/uploads', { method: 'POST', body }));

  test('become a cluster', async () => {
    const response = await post(
      'apiVersion: v1\nkind: Pod\nmetadata: {name: constructor, namespace: constructor, labels: {toString: x}}\n' +
        'spec: {containers: [{name: a, image: b}]}\n',
    );
    expect(response.status).toBe(201);
    const summary = schemas.clusterSummary.parse(await response.json());
    expect(response.headers.get('location')).toBe(`/api/clusters/${summary.name}`);
    expect(summary).toMatchObject({ revision: 1, counts: { pods: 1 } });
    const view = await askedView<WorkloadView>(app, summary.name, {
      view: 'workload',
      namespace: 'constructor',
      kind: 'Pod',
      name: 'constructor',
    });
    expect(view.labels).toEqual([{ key: 'toString', value: 'x' }]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test.each<[string, BodyInit]>([
    ['nothing', ''],
    ['a comment', '# nothing\n---\n'],
    ['no object', 'a: b'],
    ['broken YAML', 'a: [b'],
    ['broken JSON', '{"a":'],
    ['depth', '['.repeat(5000)],
    ['no text', new Uint8Array([0xff, 0xfe, 0x41, 0x00])],
    [
      'a billion laughs',
      `a0: &a0 [x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`).join('\n')}`,
    ],
  ])('%s is refused with the reason, and leaves nothing', async (_what, body) => {
    const before = app.clusters().length;
    const response = await post(body);
    expect(response.status).toBe(422);
    const { code, problems } = schemas.problemDocument.parse(await response.json());
    expect(code).toBe('E_UNREADABLE');
    expect(problems).toBeDefined();
    expect(app.clusters()).toHaveLength(before);
  });
});
