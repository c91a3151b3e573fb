import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { KubeConfigEntry } from './kubeconfig.ts';
import { KubeConfigError } from './kubeconfig-file.ts';

/** Kubeconfig writes an absent text as nothing, null or ''. */
export const text = z.string().nullish();

/** Reads an entry against its schema; a wrong one is named by kind, name and field. */
export function readEntry<Schema extends z.ZodType>(
  schema: Schema,
  entry: KubeConfigEntry,
  label: string,
): z.infer<Schema> {
  const result = schema.safeParse(entry.value ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue === undefined ? '' : issue.path.join('.');
  throw new KubeConfigError(`${label}: ${field}: ${issue?.message ?? 'unreadable'}`);
}

/** A path of an entry, which may be relative to its file. */
export function absolute(
  { directory }: KubeConfigEntry,
  path: string | null | undefined,
): string | undefined {
  if (!path) return undefined;
  return isAbsolute(path) ? path : join(directory, path);
}

/** A property that is there when the value is. */
export function present<Key extends string>(key: Key, value: string | null | undefined) {
  return (value ? { [key]: value } : {}) as { [K in Key]?: string };
}
