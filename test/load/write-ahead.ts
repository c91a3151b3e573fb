import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import { PROTOBUF } from '#lib/sources/kubernetes-api/protobuf/list-page.ts';
import { apiVersion } from '#lib/sources/kubernetes-api/resource-path.ts';
import type { FakeApiServer } from '#lib/testing/fake-api-server.ts';
import { writeListPage } from '#lib/testing/protobuf-writer.ts';

/** As the reader asks for them. */
const PAGE = 500;

function withoutKind({ apiVersion: _, kind: __, ...item }: JsonObject): JsonObject {
  return item;
}

function withUnread(item: JsonObject, unread: string): JsonObject {
  const metadata = isJsonObject(item.metadata) ? item.metadata : {};
  return unread === '' ? item : { ...item, metadata: { ...metadata, generateName: unread } };
}

/**
 * Writes the lists of some resources in protobuf before anybody asks: how fast they can be written here
 * says nothing about the server that reads them. They hold until what is stored changes; the function
 * returned ends it then. Each item carries so many bytes more that nobody reads.
 */
export function writeAhead(
  server: FakeApiServer,
  resources: readonly Resource[],
  unreadBytes: number,
): () => void {
  const { store } = server;
  const unread = 'x'.repeat(unreadBytes);
  const pages = new Map<string, Buffer>();
  for (const resource of resources) {
    let token: string | null = null;
    do {
      const page = store.list(resource, null, PAGE, token);
      if (page === null) throw new Error('a page of what nobody changes does not expire');
      const { version, remaining, items } = page;
      const metadata = {
        resourceVersion: String(version),
        ...(page.continue === null
          ? {}
          : { continue: page.continue, remainingItemCount: remaining }),
      };
      const list = {
        apiVersion: apiVersion(resource),
        kind: `${resource.kind}List`,
        metadata,
        items: items.map((item) => withUnread(withoutKind(item), unread)),
      };
      pages.set(`${resourceName(resource)} ${token ?? ''}`, writeListPage(list));
      token = page.continue;
    } while (token !== null);
  }
  return server.intercept(({ resource, namespace, watch, query, headers }) => {
    const isAsked = headers.accept?.startsWith(PROTOBUF) === true;
    if (watch || namespace !== null || !isAsked || query.get('limit') !== String(PAGE)) return null;
    const body = pages.get(`${resource} ${query.get('continue') ?? ''}`);
    return body === undefined ? null : { kind: 'raw', body, headers: { 'content-type': PROTOBUF } };
  });
}
