import { z } from 'zod';
import { labelSelector } from '#lib/manifests/label-selector.ts';
import { textMap } from '#lib/manifests/metadata.ts';
import { isJsonObject } from '#lib/model/json.ts';

/**
 * Texts whose form Cilium's definition gives. Lengths first, so that no expression sees more than a
 * line; and none of them may try a text in more than one way.
 */

const MOST_LABEL = 63;
const LABEL_VALUE = /^([a-z0-9]([-\w.]*[a-z0-9])?)?$/i;

/** A LabelSelector; matchLabels with a value that no label can have are refused (CIL-24). */
export const selector = z
  .unknown()
  .superRefine((value, context) => {
    const labels = textMap.safeParse(isJsonObject(value) ? value.matchLabels : null);
    for (const [key, text] of labels.data ?? [])
      if (text.length > MOST_LABEL || !LABEL_VALUE.test(text))
        context.addIssue({
          code: 'custom',
          path: ['matchLabels', key],
          message: `${JSON.stringify(text)} is not the value of a label`,
        });
  })
  .pipe(labelSelector);

function formed(most: number, form: RegExp, what: string) {
  return z.string().refine((text) => text.length <= most && form.test(text), {
    error: (issue) => `${JSON.stringify(issue.input)} is not ${what}`,
  });
}

/** CIL-29 */
export const groupName = formed(
  253,
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  'the name of a group of CIDRs',
);

/** CIL-36 */
export const domainName = formed(255, /^[-\w]+(\.[-\w]+)*\.?$/, 'a domain name');

/** CIL-36, CIL-43 */
export const domainPattern = formed(
  255,
  /^[-\w*]+(\.[-\w*]+)*\.?$/,
  'a domain name, nor a pattern of names',
);
