import { answer } from '#lib/server/answer.ts';
import { openApiDocument } from '#lib/server/openapi.ts';
import { parseNoQuery } from '#lib/view/query-schema.ts';

export function GET(request: Request): Promise<Response> {
  return answer(request, (_application, parameters) => {
    parseNoQuery(parameters);
    return openApiDocument();
  });
}
