import { z } from 'zod';
import { DIRECTIONS } from '#lib/engine/compiled-policy.ts';
import type { PortQuery } from '#lib/engine/explanation.ts';
import { SEVERITIES } from '#lib/findings/finding.ts';
import type { FindingsQuery } from './findings-view.ts';
import type { GraphQuery } from './graph-view.ts';
import { CURSOR } from './page.ts';
import {
  DEFAULT_FINDINGS,
  DEFAULT_LIMIT,
  DEFAULT_PEERS,
  DEFAULT_ROWS,
  EXPORT_FORMATS,
  type ExplainQuery,
  type ExportFormat,
  parsePort,
  type SearchQuery,
} from './query.ts';
import {
  NAMESPACE_SORTS,
  type NamespacesQuery,
  WORKLOAD_SORTS,
  type WorkloadsQuery,
} from './table-view.ts';
import { PEER_SORTS, type PeersQuery } from './workload-view.ts';

/** Reads what query.ts writes, strictly: a parameter that is not understood is never ignored. */

/** A query that cannot be asked; names the parameter and how it should be. */
export class InvalidQuery extends Error {
  override readonly name = 'InvalidQuery';
  readonly parameter: string;
  constructor(parameter: string, message: string) {
    super(message);
    this.parameter = parameter;
  }
}

// Lengths first: they keep every expression below from seeing more than a line.
const namespaceName = z
  .string()
  .max(63, 'is the name of a namespace')
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, 'is the name of a namespace');
const flag = z
  .enum(['true', 'false'], 'is true or false')
  .default('false')
  .transform((value) => value === 'true');
const endpoint = z.string('is missing').trim().min(1, 'is empty').max(600, 'is too long');

const PORT_FORM = 'is a port such as 8080, 53/UDP or http';
const port = z
  .string()
  .max(20, PORT_FORM)
  .transform((text, context): PortQuery | string => {
    const parsed = parsePort(text);
    if (parsed !== null) return parsed;
    context.addIssue({ code: 'custom', message: PORT_FORM });
    return z.NEVER;
  });

const objectKey = z
  .string()
  .max(600, 'is too long')
  .regex(/^[^[\]]+\[[A-Za-z]+\]$/, 'is a workload such as shop/web[Deployment]');

export const graphParameters = z.strictObject({
  namespace: namespaceName.optional(),
  expanded: z
    .string()
    .transform((list) => (list === '' ? [] : list.split(',')))
    .pipe(z.array(namespaceName))
    .optional(),
  opened: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(objectKey).max(100, 'has more than 100 entries'))
    .optional(),
  open: flag,
  dns: flag,
  focus: objectKey.optional(),
});

export const explainParameters = z.strictObject({
  from: endpoint,
  to: endpoint,
  port: port.optional(),
});

const LIMIT_FORM = 'is a number from 1 to 100';
export const searchParameters = z.strictObject({
  q: z.string('is missing').max(200, 'is too long'),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, LIMIT_FORM)
    .transform(Number)
    .pipe(z.number().max(100, LIMIT_FORM))
    .default(DEFAULT_LIMIT),
});

const FINDINGS_FORM = 'is a number from 0 to 1000';
export const findingsParameters = z.strictObject({
  namespace: namespaceName.optional(),
  about: objectKey.optional(),
  severity: z.enum(SEVERITIES, 'is error, warning or info').optional(),
  limit: z
    .string()
    .regex(/^\d{1,4}$/, FINDINGS_FORM)
    .transform(Number)
    .pipe(z.number().max(1000, FINDINGS_FORM))
    .default(DEFAULT_FINDINGS),
});

export const exportParameters = z.strictObject({
  format: z.enum(EXPORT_FORMATS, 'is csv or jsonl').default('csv'),
});

const rowsForm = 'is a number from 1 to 1000';
const page = (limit: number) => ({
  q: z.string().max(200, 'is too long').default(''),
  after: z.string().regex(CURSOR, 'is a cursor from the page before').optional(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, rowsForm)
    .transform(Number)
    .pipe(z.number().max(1000, rowsForm))
    .default(limit),
});

export const namespacesParameters = z.strictObject({
  sort: z.enum(NAMESPACE_SORTS, `is one of ${NAMESPACE_SORTS.join(', ')}`).default('name'),
  ...page(DEFAULT_ROWS),
});

export const workloadsParameters = z.strictObject({
  namespace: namespaceName.optional(),
  bundle: objectKey.optional(),
  sort: z.enum(WORKLOAD_SORTS, `is one of ${WORKLOAD_SORTS.join(', ')}`).default('name'),
  ...page(DEFAULT_ROWS),
});

export const peersParameters = z.strictObject({
  direction: z.enum(DIRECTIONS, 'is ingress or egress'),
  show: z.enum(PEER_SORTS, `is one of ${PEER_SORTS.join(', ')}`).default('all'),
  ...page(DEFAULT_PEERS),
});

const noParameters = z.strictObject({});

/** Throws InvalidQuery, as the others do. */
export function parseGraphQuery(parameters: URLSearchParams): GraphQuery {
  const { namespace, expanded, opened, open, dns, focus } = parse(graphParameters, parameters);
  return {
    namespace: namespace ?? null,
    expanded: expanded ?? null,
    opened: opened ?? [],
    showOpen: open,
    showDns: dns,
    focus: focus ?? null,
  };
}

export function parseExplainQuery(parameters: URLSearchParams): ExplainQuery {
  const { from, to, port: asked } = parse(explainParameters, parameters);
  return { from, to, port: asked ?? null };
}

export function parseSearchQuery(parameters: URLSearchParams): SearchQuery {
  const { q, limit } = parse(searchParameters, parameters);
  return { query: q, limit };
}

export function parseFindingsQuery(parameters: URLSearchParams): FindingsQuery {
  const { namespace, about, severity, limit } = parse(findingsParameters, parameters);
  return {
    namespace: namespace ?? null,
    about: about ?? null,
    severity: severity ?? null,
    limit,
  };
}

export function parseExportQuery(parameters: URLSearchParams): { readonly format: ExportFormat } {
  return parse(exportParameters, parameters);
}

export function parseNamespacesQuery(parameters: URLSearchParams): NamespacesQuery {
  const { q, sort, after, limit } = parse(namespacesParameters, parameters);
  return { words: q, sort, after: after ?? null, limit };
}

export function parseWorkloadsQuery(parameters: URLSearchParams): WorkloadsQuery {
  const { namespace, bundle, q, sort, after, limit } = parse(workloadsParameters, parameters);
  return {
    namespace: namespace ?? null,
    bundle: bundle ?? null,
    words: q,
    sort,
    after: after ?? null,
    limit,
  };
}

export function parsePeersQuery(parameters: URLSearchParams): PeersQuery {
  const { direction, show, q, after, limit } = parse(peersParameters, parameters);
  return { direction, show, words: q, after: after ?? null, limit };
}

/** For what takes no parameters: that too is said, rather than ignoring what was asked. */
export function parseNoQuery(parameters: URLSearchParams): void {
  parse(noParameters, parameters);
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  parameters: URLSearchParams,
): z.infer<Schema> {
  const given = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (given.has(name)) throw new InvalidQuery(name, `"${shorten(name)}" is given twice.`);
    given.set(name, value);
  }
  // Entries, not assignments: a parameter named __proto__ is a parameter like any other.
  const result = schema.safeParse(Object.fromEntries(given));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const name = issue.keys[0] ?? '';
    throw new InvalidQuery(name, `There is no parameter "${shorten(name)}" here.`);
  }
  const name = String(issue?.path[0] ?? '');
  throw new InvalidQuery(name, `"${name}" ${issue?.message ?? 'is not understood'}.`);
}

function shorten(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}
