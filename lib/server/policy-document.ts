import type { PolicyDocument } from '#lib/engine/cluster-snapshot.ts';
import { fieldFinder, toYaml } from '#lib/manifests/yaml-lines.ts';
import { isJsonObject } from '#lib/model/json.ts';
import type { DocumentText } from '#lib/view/explanation-builder.ts';

/** A policy's text, as written where that is known, else the API's object as YAML. */
export function documentText({ body, origin }: PolicyDocument): DocumentText {
  const text = origin?.text ?? (isJsonObject(body) ? toYaml(body) : JSON.stringify(body, null, 2));
  const writtenAt = origin === null ? null : `${origin.file}:${origin.line}`;
  return { text, writtenAt, lines: fieldFinder(text) };
}
