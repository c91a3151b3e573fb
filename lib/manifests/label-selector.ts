import { z } from 'zod';
import { compareText } from '#lib/model/object-ref.ts';
import type { Requirement, Selector } from '#lib/model/selector.ts';
import { labelText, textMap } from './metadata.ts';

/** The LabelSelector of the Kubernetes API (SEL-1 … SEL-11), strict: an unknown field changes what is selected. */

const requirement = z
  .strictObject({
    key: z.string().min(1, 'a key is needed'),
    operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
    values: z.array(labelText).nullish(),
  })
  .superRefine(({ operator, values }, context) => {
    const count = values?.length ?? 0;
    const needsValues = operator === 'In' || operator === 'NotIn';
    if (needsValues && count === 0)
      context.addIssue({
        code: 'custom',
        path: ['values'],
        message: `${operator} needs at least one value`,
      });
    if (!needsValues && count > 0)
      context.addIssue({
        code: 'custom',
        path: ['values'],
        message: `${operator} takes no values`,
      });
  });

/** Parses to a Selector. Requirements are sorted, so that selectors which read differently and mean the same are equal. */
export const labelSelector = z
  .strictObject({
    matchLabels: textMap,
    matchExpressions: z.array(requirement).nullish(),
  })
  .transform(({ matchLabels, matchExpressions }): Selector => {
    const requirements: Requirement[] = [];
    for (const [key, value] of matchLabels)
      requirements.push({ key, operator: 'In', values: [value] });
    for (const { key, operator, values } of matchExpressions ?? [])
      requirements.push({ key, operator, values: [...(values ?? [])].sort() });
    return requirements.sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
  });
