import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { JsonObject } from '#lib/model/json.ts';
import { resourceName } from '#lib/model/resource.ts';
import type { GeneratedCluster } from './generated-cluster.ts';
import type { PodForm } from './pod-body.ts';

export interface ManifestOptions {
  readonly form: PodForm;
  /** json: a List in each file, as kubectl writes them. */
  readonly format: 'yaml' | 'json';
}

/** Files of a size that every tool reads. */
const OBJECTS_PER_FILE = 1000;

/** As Kubernetes reads it: `yes` is no text there unless it is quoted. */
const YAML = { version: '1.1', lineWidth: 0 } as const;

function textOf(objects: readonly JsonObject[], format: ManifestOptions['format']): string {
  return format === 'json'
    ? JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }, null, 4)
    : objects.map((object) => stringify(object, YAML)).join('---\n');
}

/** Writes a cluster into a folder, which is made where it is not there; gives the number of files. */
export function writeManifests(
  cluster: GeneratedCluster,
  folder: string,
  { form, format }: ManifestOptions,
): number {
  mkdirSync(folder, { recursive: true });
  let files = 0;
  for (const resource of cluster.resources) {
    const name = resourceName(resource);
    let pending: JsonObject[] = [];
    let part = 0;
    const write = () => {
      if (pending.length === 0) return;
      part += 1;
      files += 1;
      const file = `${name}-${String(part).padStart(4, '0')}.${format}`;
      writeFileSync(join(folder, file), textOf(pending, format));
      pending = [];
    };
    for (const object of cluster.objects(resource, form)) {
      pending.push(object);
      if (pending.length === OBJECTS_PER_FILE) write();
    }
    write();
  }
  return files;
}
