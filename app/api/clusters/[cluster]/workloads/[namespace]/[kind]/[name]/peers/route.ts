import { answerView } from '#lib/server/answer.ts';
import { parsePeersQuery } from '#lib/view/query-schema.ts';

interface Context {
  readonly params: Promise<{
    readonly cluster: string;
    readonly namespace: string;
    readonly kind: string;
    readonly name: string;
  }>;
}

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { cluster, namespace, kind, name } = await params;
  return answerView(request, cluster, (parameters) => ({
    view: 'peers',
    namespace,
    kind,
    name,
    query: parsePeersQuery(parameters),
  }));
}
