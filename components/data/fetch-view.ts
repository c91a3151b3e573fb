import { failure, request } from './fetch-json.ts';

/** A view as it was answered, and the tag of what it shows. */
export interface TaggedView<View> {
  readonly view: View;
  readonly tag: string;
}

/** Every view says which state of the cluster it is of. */
interface OfRevision {
  readonly revision: number;
}

/**
 * Reads a view; who has one already is only told for which revision it still holds, where it does.
 * Throws RequestFailed.
 */
export async function fetchView<View extends OfRevision>(
  url: string,
  known: TaggedView<View> | undefined,
  signal: AbortSignal,
): Promise<TaggedView<View>> {
  const headers: HeadersInit = known === undefined ? {} : { 'If-None-Match': known.tag };
  const response = await request(url, { headers, signal });
  const tag = response.headers.get('etag') ?? '';
  if (response.status === 304 && known !== undefined) {
    const revision = Number(response.headers.get('sightline-revision'));
    const readAt = response.headers.get('sightline-read-at');
    return { tag: known.tag, view: { ...known.view, revision, readAt } };
  }
  if (response.ok) return { tag, view: (await response.json()) as View };
  throw await failure(response);
}
