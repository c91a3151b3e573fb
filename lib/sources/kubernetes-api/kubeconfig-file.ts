import { readFileSync, statSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';

/** A kubeconfig that cannot be used; the message names the file and the entry, never a credential. */
export class KubeConfigError extends Error {
  override readonly name: string = 'KubeConfigError';
}

/** There is none in any of the usual places, and nobody named one. */
export class NoKubeConfig extends KubeConfigError {
  override readonly name = 'NoKubeConfig';
}

const LARGEST_FILE = 5 * 1024 * 1024;

/** Entries are checked when a context asks for them: a broken one must not hide the others. */
const name = z.string().min(1);
const listOf = <Entry extends z.ZodType>(entry: Entry) =>
  z
    .array(entry)
    .nullish()
    .transform((list) => list ?? []);

const fileSchema = z.looseObject({
  kind: z.literal('Config').nullish(),
  'current-context': z.string().nullish(),
  clusters: listOf(z.looseObject({ name, cluster: z.unknown() })),
  contexts: listOf(z.looseObject({ name, context: z.unknown() })),
  users: listOf(z.looseObject({ name, user: z.unknown() })),
});

type KubeConfigContent = z.infer<typeof fileSchema>;

const EMPTY: KubeConfigContent = { clusters: [], contexts: [], users: [] };

export interface KubeConfigFile {
  readonly path: string;
  readonly content: KubeConfigContent;
  readonly empty: boolean;
  readonly warnings: readonly string[];
}

/** Null when there is no such file. Throws a KubeConfigError for anything else that is wrong. */
export function readKubeConfigFile(path: string): KubeConfigFile | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (!stat.isFile()) throw new KubeConfigError(`kubeconfig is not a regular file: ${path}`);
  if (stat.size > LARGEST_FILE) throw new KubeConfigError(`kubeconfig is over 5 MiB: ${path}`);
  const warnings: string[] = [];
  if (process.platform !== 'win32' && (stat.mode & 0o022) !== 0) {
    warnings.push(`${path} can be written by other users, who could run commands as you`);
  }
  const content = parse(path, readText(path));
  return { path, content: content ?? EMPTY, empty: content === null, warnings };
}

/** A short text that differs when the file was written again; empty when it is not there. */
export function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino}:${stat.mtimeMs}:${stat.size}`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown reason';
    throw new KubeConfigError(`cannot read kubeconfig ${path}: ${code}`);
  }
}

/** Null when nothing is written in it. */
function parse(path: string, text: string): KubeConfigContent | null {
  // prettyErrors would quote the line, and the line may hold a token
  const document = parseDocument(text, { version: '1.1', prettyErrors: false, uniqueKeys: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    throw new KubeConfigError(`kubeconfig is not valid YAML: ${path} line ${line}: ${error.code}`);
  }
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (value === null || value === undefined) return null;
  const result = fileSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new KubeConfigError(`not a kubeconfig: ${path}${place}: ${issue?.message ?? 'unreadable'}`);
}
