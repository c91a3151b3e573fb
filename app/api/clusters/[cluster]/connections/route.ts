import { answerExport } from '#lib/server/answer.ts';
import { parseExportQuery } from '#lib/view/query-schema.ts';

interface Context {
  readonly params: Promise<{ readonly cluster: string }>;
}

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { cluster } = await params;
  return answerExport(request, cluster, parseExportQuery);
}
