import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { RESOURCES_READ } from '#lib/snapshot/resources-read.ts';

interface ClusterRole {
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

const role = parse(
  readFileSync(new URL('../../deploy/rbac.yaml', import.meta.url), 'utf8'),
) as ClusterRole;

/** The rule for objects of one name does not give the others. */
function named(group: string, plural: string, only: string | undefined): string {
  return `${plural}.${group}${only === undefined ? '' : `/${only}`}`;
}

describe('deploy/rbac.yaml', () => {
  it('grants exactly the resources that are read', () => {
    const granted = role.rules.flatMap(({ apiGroups, resources, resourceNames = [undefined] }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((plural) => resourceNames.map((only) => named(group, plural, only))),
      ),
    );
    const read = RESOURCES_READ.map(({ plural, group, only }) => named(group, plural, only));
    expect(granted.sort()).toEqual(read.sort());
  });

  it('grants no verb that writes', () => {
    const verbs = new Set(role.rules.flatMap((rule) => rule.verbs));
    expect([...verbs].sort()).toEqual(['get', 'list', 'watch']);
  });
});
