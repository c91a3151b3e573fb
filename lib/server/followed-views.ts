import type { Application } from './application.ts';
import type { FollowedView } from './event-query.ts';
import { event, type Follow, writtenEvent } from './event-streams.ts';
import { createFanOut, type Send } from './fan-out.ts';

/** What the streams that follow one view share. */
interface Followed {
  readonly followers: Set<Send>;
  stop(): void;
  /** Of the view as it is; undefined until it was told. */
  tag: string | null | undefined;
}

export interface FollowedViews {
  /** Throws NotFound for a cluster that is not there. */
  follow(view: FollowedView): Follow;
}

/**
 * More different views than this are not followed; those who ask for another are told so, and read
 * it again when its cluster changes, as if there were no deltas. However many follow one view, it is
 * watched and written once.
 */
const MOST_VIEWS = 64;

const NOT_FOLLOWED = event('view', { followed: false, tag: null });

function viewEvent(tag: string | null): Buffer {
  return event('view', { followed: true, tag });
}

export function createFollowedViews(
  application: Pick<Application, 'watch' | 'cluster'>,
  most = MOST_VIEWS,
): FollowedViews {
  const views = new Map<string, Followed>();
  const fanOut = createFanOut();

  function watched({ cluster, question, key }: FollowedView): Followed {
    const followers = new Set<Send>();
    const stop = application.watch(cluster, question, ({ tag, delta }) => {
      followed.tag = tag;
      // Who has the view with this tag need not do anything; everybody else reads it.
      const message = delta === null ? viewEvent(tag) : writtenEvent('delta', delta);
      void fanOut(message, followers);
    });
    const followed: Followed = { followers, stop, tag: undefined };
    views.set(key, followed);
    return followed;
  }

  return {
    follow(view) {
      application.cluster(view.cluster);
      return (send) => {
        const known = views.get(view.key);
        if (known === undefined && views.size >= most) {
          send(NOT_FOLLOWED);
          return () => {};
        }
        const followed = known ?? watched(view);
        followed.followers.add(send);
        if (followed.tag !== undefined) send(viewEvent(followed.tag));
        return () => {
          followed.followers.delete(send);
          if (followed.followers.size > 0) return;
          followed.stop();
          views.delete(view.key);
        };
      };
    },
  };
}
