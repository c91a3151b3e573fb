import type { Refused } from './question.ts';
import type { Reply, Request } from './thread-messages.ts';

/** More requests than this wait for no cluster; whoever asks then is told to come back. */
const MOST_WAITING = 1000;

/** The requests that were sent to a cluster's thread. Nobody waits for ever. */
export interface PendingReplies {
  /** Sends a request; a question that is under way already is not sent again. Never rejects. */
  send(request: Request, post: (id: number) => void): Promise<Reply>;
  replied(id: number, reply: Reply): void;
  /** Answers all that is under way: nobody else will. */
  refuse(refused: Refused): void;
}

export function createPendingReplies(limitMs: number): PendingReplies {
  const waiting = new Map<number, (reply: Reply) => void>();
  const underWay = new Map<string, Promise<Reply>>();
  let lastId = 0;

  return {
    send(request, post) {
      const key = request.type === 'ask' ? JSON.stringify(request) : null;
      const same = key === null ? undefined : underWay.get(key);
      if (same !== undefined) return same;
      if (waiting.size >= MOST_WAITING) {
        const message = 'Too much is asked of this cluster at once.';
        return Promise.resolve({ kind: 'busy', message });
      }
      lastId++;
      const id = lastId;
      const { promise, resolve } = Promise.withResolvers<Reply>();
      const message = `This took longer than ${limitMs / 1000} s.`;
      const timer = setTimeout(() => settle({ kind: 'too-slow', message }), limitMs);
      timer.unref();
      const settle = (reply: Reply) => {
        clearTimeout(timer);
        waiting.delete(id);
        if (key !== null) underWay.delete(key);
        resolve(reply);
      };
      waiting.set(id, settle);
      if (key !== null) underWay.set(key, promise);
      post(id);
      return promise;
    },
    replied(id, reply) {
      waiting.get(id)?.(reply);
    },
    refuse(refused) {
      for (const settle of [...waiting.values()]) settle(refused);
    },
  };
}
