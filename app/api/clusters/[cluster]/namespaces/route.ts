import { answerView } from '#lib/server/answer.ts';
import { parseNamespacesQuery } from '#lib/view/query-schema.ts';

interface Context {
  readonly params: Promise<{ readonly cluster: string }>;
}

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { cluster } = await params;
  return answerView(request, cluster, (parameters) => ({
    view: 'namespaces',
    query: parseNamespacesQuery(parameters),
  }));
}
