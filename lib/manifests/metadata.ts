import { z } from 'zod';
import { namespacedName, type Scrape } from '#lib/model/cluster.ts';
import { isJsonObject } from '#lib/model/json.ts';
import { type Labels, NO_LABELS } from '#lib/model/labels.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import type { FieldPath, ObjectOrigin, Problem } from '#lib/model/problem.ts';

/** What every object carries. Loose: fields that are not read may hold anything. */

/** YAML makes booleans of `no` and `on`, and numbers of `1.10`, where text was meant. */
export const labelText = z.string({
  error: ({ input }) => {
    if (input === undefined) return 'it is missing';
    if (typeof input === 'object' && input !== null) return 'expected text';
    return `expected text, got ${JSON.stringify(input)}: quote it`;
  },
});

/** Go decodes `null` as absent. */
export function orAbsent<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/**
 * Labels, annotations or a map selector, as a Map: `constructor` and `__proto__` are keys like any
 * other. A key without a value has the empty text, as for the API server.
 */
export const textMap = z
  .unknown()
  .default(null)
  .transform((value, context): Labels => {
    const texts = new Map<string, string>();
    if (value === null) return texts;
    if (typeof value !== 'object' || Array.isArray(value)) {
      context.addIssue({ code: 'custom', message: 'expected a map of text' });
      return texts;
    }
    for (const [key, item] of Object.entries(value)) {
      const text = labelText.safeParse(item ?? '');
      if (text.success) texts.set(key, text.data);
      else
        context.addIssue({
          code: 'custom',
          path: [key],
          message: text.error.issues[0]?.message ?? 'expected text',
        });
    }
    return texts;
  });

/** Annotations that say something to us. */
export const OWN_ANNOTATIONS = 'sightline.dev/';

/** The annotations that say something to us. */
export function ownAnnotations(annotations: Labels): Labels {
  if (annotations.size === 0) return NO_LABELS;
  const own = [...annotations].filter(([key]) => key.startsWith(OWN_ANNOTATIONS));
  return own.length === 0 ? NO_LABELS : new Map(own);
}

const SCRAPE = 'prometheus.io/scrape';
const SCRAPE_PORT = 'prometheus.io/port';
export const SCRAPE_ANNOTATIONS: ReadonlySet<string> = new Set([SCRAPE, SCRAPE_PORT]);

/** What its annotations say to Prometheus; nothing where they do not say that it is scraped. */
export function scrapeIn(annotations: Labels): { readonly scrape?: Scrape } {
  if (annotations.get(SCRAPE) !== 'true') return {};
  const written = Number(annotations.get(SCRAPE_PORT));
  const port = Number.isInteger(written) && written > 0 && written < 65_536 ? written : null;
  if (lastScrape.scrape.port !== port) lastScrape = { scrape: { port } };
  return lastScrape;
}

/** Of the last object: they are mostly the same. */
let lastScrape: { readonly scrape: Scrape } = { scrape: { port: null } };

const name = labelText.min(1, 'a name is needed');

const ownerReferences = z.array(
  // An API server refuses an owner without a kind; a file may leave it out.
  z.looseObject({
    kind: z.string().default('Pod'),
    name: z.string(),
    controller: orAbsent(z.boolean()),
  }),
);

export const metadata = z.looseObject({
  name,
  labels: textMap,
  annotations: textMap,
  ownerReferences: orAbsent(ownerReferences),
});

/** Absent is the namespace `default`, as for kubectl without a setting of its own. */
export const namespacedMetadata = metadata.extend({
  namespace: name.nullish().transform((namespace) => namespace ?? 'default'),
});

const ownedObject = z.looseObject({ metadata: namespacedMetadata });

interface Controlled {
  readonly namespace: string;
  readonly ownerReferences?:
    | readonly {
        readonly kind: string;
        readonly name: string;
        readonly controller?: boolean | undefined;
      }[]
    | undefined;
}

/**
 * The controller that an object belongs to, in its namespace; null when it has none. A static
 * pod's Node is not one: it would gather the pods of different workloads.
 */
export function controllerOf({ namespace, ownerReferences }: Controlled): ObjectRef | null {
  const owner = ownerReferences?.find(
    ({ controller, kind }) => controller === true && kind !== 'Node',
  );
  return owner === undefined ? null : { kind: owner.kind, namespace, name: owner.name };
}

/** What an object was parsed to, or why it could not be. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** Parses an object, or says what is wrong with the first field that is not as it should be. */
export function parseObject<T extends z.ZodType>(
  schema: T,
  kind: string,
  body: unknown,
  origin: ObjectOrigin | null,
): Parsed<z.output<T>> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const { path, message } =
    issue === undefined ? { path: [], message: 'it cannot be read' } : deepest(issue);
  return {
    ok: false,
    problem: {
      code: 'object-invalid',
      severity: 'error',
      message,
      hint: `Until it is mended, this ${kind} is left out.`,
      object: refOf(kind, body),
      path,
      origin,
    },
  };
}

/** A union's issue holds those of its members; the last member's says most. */
function deepest(issue: z.core.$ZodIssue): { path: FieldPath; message: string } {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const inner = issue.code === 'invalid_union' ? issue.errors.flat().at(-1) : undefined;
  if (inner === undefined) return { path, message: issue.message };
  const found = deepest(inner);
  return { path: [...path, ...found.path], message: found.message };
}

/** The name an object goes by, as far as it can be told from one that is not valid. */
export function refOf(kind: string, body: unknown): ObjectRef {
  const metadata = isJsonObject(body) && isJsonObject(body.metadata) ? body.metadata : {};
  const { name, namespace } = metadata;
  return {
    kind,
    namespace: typeof namespace === 'string' ? namespace : null,
    name: typeof name === 'string' ? name : '',
  };
}

/** An object that matters only for whom it belongs to: a ReplicaSet, a Job. */
export interface OwnedObject {
  /** `namespace/name` */
  readonly key: string;
  readonly controller: ObjectRef | null;
}

export function parseOwned(body: unknown, origin: ObjectOrigin | null): Parsed<OwnedObject> {
  const { kind } = isJsonObject(body) ? body : {};
  const parsed = parseObject(ownedObject, typeof kind === 'string' ? kind : 'object', body, origin);
  if (!parsed.ok) return parsed;
  const { metadata } = parsed.value;
  return {
    ok: true,
    value: {
      key: namespacedName(metadata.namespace, metadata.name),
      controller: controllerOf(metadata),
    },
  };
}

/** What controllers say of an object. */
export const statusConditions = z.array(
  z.looseObject({ type: z.string(), status: z.string(), message: orAbsent(z.string()) }),
);
