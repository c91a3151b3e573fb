import {
  type GeneratedCluster,
  type ListPage,
  listPages,
} from '#bench/clusters/generated-cluster.ts';
import type { PodForm } from '#bench/clusters/pod-body.ts';
import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import { resourceName } from '#lib/model/resource.ts';
import { hasProtobuf, PROTOBUF } from '#lib/sources/kubernetes-api/protobuf/list-page.ts';
import { FakeApiServer } from '#lib/testing/fake-api-server.ts';
import { writeListPage } from '#lib/testing/protobuf-writer.ts';

/** An API server that lists a generated cluster, its pages written before anybody asks. */

/** protobuf: pods as large as full ones are in it, to those who ask for it. */
export type Wire = PodForm | 'protobuf';

interface Body {
  readonly bytes: Buffer;
  readonly type: string;
}

const VERSION = '"resourceVersion":"1000000"';

/** What of a full pod is not read takes about so many bytes in protobuf. */
const UNREAD = 'x'.repeat(3000);

function withUnread(item: JsonObject): JsonObject {
  const metadata = isJsonObject(item.metadata) ? item.metadata : {};
  return { ...item, metadata: { ...metadata, generateName: UNREAD } };
}

function bodyOf({ resource, text }: ListPage, next: number | null, wire: Wire): Body {
  const token = next === null ? '' : `,"continue":"${next}"`;
  const json = text.replace(VERSION, `${VERSION}${token}`);
  if (wire !== 'protobuf' || !hasProtobuf(resource))
    return { bytes: Buffer.from(json), type: 'application/json' };
  const page: { readonly items: readonly JsonObject[] } & JsonObject = JSON.parse(json);
  const items = resource.kind === 'Pod' ? page.items.map(withUnread) : page.items;
  return { bytes: writeListPage({ ...page, items }), type: PROTOBUF };
}

/** By resourceName; `continue` is the number of the next page. */
function pagesByResource(cluster: GeneratedCluster, wire: Wire) {
  const lists = new Map<string, Body[]>();
  let before: ListPage | null = null;
  const keep = (page: ListPage, hasNext: boolean) => {
    const name = resourceName(page.resource);
    const known = lists.get(name) ?? [];
    lists.set(name, known);
    known.push(bodyOf(page, hasNext ? known.length + 1 : null, wire));
  };
  const form = wire === 'protobuf' ? 'slim' : wire;
  for (const page of listPages(cluster, { form, withIdentity: true })) {
    if (before !== null) keep(before, before.resource === page.resource);
    before = page;
  }
  if (before !== null) keep(before, false);
  return lists;
}

/** Listens on loopback with the lists of the cluster; watches tell of nothing. */
export async function serveApiPages(cluster: GeneratedCluster, wire: Wire): Promise<FakeApiServer> {
  const lists = pagesByResource(cluster, wire);
  const server = await FakeApiServer.start({ resources: cluster.resources });
  server.intercept(({ resource, watch, query, namespace }) => {
    const pages =
      resource === null || watch || namespace !== null ? undefined : lists.get(resource);
    const page = pages?.[Number(query.get('continue') ?? 0)];
    if (page === undefined) return null;
    return { kind: 'raw', body: page.bytes, headers: { 'content-type': page.type } };
  });
  return server;
}
