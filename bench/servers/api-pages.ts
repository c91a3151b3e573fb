import {
  type GeneratedCluster,
  type ListPage,
  listPages,
} from '#bench/clusters/generated-cluster.ts';
import type { PodForm } from '#bench/clusters/pod-body.ts';
import { resourceName } from '#lib/model/resource.ts';
import { FakeApiServer } from '#lib/testing/fake-api-server.ts';

/** An API server that lists a generated cluster, its pages written before anybody asks. */

const VERSION = '"resourceVersion":"1000000"';

function bodyOf({ text }: ListPage, next: number | null): Buffer {
  const token = next === null ? '' : `,"continue":"${next}"`;
  return Buffer.from(text.replace(VERSION, `${VERSION}${token}`));
}

/** By resourceName; `continue` is the number of the next page. */
function pagesByResource(
  cluster: GeneratedCluster,
  form: PodForm,
): ReadonlyMap<string, readonly Buffer[]> {
  const lists = new Map<string, Buffer[]>();
  let before: ListPage | null = null;
  const keep = (page: ListPage, hasNext: boolean) => {
    const name = resourceName(page.resource);
    const known = lists.get(name) ?? [];
    lists.set(name, known);
    known.push(bodyOf(page, hasNext ? known.length + 1 : null));
  };
  for (const page of listPages(cluster, form)) {
    if (before !== null) keep(before, before.resource === page.resource);
    before = page;
  }
  if (before !== null) keep(before, false);
  return lists;
}

/** Listens on loopback with the lists of the cluster; watches tell of nothing. */
export async function serveApiPages(
  cluster: GeneratedCluster,
  form: PodForm,
): Promise<FakeApiServer> {
  const lists = pagesByResource(cluster, form);
  const server = await FakeApiServer.start({ resources: cluster.resources });
  server.intercept(({ resource, watch, query, namespace }) => {
    const pages =
      resource === null || watch || namespace !== null ? undefined : lists.get(resource);
    const page = pages?.[Number(query.get('continue') ?? 0)];
    if (page === undefined) return null;
    return { kind: 'raw', body: page, headers: { 'content-type': 'application/json' } };
  });
  return server;
}
