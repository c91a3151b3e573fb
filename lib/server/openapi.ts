import { z } from 'zod';
import {
  explainParameters,
  exportParameters,
  findingsParameters,
  graphParameters,
  namespacesParameters,
  peersParameters,
  searchParameters,
  workloadsParameters,
} from '#lib/view/query-schema.ts';
import { explanationView } from './explanation-schema.ts';
import { findingsView } from './findings-schema.ts';
import { followedView, graphDelta } from './graph-delta-schema.ts';
import { PROBLEM_TYPE } from './problem-document.ts';
import { UPLOAD_LIMIT } from './request-checks.ts';
import {
  clusterSummaries,
  clusterSummary,
  graphView,
  peersView,
  problemDocument,
  responses,
  searchView,
  workloadView,
} from './response-schemas.ts';
import { namespacesView, workloadsView } from './table-schemas.ts';

/** The description of the API (OpenAPI 3.1), made from the schemas that check it. */

type Json = Readonly<Record<string, unknown>>;

const UNTIL_READ = { 503: 'Nothing of the cluster was read yet, or it is asked too much' };
const ASKED_WRONGLY = { 400: 'A parameter is unknown, repeated or malformed' };
const NOT_THERE = { 404: 'There is no such thing' };

/** Everything there is, by path. */
function paths(): Json {
  const cluster = pathParameter('cluster', 'The name of a cluster, as in /api/clusters');
  const view = (summary: string, schema: z.ZodType, parameters: readonly Json[], more: Json = {}) =>
    operation(summary, schema, [cluster, ...parameters], {
      ...notModified,
      ...problems({ ...ASKED_WRONGLY, ...NOT_THERE, ...UNTIL_READ }),
      ...more,
    });
  return {
    '/api/clusters': operation('Every cluster, the default one first', clusterSummaries, []),
    '/api/clusters/{cluster}': operation(
      'One cluster: how current it is, its numbers, gaps and problems',
      clusterSummary,
      [cluster],
      problems(NOT_THERE),
    ),
    '/api/clusters/{cluster}/graph': view(
      'The map of a cluster or a namespace',
      graphView,
      queryParameters(graphParameters),
    ),
    '/api/clusters/{cluster}/workloads/{namespace}/{kind}/{name}': view(
      'Who may connect to a workload or pod, and to whom it may connect',
      workloadView,
      [
        pathParameter('namespace', 'Its namespace'),
        pathParameter('kind', 'Its kind, such as Deployment or Pod'),
        pathParameter('name', 'Its name'),
      ],
    ),
    '/api/clusters/{cluster}/workloads/{namespace}/{kind}/{name}/peers': view(
      'More of who may connect to a workload or pod, or to whom it may connect',
      peersView,
      [
        pathParameter('namespace', 'Its namespace'),
        pathParameter('kind', 'Its kind, such as Deployment or Pod'),
        pathParameter('name', 'Its name'),
        ...queryParameters(peersParameters),
      ],
    ),
    '/api/clusters/{cluster}/namespaces': view(
      'The namespaces, a page at a time',
      namespacesView,
      queryParameters(namespacesParameters),
    ),
    '/api/clusters/{cluster}/workloads': view(
      'The workloads of the cluster or of a namespace, a page at a time',
      workloadsView,
      queryParameters(workloadsParameters),
    ),
    '/api/clusters/{cluster}/explain': view(
      'Whether one end may connect to another, and why',
      explanationView,
      queryParameters(explainParameters),
    ),
    '/api/clusters/{cluster}/findings': view(
      'Mistakes in policies, with the evidence and how to mend them',
      findingsView,
      queryParameters(findingsParameters),
    ),
    '/api/clusters/{cluster}/search': view(
      'Namespaces, workloads, pods, services and policies by their names',
      searchView,
      queryParameters(searchParameters),
    ),
    '/api/clusters/{cluster}/connections': {
      get: {
        summary: 'Every connection between workloads and addresses, as a file without a limit',
        parameters: [cluster, ...queryParameters(exportParameters)],
        responses: {
          200: {
            description: 'A line for each; streamed, of one revision from the first to the last',
            headers: revisionHeaders,
            content: {
              'text/csv': { schema: { type: 'string' } },
              'application/jsonl': { schema: { type: 'string' } },
            },
          },
          ...problems({ ...ASKED_WRONGLY, ...NOT_THERE, ...UNTIL_READ }),
        },
      },
    },
    '/api/uploads': { post: upload() },
    '/api/events': { get: events() },
    '/api/health': { get: state('Whether the process runs', {}) },
    '/api/ready': { get: state('Whether it takes requests', { 503: 'It is stopping' }) },
  };
}

const revisionHeaders = {
  'Sightline-Revision': { schema: { type: 'integer' }, description: 'The revision it holds for' },
  'Sightline-Read-At': { schema: { type: 'string' }, description: 'When that was read' },
};

const notModified = {
  304: {
    description: 'What If-None-Match names is what would be answered',
    headers: revisionHeaders,
  },
};

function operation(
  summary: string,
  schema: z.ZodType,
  parameters: readonly Json[],
  more: Json = {},
): Json {
  const answers = { 200: { description: summary, content: jsonOf(schema) }, ...more };
  return { get: { summary, parameters, responses: answers } };
}

function upload(): Json {
  const manifests = { schema: { type: 'string', maxLength: UPLOAD_LIMIT } };
  return {
    summary: 'Shows manifests as one more cluster, held in memory; eight at most',
    requestBody: {
      required: true,
      content: { 'application/yaml': manifests, 'application/json': manifests },
    },
    responses: {
      201: {
        description: 'The cluster they make',
        headers: { Location: { schema: { type: 'string' }, description: 'Its address' } },
        content: jsonOf(clusterSummary),
      },
      ...problems({
        403: 'Sent from another site',
        411: 'Sent without its length',
        413: 'Larger than 1 MiB',
        415: 'Neither YAML nor JSON',
        422: 'Nothing in it is a Kubernetes object',
      }),
    },
  };
}

function events(): Json {
  return {
    summary:
      'Server-sent events: `summary` (a ClusterSummary) at the start and on every change; of the graph that is followed `view` (which it is now, by its ETag) and `delta` (how it changes, four times a second at most); `resync` for a reader that is too slow, `bye` when the server stops',
    parameters: [
      { name: 'cluster', in: 'query', schema: { type: 'string' }, description: 'Only this one' },
      {
        name: 'view',
        in: 'query',
        schema: { type: 'string' },
        description: 'A graph to follow, such as demo/graph?namespace=shop',
      },
    ],
    'x-events': {
      summary: reference(clusterSummary),
      view: reference(followedView),
      delta: reference(graphDelta),
    },
    responses: {
      200: {
        description: 'A stream without end',
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
      ...problems({ ...ASKED_WRONGLY, ...NOT_THERE, 429: 'Too many from this address' }),
    },
  };
}

function state(summary: string, more: Readonly<Record<number, string>>): Json {
  const schema = { type: 'object', properties: { status: { type: 'string' } } };
  const content = { 'application/json': { schema } };
  return { summary, responses: { 200: { description: 'Yes', content }, ...problems(more) } };
}

function problems(descriptions: Readonly<Record<number, string>>): Json {
  const content = { [PROBLEM_TYPE]: { schema: reference(problemDocument) } };
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [status, { description, content }]),
  );
}

function jsonOf(schema: z.ZodType): Json {
  return { 'application/json': { schema: reference(schema) } };
}

function reference(schema: z.ZodType): Json {
  return { $ref: referenceTo(responses.get(schema)?.id ?? '') };
}

function referenceTo(id: string): string {
  return `#/components/schemas/${id}`;
}

function pathParameter(name: string, description: string): Json {
  return { name, in: 'path', required: true, description, schema: { type: 'string' } };
}

/** As they stand in a URL, before they are read. */
function queryParameters(schema: z.ZodObject): readonly Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: property,
  }));
}

/** Without what OpenAPI gives by its own means: the dialect, and a schema's address. */
function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(responses, {
    uri: referenceTo,
    override({ jsonSchema }) {
      // The format says it; the pattern is a page long.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _dialect, $id: _address, ...schema }]) => [
      name,
      schema,
    ]),
  );
}

export function openApiDocument(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sightline',
      version: '1',
      description: 'See which Kubernetes pods can talk, and exactly why.',
    },
    paths: paths(),
    components: { schemas: componentSchemas() },
  };
}
