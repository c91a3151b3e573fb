import { answer } from '#lib/server/answer.ts';
import { parseNoQuery } from '#lib/view/query-schema.ts';

export function GET(request: Request): Promise<Response> {
  return answer(request, (application, parameters) => {
    parseNoQuery(parameters);
    return application.clusters();
  });
}
