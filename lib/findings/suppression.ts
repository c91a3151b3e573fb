import type { Labels } from '#lib/model/labels.ts';
import type { ObjectRef } from '#lib/model/object-ref.ts';
import type { Suppression } from './finding.ts';

/** Annotations by which the owner of an object, or of its namespace, accepts findings. */

const IGNORE = 'sightline.dev/ignore';
const IGNORE_REASON = 'sightline.dev/ignore-reason';

/** Whether policies are enforced at all is nobody's to wave through for one object. */
const NEVER = /^PIT-CNI-/;

/** What one object's annotations say of a check; null when they do not name it. */
export function suppressedBy(id: string, at: ObjectRef, annotations: Labels): Suppression | null {
  const named = (annotations.get(IGNORE) ?? '').split(/[\s,]+/);
  if (NEVER.test(id) || !named.includes(id)) return null;
  const reason = annotations.get(IGNORE_REASON)?.trim() ?? '';
  return { at, reason: reason === '' ? null : reason };
}
