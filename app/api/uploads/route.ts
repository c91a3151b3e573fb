import { answerUpload } from '#lib/server/answer.ts';

/** Type and size were checked by the server in front. */
export function POST(request: Request): Promise<Response> {
  return answerUpload(request);
}
