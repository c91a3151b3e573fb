import { InvalidQuery, parseNoQuery } from '#lib/view/query-schema.ts';
import {
  type Application,
  application,
  BadRequest,
  NotFound,
  NotReady,
  Unreadable,
} from './application.ts';
import { PROBLEM_TYPE, type ProblemDocument, problemDocument, scrap } from './problem-document.ts';

/** How every route of the API answers: JSON, or a problem document. Routes only say what to look up. */

type Question<Answer> = (
  application: Application,
  parameters: URLSearchParams,
) => Answer | Promise<Answer>;

/** Answers with what `question` gives, or with the problem it throws. */
export function answer(request: Request, question: Question<object>): Promise<Response> {
  return guarded(request, async (app) => Response.json(await question(app, parametersOf(request))));
}

/**
 * Answers with a view of a cluster. A view is a function of its address and of the cluster's
 * revision; a client that has that revision is told so, and nothing is computed.
 */
export function answerView(
  request: Request,
  cluster: string,
  question: Question<object>,
): Promise<Response> {
  return guarded(request, async (app) => {
    const { revision, readAt } = app.cluster(cluster);
    // Revisions start again when the server does; the time tells them apart.
    const tag = `W/"${revision}-${Date.parse(readAt ?? '')}"`;
    if (readAt !== null && has(request.headers.get('if-none-match'), tag)) {
      return new Response(null, { status: 304, headers: { ETag: tag } });
    }
    const view = await question(app, parametersOf(request));
    return Response.json(view, { headers: { ETag: tag } });
  });
}

/** Takes manifests in, and answers with the cluster that they make. */
export function answerUpload(request: Request): Promise<Response> {
  return guarded(request, async (app) => {
    parseNoQuery(parametersOf(request));
    const summary = await app.upload(utf8(await request.arrayBuffer()));
    const location = `/api/clusters/${summary.name}`;
    return Response.json(summary, { status: 201, headers: { Location: location } });
  });
}

function utf8(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable('The upload is not UTF-8 text.', []);
  }
}

/** Runs what makes a response; turns what it throws into a problem document. */
async function guarded(
  request: Request,
  respond: (application: Application) => Promise<Response>,
): Promise<Response> {
  try {
    return await respond(application());
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status === 500) application().report(error, request.headers.get('x-request-id'));
    return new Response(JSON.stringify(problem), {
      status: problem.status,
      headers: {
        'Content-Type': PROBLEM_TYPE,
        ...(problem.status === 503 ? { 'Retry-After': '2' } : {}),
      },
    });
  }
}

function parametersOf(request: Request): URLSearchParams {
  return new URL(request.url).searchParams;
}

function has(header: string | null, tag: string): boolean {
  return (header ?? '').split(',').some((candidate) => candidate.trim() === tag);
}

function problemOf(error: unknown): ProblemDocument {
  if (error instanceof InvalidQuery || error instanceof BadRequest) {
    const { message, parameter } = error;
    return problemDocument(400, 'E_PARAM', message, { parameter: scrap(parameter) });
  }
  if (error instanceof NotFound) return problemDocument(404, 'E_NOT_FOUND', error.message);
  if (error instanceof NotReady) return problemDocument(503, 'E_NOT_READY', error.message);
  if (error instanceof Unreadable) {
    return problemDocument(422, 'E_UNREADABLE', error.message, { problems: error.problems });
  }
  const detail = 'Something went wrong here; the log has it under the request id.';
  return problemDocument(500, 'E_INTERNAL', detail);
}
