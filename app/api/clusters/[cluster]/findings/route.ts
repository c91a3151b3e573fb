import { answer } from '#lib/server/answer.ts';
import { parseFindingsQuery } from '#lib/view/query-schema.ts';

interface Context {
  readonly params: Promise<{ readonly cluster: string }>;
}

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { cluster } = await params;
  // No ETag: a report may be of an earlier revision than the cluster's, and says of which.
  return answer(request, (application, parameters) =>
    application.findings(cluster, parseFindingsQuery(parameters)),
  );
}
