import { answer } from '#lib/server/answer.ts';
import { parseNoQuery } from '#lib/view/query-schema.ts';

interface Context {
  readonly params: Promise<{ readonly cluster: string }>;
}

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { cluster } = await params;
  return answer(request, (application, parameters) => {
    parseNoQuery(parameters);
    return application.cluster(cluster);
  });
}
