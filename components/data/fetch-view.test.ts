import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchView } from './fetch-view.ts';

interface View {
  readonly revision: number;
  readonly readAt: string;
  readonly nodes: readonly string[];
}

/** Answers as our server does, with what the test says. */
let server: Server;
let current: View = { revision: 1, readAt: 'one', nodes: ['a'] };
let url = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const tag = `W/"${current.nodes.join()}"`;
    response.setHeader('ETag', tag);
    response.setHeader('Sightline-Revision', current.revision);
    response.setHeader('Sightline-Read-At', current.readAt);
    if (request.headers['if-none-match'] === tag) response.writeHead(304).end();
    else response.end(JSON.stringify(current));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => server.close());

test('what is known is not sent again, and is of the newest revision', async () => {
  const { signal } = new AbortController();
  const first = await fetchView<View>(url, undefined, signal);
  expect(first).toEqual({ tag: 'W/"a"', view: current });
  current = { ...current, revision: 5, readAt: 'five' };
  const second = await fetchView<View>(url, first, signal);
  expect(second).toEqual({ tag: 'W/"a"', view: current });
  expect(second.view.nodes).toBe(first.view.nodes);
  current = { revision: 6, readAt: 'six', nodes: ['a', 'b'] };
  expect(await fetchView<View>(url, second, signal)).toEqual({ tag: 'W/"a,b"', view: current });
});

test('nobody there is said', async () => {
  const { signal } = new AbortController();
  const gone = fetchView<View>('http://127.0.0.1:9/', undefined, signal);
  await expect(gone).rejects.toMatchObject({ code: 'E_NETWORK', status: 0 });
});
