import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/model/json.ts';
import { type Resource, resourceName } from '#lib/model/resource.ts';
import { apiVersion, listPath } from '#lib/sources/kubernetes-api/resource-path.ts';
import { type ApiServer, startApiServer } from '#test/kube-apiserver/api-server.ts';
import { install, isDefined, SERVED_FORMS } from './definitions.ts';
import { apply, namespace } from './objects.ts';
import type { ValidationCase } from './validation-case.ts';
import { VALIDATION_CASES } from './validation-cases.ts';

/** What a kind's own definition lets the API server store is what is understood here, and the reverse. */

const isBuiltIn = ({ group }: Resource) => group === 'networking.k8s.io';
/** Without the folder of definitions only the API server's own kind. */
const KINDS = SERVED_FORMS.filter(({ resource }) => isBuiltIn(resource) || isDefined(resource));

let server: ApiServer;
beforeAll(async () => {
  server = await startApiServer();
  await apply(server.call, namespace('shop'));
  for (const { resource } of KINDS) if (!isBuiltIn(resource)) await install(server.call, resource);
});
afterAll(() => server.stop());

/** Asked in earnest but stored nowhere; fields that are not known are refused. */
async function isStored(list: string, body: JsonObject): Promise<boolean> {
  try {
    await server.call('POST', `${list}?dryRun=All&fieldValidation=Strict`, body);
    return true;
  } catch (error) {
    if (/: (400|422) /.test(String(error))) return false;
    throw error;
  }
}

describe.each(KINDS.map((kind) => [resourceName(kind.resource), kind] as const))(
  '%s',
  (name, { resource, compile }) => {
    const cases: readonly ValidationCase[] = VALIDATION_CASES[name] ?? [];

    test('has cases', () => expect(cases).not.toEqual([]));

    test.each(cases.map((each) => [each.says, each] as const))('%s', async (_, each) => {
      const list = listPath(resource, resource.namespaced ? 'shop' : null);
      const body: JsonObject = {
        apiVersion: apiVersion(resource),
        kind: resource.kind,
        metadata: {
          name: each.name ?? 'default',
          ...(resource.namespaced && { namespace: 'shop' }),
        },
        spec: each.spec,
      };
      const stored = await isStored(list, body);
      const understood = !compile(body).problems.some(({ severity }) => severity === 'error');
      expect({ understood }).toEqual({ understood: each.differs === undefined ? stored : !stored });
    });
  },
);
