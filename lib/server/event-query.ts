import { formatGraphQuery } from '#lib/view/query.ts';
import { parseGraphQuery } from '#lib/view/query-schema.ts';
import { BadRequest } from './application.ts';
import { scrap } from './problem-document.ts';
import type { WatchedQuestion } from './view-watches.ts';

/** A view that a stream follows. */
export interface FollowedView {
  readonly cluster: string;
  readonly question: WatchedQuestion;
  /** The same for all that ask the same. */
  readonly key: string;
}

/** What is asked of /api/events. */
export interface EventQuery {
  /** Only the summaries of this one; null for those of all clusters. */
  readonly cluster: string | null;
  readonly view: FollowedView | null;
}

const KNOWN = ['cluster', 'view'];
const VIEW_FORM = '"view" is a graph such as demo/graph?namespace=shop';

/** Throws BadRequest or InvalidQuery, naming the parameter. */
export function readEventQuery(parameters: URLSearchParams): EventQuery {
  for (const name of parameters.keys()) {
    if (!KNOWN.includes(name)) {
      const known = 'there are "cluster" and "view"';
      throw new BadRequest(name, `There is no parameter "${scrap(name)}" here; ${known}.`);
    }
    if (parameters.getAll(name).length > 1) throw new BadRequest(name, `Give "${name}" once.`);
  }
  const view = parameters.get('view');
  return {
    cluster: parameters.get('cluster'),
    view: view === null ? null : readView(view),
  };
}

/** `demo/graph?namespace=shop`: its address, as under /api/clusters/. */
function readView(address: string): FollowedView {
  const [, cluster, query = ''] = /^([^/?]+)\/graph(?:\?(.*))?$/.exec(address) ?? [];
  if (cluster === undefined) throw new BadRequest('view', `${VIEW_FORM}.`);
  const asked = parseGraphQuery(new URLSearchParams(query));
  return {
    cluster: decoded(cluster),
    question: { view: 'graph', query: asked },
    key: `${cluster}/graph?${formatGraphQuery(asked)}`,
  };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw new BadRequest('view', `${VIEW_FORM}.`);
  }
}
