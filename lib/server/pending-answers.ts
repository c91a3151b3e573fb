import type { Answer, Question, Refused } from './question.ts';

/** More questions than this wait for no cluster; whoever asks then is told to come back. */
const MOST_WAITING = 1000;

/** The questions that were sent to a cluster's thread. Nobody waits for ever. */
export interface PendingAnswers {
  /** Sends the question, unless the same one is under way already; never rejects. */
  ask(question: Question, known: readonly string[], send: (id: number) => void): Promise<Answer>;
  answered(id: number, answer: Answer): void;
  /** Answers all that is under way: nobody else will. */
  refuse(refused: Refused): void;
}

export function createPendingAnswers(limitMs: number): PendingAnswers {
  const waiting = new Map<number, (answer: Answer) => void>();
  const underWay = new Map<string, Promise<Answer>>();
  let lastId = 0;

  return {
    ask(question, known, send) {
      const key = JSON.stringify([question, known]);
      const same = underWay.get(key);
      if (same !== undefined) return same;
      if (waiting.size >= MOST_WAITING) {
        const message = 'Too much is asked of this cluster at once.';
        return Promise.resolve({ kind: 'busy', message });
      }
      lastId++;
      const id = lastId;
      const { promise, resolve } = Promise.withResolvers<Answer>();
      const message = `This took longer than ${limitMs / 1000} s.`;
      const timer = setTimeout(() => settle({ kind: 'too-slow', message }), limitMs);
      timer.unref();
      const settle = (answer: Answer) => {
        clearTimeout(timer);
        waiting.delete(id);
        underWay.delete(key);
        resolve(answer);
      };
      waiting.set(id, settle);
      underWay.set(key, promise);
      send(id);
      return promise;
    },
    answered(id, answer) {
      waiting.get(id)?.(answer);
    },
    refuse(refused) {
      for (const settle of [...waiting.values()]) settle(refused);
    },
  };
}
