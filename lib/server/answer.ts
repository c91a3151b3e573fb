import type { ExportFormat } from '#lib/view/query.ts';
import { InvalidQuery, parseNoQuery } from '#lib/view/query-schema.ts';
import { type Application, application, BadRequest, NotFound, Unreadable } from './application.ts';
import { PROBLEM_TYPE, type ProblemDocument, problemDocument, scrap } from './problem-document.ts';
import type { Answer, Export, Question, Refused } from './question.ts';

/** How every route of the API answers: JSON, or a problem document. Routes only say what to look up. */

/** More are not looked at. */
const MOST_TAGS = 20;

/** Answers with what `lookUp` gives, or with the problem it throws. */
export function answer(
  request: Request,
  lookUp: (application: Application, parameters: URLSearchParams) => object,
): Promise<Response> {
  return guarded(request, async (app) => Response.json(lookUp(app, parametersOf(request))));
}

/**
 * Answers with a view of a cluster. Its tag is of what it shows: a client that has the same is told
 * so, and for which revision that holds.
 */
export function answerView(
  request: Request,
  cluster: string,
  questionOf: (parameters: URLSearchParams) => Question,
): Promise<Response> {
  return guarded(request, async (app) => {
    const question = questionOf(parametersOf(request));
    const answered = await app.ask(cluster, question, tagsOf(request));
    switch (answered.kind) {
      case 'view':
        return new Response(answered.body, {
          headers: { ...seen(answered), 'Content-Type': 'application/json' },
        });
      case 'unchanged':
        return new Response(null, { status: 304, headers: seen(answered) });
      case 'failed':
      case 'not-ready':
      case 'too-slow':
      case 'busy':
      case 'not-found':
      case 'bad-question':
        return problemResponse(refusalDocument(answered));
    }
  });
}

/** Answers with a file, which is made no faster than the client takes it, and dropped when it goes. */
export function answerExport(
  request: Request,
  cluster: string,
  exportOf: (parameters: URLSearchParams) => Export,
): Promise<Response> {
  return guarded(request, async (app) => {
    const asked = exportOf(parametersOf(request));
    const opened = await app.openExport(cluster, asked);
    if (opened.kind !== 'opened') return problemResponse(refusalDocument(opened));
    // Of HEAD nobody reads the body, nor lets go of it.
    if (request.method === 'HEAD') opened.cancel();
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const bytes = await opened.next();
          if (bytes === null) controller.close();
          else controller.enqueue(bytes);
        },
        cancel: () => opened.cancel(),
      },
      // Nothing is made before somebody reads.
      { highWaterMark: 0 },
    );
    const name = `connections-${cluster.replace(/[^A-Za-z0-9._-]+/g, '-')}.${asked.format}`;
    return new Response(request.method === 'HEAD' ? null : body, {
      headers: {
        'Content-Type': CONTENT_TYPES[asked.format],
        'Content-Disposition': `attachment; filename="${name}"`,
        'Sightline-Revision': String(opened.revision),
        'Sightline-Read-At': opened.readAt,
      },
    });
  });
}

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl',
};

/** How a client knows which state of the cluster a view is of, though the view is the same. */
function seen({ tag, revision, readAt }: Extract<Answer, { tag: string }>): Record<string, string> {
  return {
    ETag: tag,
    'Sightline-Revision': String(revision),
    'Sightline-Read-At': readAt,
  };
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
    return problemResponse(problem);
  }
}

function problemResponse(problem: ProblemDocument): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'Content-Type': PROBLEM_TYPE,
      ...(problem.status === 503 ? { 'Retry-After': '2' } : {}),
    },
  });
}

function parametersOf(request: Request): URLSearchParams {
  return new URL(request.url).searchParams;
}

/** The tags of what the client has; weak ones, as ours are. */
function tagsOf(request: Request): readonly string[] {
  const listed = (request.headers.get('if-none-match') ?? '').split(',').slice(0, MOST_TAGS);
  return listed.map((tag) => tag.trim()).filter((tag) => tag.startsWith('W/"'));
}

/** Throws what is nobody's business but the log's. */
function refusalDocument(refused: Refused): ProblemDocument {
  switch (refused.kind) {
    case 'not-ready':
      return problemDocument(503, 'E_NOT_READY', refused.message);
    case 'too-slow':
      return problemDocument(503, 'E_TIMEOUT', refused.message);
    case 'busy':
      return problemDocument(503, 'E_BUSY', refused.message);
    case 'not-found':
      return problemDocument(404, 'E_NOT_FOUND', refused.message);
    case 'bad-question':
      return parameterProblem(refused);
    case 'failed':
      throw new Error(refused.message);
  }
}

function parameterProblem(wrong: { parameter: string; message: string }): ProblemDocument {
  const parameter = scrap(wrong.parameter);
  return problemDocument(400, 'E_PARAM', wrong.message, { parameter });
}

function problemOf(error: unknown): ProblemDocument {
  if (error instanceof InvalidQuery || error instanceof BadRequest) return parameterProblem(error);
  if (error instanceof NotFound) return problemDocument(404, 'E_NOT_FOUND', error.message);
  if (error instanceof Unreadable) {
    return problemDocument(422, 'E_UNREADABLE', error.message, { problems: error.problems });
  }
  const detail = 'Something went wrong here; the log has it under the request id.';
  return problemDocument(500, 'E_INTERNAL', detail);
}
