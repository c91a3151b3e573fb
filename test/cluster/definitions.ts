import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { JsonObject } from '#lib/model/json.ts';
import type { Resource } from '#lib/model/resource.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { groupPath } from '#lib/sources/kubernetes-api/resource-path.ts';
import type { ApiServer } from '#test/kube-apiserver/api-server.ts';

/** The projects' own definitions of their kinds, from a folder of manifests beside the project. */

const FOLDER = process.env.SIGHTLINE_CRDS;
const PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const definition = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ plural: z.string() }),
    versions: z.array(z.looseObject({ name: z.string() })),
  }),
});
type Definition = z.output<typeof definition>;

/** None when the folder was not named; the tests are skipped then, and say so. */
export const DEFINITIONS: readonly Definition[] = FOLDER === undefined ? [] : readAll(FOLDER);

function readAll(folder: string): readonly Definition[] {
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  return texts.flatMap((text) =>
    parseAllDocuments(text).map((document) => definition.parse(document.toJS())),
  );
}

function defines({ spec }: Definition, { group, plural, version }: Resource): boolean {
  return (
    spec.group === group &&
    spec.names.plural === plural &&
    spec.versions.some(({ name }) => name === version)
  );
}

/** Every form in which a kind that is evaluated may be served. */
export const SERVED_FORMS = POLICY_KINDS.flatMap(({ resource, compile, alsoServedAs = [] }) => [
  { resource, compile },
  ...alsoServedAs,
]);

/** Whether the folder defines a resource. */
export function isDefined(resource: Resource): boolean {
  return DEFINITIONS.some((each) => defines(each, resource));
}

function definitionOf(resource: Resource): Definition {
  const found = DEFINITIONS.find((each) => defines(each, resource));
  if (found === undefined) throw new Error(`no definition of ${resource.plural}`);
  return found;
}

/** Installs a kind, and returns once the API server serves it. */
export async function install(call: ApiServer['call'], resource: Resource): Promise<void> {
  await call('POST', PATH, definitionOf(resource));
  const path = groupPath(resource);
  for (;;) {
    const served = await call('GET', path).catch(() => null);
    const names = (served?.resources ?? []) as readonly JsonObject[];
    if (names.some(({ name }) => name === resource.plural)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Removes a kind and all its objects. */
export async function uninstall(call: ApiServer['call'], resource: Resource): Promise<void> {
  await call('DELETE', `${PATH}/${definitionOf(resource).metadata.name}`);
}
