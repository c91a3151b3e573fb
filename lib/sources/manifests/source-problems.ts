import { refOf } from '#lib/manifests/metadata.ts';
import type { ManifestObject } from '#lib/manifests/yaml-documents.ts';
import { refKey } from '#lib/model/object-ref.ts';
import type { ObjectOrigin, Problem } from '#lib/model/problem.ts';

/** What can be wrong with files and objects beside their fields. */

/** Errors, not warnings: what is not read may be a policy, and then the answers are wrong. */
export function fileProblem(file: string, error: unknown): Problem {
  return {
    code: 'file-unreadable',
    severity: 'error',
    message: `it cannot be read: ${systemMessage(error)}`,
    hint: null,
    object: null,
    path: [],
    origin: { file, line: 1, text: '' },
  };
}

const CAUSES: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a folder'],
  ['ELOOP', 'its links go in a circle'],
]);

/** `permission denied`, or the message of an error that is not the system's. */
export function systemMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : null;
  return CAUSES.get(code) ?? error.message;
}

export function objectProblem(
  object: ManifestObject,
  problem: Pick<Problem, 'code' | 'severity' | 'message' | 'hint'> & Partial<Pick<Problem, 'path'>>,
): Problem {
  return {
    path: [],
    ...problem,
    object: refOf(String(object.body.kind), object.body),
    origin: object.origin,
  };
}

/** `shop/web.yaml:12` */
function place({ file, line }: ObjectOrigin): string {
  return `${file}:${line}`;
}

export function duplicateProblem(
  object: ManifestObject,
  earlier: ObjectOrigin,
  same: boolean,
): Problem {
  const ref = refOf(String(object.body.kind), object.body);
  return objectProblem(object, {
    code: 'duplicate-object',
    severity: same ? 'warning' : 'error',
    message: `${refKey(ref)} is also defined at ${place(earlier)}${same ? ', in the same words' : '; this later one counts'}`,
    hint: 'Keep one of them.',
  });
}
