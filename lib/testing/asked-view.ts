import type { Application } from '#lib/server/application.ts';
import type { Question } from '#lib/server/question.ts';

/** The view that answers a question. Throws an Error with the reason when there is none. */
export async function askedView<View>(
  application: Pick<Application, 'ask'>,
  cluster: string,
  question: Question,
): Promise<View> {
  const answer = await application.ask(cluster, question);
  if (answer.kind === 'view') return JSON.parse(Buffer.from(answer.body).toString('utf8'));
  throw new Error(answer.kind === 'unchanged' ? 'nothing was known' : answer.message);
}
