import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { JsonObject } from '#lib/model/json.ts';
import {
  CLUSTER_RESOURCES,
  PLUGIN_RESOURCES,
  type Resource,
  resourceName,
} from '#lib/model/resource.ts';
import { PROTOBUF } from '#lib/sources/kubernetes-api/protobuf/list-page.ts';
import { apiVersion, groupPath, listPath } from '#lib/sources/kubernetes-api/resource-path.ts';
import { answerFault, type Fault, sendJson, sendProtobuf } from './fake-answers.ts';
import { FakeObjectStore } from './fake-object-store.ts';
import { type FakeRequest, FakeWatch, selectedBy } from './fake-watch.ts';
import { writeListPage } from './protobuf-writer.ts';

export interface FakeApiServerOptions {
  /** Serves lists in protobuf to those who ask for it, as the real one does; JSON alone when absent. */
  readonly protobuf?: boolean;
  /** Kinds the server knows beside those of every cluster. */
  readonly resources?: readonly Resource[];
  /** PEM; plain http when absent. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa?: string };
}

/**
 * A Kubernetes API server for tests: lists with pages, watches with bookmarks and history, and
 * whatever can go wrong with them, when the test says so. It answers over real sockets.
 */
export class FakeApiServer {
  readonly store = new FakeObjectStore();
  /** Everything that was asked, in order. */
  readonly requests: FakeRequest[] = [];
  /** The watches that are open. */
  readonly watches: FakeWatch[] = [];
  /** Only this bearer token is accepted; null accepts everybody. */
  token: string | null = null;
  readonly #resources: Map<string, Resource>;
  readonly #options: FakeApiServerOptions;
  readonly #rules = new Set<(request: FakeRequest) => Fault | null>();
  readonly #sockets = new Set<Socket>();
  readonly #waiting = new Set<() => void>();
  #server: Server | null = null;
  #port = 0;

  static async start(options: FakeApiServerOptions = {}): Promise<FakeApiServer> {
    const server = new FakeApiServer(options);
    await server.open();
    return server;
  }

  private constructor(options: FakeApiServerOptions) {
    this.#options = options;
    const known = [...CLUSTER_RESOURCES, ...PLUGIN_RESOURCES, ...(options.resources ?? [])].map(
      wholeOf,
    );
    this.#resources = new Map(known.map((resource) => [listPath(resource, null), resource]));
    this.store.subscribe((event) => {
      for (const watch of [...this.watches]) {
        if (watch.request.resource === event.resource) watch.deliver(event);
      }
    });
  }

  get url(): string {
    return `${this.#options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.#port}`;
  }

  /** Sockets clients hold open. */
  get sockets(): number {
    return this.#sockets.size;
  }

  /** Listens, after `close` on the same port as before. */
  async open(): Promise<void> {
    const listener: RequestListener = (request, response) => this.#answer(request, response);
    const { tls } = this.#options;
    const server =
      tls === undefined
        ? createServer(listener)
        : createTlsServer(
            {
              cert: tls.cert,
              key: tls.key,
              // a client certificate is one way of many to say who one is
              ...(tls.clientCa && { ca: tls.clientCa, requestCert: true }),
              rejectUnauthorized: false,
            },
            listener,
          );
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.#tellWaiting();
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Vanishes: every connection is reset, and nobody listens. What is stored stays. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = new Promise((resolve) => server.close(resolve));
    // A TLS socket has no handle of its own to reset.
    for (const socket of this.#sockets)
      if (socket instanceof TLSSocket) socket.destroy();
      else socket.resetAndDestroy();
    await closed;
  }

  /** Makes a kind known or unknown, as creating and deleting its CRD does. */
  install(resource: Resource): void {
    this.#resources.set(listPath(resource, null), resource);
  }

  uninstall(resource: Resource): void {
    this.#resources.delete(listPath(resource, null));
    for (const watch of [...this.watches]) {
      if (watch.request.resource === resourceName(resource)) watch.end();
    }
  }

  serves(resource: Resource): boolean {
    return this.#resources.has(listPath(resource, null));
  }

  /** From now on the first rule that gives a fault decides; the function returned takes it back. */
  intercept(rule: (request: FakeRequest) => Fault | null): () => void {
    this.#rules.add(rule);
    return () => this.#rules.delete(rule);
  }

  /** The next request that matches fails. */
  failOnce(matches: (request: FakeRequest) => boolean, fault: Fault): void {
    const undo = this.intercept((request) => {
      if (!matches(request)) return null;
      undo();
      return fault;
    });
  }

  /** Refuses as RBAC does. */
  forbid(matches: (request: FakeRequest) => boolean): () => void {
    return this.intercept((request) => {
      if (!matches(request)) return null;
      const scope =
        request.namespace === null
          ? 'at the cluster scope'
          : `in the namespace "${request.namespace}"`;
      const message = `${request.resource} is forbidden: User "viewer" cannot list resource "${request.resource}" ${scope}`;
      return { kind: 'status', code: 403, reason: 'Forbidden', message };
    });
  }

  /** Resolves as soon as the condition holds; it is looked at whenever something happened here. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** The requests for one resource, lists or watches. */
  asked(resource: string, what: 'list' | 'watch'): FakeRequest[] {
    return this.requests.filter(
      (request) => request.resource === resource && request.watch === (what === 'watch'),
    );
  }

  /** The open watch of a resource. */
  watchOf(resource: string): FakeWatch {
    const watch = this.watches.find(({ request }) => request.resource === resource);
    if (watch === undefined) throw new Error(`nobody watches ${resource}`);
    return watch;
  }

  #answer(message: IncomingMessage, response: ServerResponse): void {
    const request = this.#parse(message);
    this.requests.push(request);
    const fault = this.#fault(request, message);
    if (fault === null) this.#serve(request, message, response);
    else answerFault(fault, message, response);
    this.#tellWaiting();
  }

  #fault(request: FakeRequest, message: IncomingMessage): Fault | null {
    if (this.token !== null && message.headers.authorization !== `Bearer ${this.token}`) {
      return { kind: 'status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' };
    }
    for (const rule of this.#rules) {
      const fault = rule(request);
      if (fault !== null) return fault;
    }
    return null;
  }

  #serve(request: FakeRequest, message: IncomingMessage, response: ServerResponse): void {
    const resource = this.#resourceAt(request.path);
    if (resource === undefined) {
      const discovered = this.#discover(request.path);
      if (discovered === null) {
        answerFault({ kind: 'raw', code: 404, body: '404 page not found\n' }, message, response);
      } else sendJson(discovered, message, response);
    } else if (request.watch) this.#watch(resource, request, response);
    else this.#list(resource, request, message, response);
  }

  #list(
    resource: Resource,
    { namespace, query }: FakeRequest,
    message: IncomingMessage,
    response: ServerResponse,
  ): void {
    const limit = Number(query.get('limit') ?? 0);
    const page = this.store.list(resource, namespace, limit, query.get('continue'));
    if (page === null) {
      const text = 'The provided continue parameter is too old';
      const expired = { kind: 'status', code: 410, reason: 'Expired', message: text } as const;
      answerFault(expired, message, response);
      return;
    }
    const metadata = {
      resourceVersion: String(page.version),
      ...(page.continue !== null && {
        continue: page.continue,
        // as the real one does: it is not known of a selection
        ...(query.has('fieldSelector') ? {} : { remainingItemCount: page.remaining }),
      }),
    };
    // as the real one does: items of a list carry neither apiVersion nor kind
    const items = page.items
      .filter(selectedBy(query))
      .map(({ apiVersion: _, kind: __, ...item }) => item);
    const list = {
      apiVersion: apiVersion(resource),
      kind: `${resource.kind}List`,
      metadata,
      items,
    };
    const isAsked = message.headers.accept?.startsWith(PROTOBUF) === true;
    if (this.#options.protobuf === true && isAsked) sendProtobuf(writeListPage(list), response);
    else sendJson(list, message, response);
  }

  #watch(resource: Resource, request: FakeRequest, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const watch = new FakeWatch(resource, request, response, () => this.store.version);
    const missed = this.store.since(resource, Number(request.query.get('resourceVersion') ?? 0));
    if (missed === null) {
      watch.error(410, 'Expired', 'too old resource version');
      watch.end();
      return;
    }
    for (const event of missed) watch.deliver(event);
    this.watches.push(watch);
    response.on('close', () => {
      this.watches.splice(this.watches.indexOf(watch), 1);
      this.#tellWaiting();
    });
  }

  #discover(path: string): JsonObject | null {
    if (path === '/version') return { major: '1', minor: '36', gitVersion: 'v1.36.0' };
    const served = [...this.#resources.values()].filter((resource) => groupPath(resource) === path);
    if (served.length === 0) return null;
    const resources = served.map(({ plural, kind, namespaced }) => ({
      name: plural,
      kind,
      namespaced,
    }));
    return { kind: 'APIResourceList', apiVersion: 'v1', resources };
  }

  #parse(message: IncomingMessage): FakeRequest {
    const url = new URL(message.url ?? '/', 'http://fake');
    const resource = this.#resourceAt(url.pathname);
    return {
      method: message.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: message.headers,
      resource: resource === undefined ? null : resourceName(resource),
      namespace: namespaceIn(url.pathname),
      watch: url.searchParams.has('watch'),
    };
  }

  #resourceAt(path: string): Resource | undefined {
    return this.#resources.get(path.replace(NAMESPACED, '/'));
  }

  #tellWaiting(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

/** The list that objects of one name are asked from. */
export function wholeOf({ only: _, ...resource }: Resource): Resource {
  return resource;
}

const NAMESPACED = /\/namespaces\/[^/]+\//;

function namespaceIn(path: string): string | null {
  const [, name] = /\/namespaces\/([^/]+)\//.exec(path) ?? [];
  return name === undefined ? null : decodeURIComponent(name);
}
