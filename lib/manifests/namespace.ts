import { z } from 'zod';
import type { Namespace } from '#lib/model/cluster.ts';
import { NAMESPACE_NAME_LABEL } from '#lib/model/labels.ts';
import type { ObjectOrigin } from '#lib/model/problem.ts';
import { metadata, ownAnnotations, type Parsed, parseObject } from './metadata.ts';

const namespaceObject = z.looseObject({ metadata });

export function parseNamespace(body: unknown, origin: ObjectOrigin | null): Parsed<Namespace> {
  const parsed = parseObject(namespaceObject, 'Namespace', body, origin);
  if (!parsed.ok) return parsed;
  const { name, labels, annotations } = parsed.value.metadata;
  return {
    ok: true,
    value: {
      name,
      // The API server sets it on write, over whatever a file says (SEL-12).
      labels: new Map([...labels, [NAMESPACE_NAME_LABEL, name]]),
      declared: true,
      labelsKnown: true,
      annotations: ownAnnotations(annotations),
    },
  };
}
