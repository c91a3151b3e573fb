import { isJsonObject, type Json, type JsonObject } from '#lib/model/json.ts';
import type { DaemonSet, PluginConfiguration, PluginContainer } from '#lib/model/network-plugin.ts';
import type { Parsed } from './metadata.ts';

/**
 * What plugins are recognised by. Nothing here is refused: a field that is not as it should be is
 * left out, for the object says nothing about traffic by itself.
 */

function object(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function words(value: Json | undefined): readonly string[] {
  return list(value).flatMap((word) => text(word) ?? []);
}

function container(written: Json): PluginContainer {
  const { name, image, command, args, env } = object(written);
  return {
    name: text(name) ?? '',
    image: text(image) ?? '',
    words: [...words(command), ...words(args)],
    environment: new Map(
      list(env).flatMap((entry): readonly [string, string][] => {
        const variable = object(entry);
        const [key, value] = [text(variable.name), text(variable.value)];
        return key === null || value === null ? [] : [[key, value]];
      }),
    ),
  };
}

export function parseDaemonSet(body: unknown): Parsed<DaemonSet> {
  const { metadata, spec, status } = object(body);
  const { namespace, name } = object(metadata);
  const pod = object(object(object(spec).template).spec);
  const { desiredNumberScheduled, observedGeneration } = object(status);
  // Until a controller has looked at it, its status says 0.
  const isObserved = typeof observedGeneration === 'number' && observedGeneration > 0;
  return {
    ok: true,
    value: {
      namespace: text(namespace) ?? 'default',
      name: text(name) ?? '',
      hostNetwork: pod.hostNetwork === true,
      containers: list(pod.containers).map(container),
      wanted:
        isObserved && typeof desiredNumberScheduled === 'number' ? desiredNumberScheduled : null,
    },
  };
}

/** A ConfigMap's data, or the fields of a spec that are text. */
export function parsePluginConfiguration(body: unknown): Parsed<PluginConfiguration> {
  const { kind, metadata, data, spec } = object(body);
  const { namespace, name } = object(metadata);
  return {
    ok: true,
    value: {
      kind: text(kind) ?? '',
      namespace: text(namespace),
      name: text(name) ?? '',
      values: new Map(
        Object.entries(object(data ?? spec)).flatMap(([key, value]): readonly [string, string][] =>
          typeof value === 'string' ? [[key, value]] : [],
        ),
      ),
    },
  };
}
