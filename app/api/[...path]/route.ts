import { answer } from '#lib/server/answer.ts';
import { NotFound } from '#lib/server/application.ts';

/** Addresses of the API that lead nowhere say so as the API does, not with a page. */
export function GET(request: Request): Promise<Response> {
  return answer(request, () => {
    throw new NotFound('There is nothing here.');
  });
}
