import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJsonObject, type JsonObject } from '#lib/model/json.ts';
import type { Resource } from '#lib/model/resource.ts';
import { apiVersion } from '#lib/sources/kubernetes-api/resource-path.ts';
import type { StoredEvent } from './fake-object-store.ts';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** `pods`, `networkpolicies.networking.k8s.io`; null for anything but a list or watch. */
  readonly resource: string | null;
  readonly namespace: string | null;
  readonly watch: boolean;
}

/** Whether an object is of the one name a request asks for, if it does. */
export function selectedBy(query: URLSearchParams): (object: JsonObject) => boolean {
  const name = /^metadata\.name=(.*)$/.exec(query.get('fieldSelector') ?? '')?.[1];
  return ({ metadata }) => name === undefined || (isJsonObject(metadata) && metadata.name === name);
}

/** One open watch, for a test to write into or to break. */
export class FakeWatch {
  readonly request: FakeRequest;
  readonly #resource: Resource;
  readonly #response: ServerResponse;
  readonly #version: () => number;
  #frozen = false;

  constructor(
    resource: Resource,
    request: FakeRequest,
    response: ServerResponse,
    version: () => number,
  ) {
    this.#resource = resource;
    this.request = request;
    this.#response = response;
    this.#version = version;
  }

  /** Sends a stored change of the resource, when it is one of this watch. */
  deliver({ namespace, type, object }: StoredEvent): void {
    if (this.request.namespace !== null && this.request.namespace !== namespace) return;
    if (!selectedBy(this.request.query)(object)) return;
    this.send(type, {
      apiVersion: apiVersion(this.#resource),
      kind: this.#resource.kind,
      ...object,
    });
  }

  send(type: string, object: JsonObject): void {
    this.write(`${JSON.stringify({ type, object })}\n`);
  }

  bookmark(): void {
    const metadata = { resourceVersion: String(this.#version()), creationTimestamp: null };
    const { kind } = this.#resource;
    this.send('BOOKMARK', { kind, apiVersion: apiVersion(this.#resource), metadata });
  }

  error(code: number, reason: string, message: string, details: JsonObject = {}): void {
    this.send('ERROR', {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code,
      reason,
      message,
      details,
    });
  }

  write(bytes: string | Uint8Array): void {
    if (!this.#frozen && !this.#response.writableEnded) this.#response.write(bytes);
  }

  end(): void {
    this.#response.end();
  }

  /** These last bytes reach the client, then the connection ends, in the middle of whatever it was. */
  cut(bytes: string): void {
    if (this.#response.writableEnded) return;
    this.#response.write(bytes, () => this.#response.socket?.destroy());
  }

  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }

  /** The connection stays, and nothing comes any more. */
  freeze(): void {
    this.#frozen = true;
  }
}
