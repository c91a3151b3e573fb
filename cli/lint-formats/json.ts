import { problemLine } from '#cli/problems.ts';
import { countFindings } from '#lib/findings/lint.ts';
import { refKey } from '#lib/model/object-ref.ts';
import { formatPath } from '#lib/model/problem.ts';
import { checkAnchor, type Linted } from './lint-format.ts';

/** `{"findings": […], "counts": {…}, "notRun": […], "problems": […]}`, a finding to a line. */
export function* jsonFindings({ findings, notRun, problems, placeOf }: Linted): Generator<string> {
  let separator = '\n';
  yield '{"findings":[';
  for (const finding of findings) {
    const { object, path, related, suppression, ...rest } = finding;
    const place = placeOf(finding);
    const line = {
      ...rest,
      object: refKey(object),
      group: object.group ?? null,
      path: formatPath(path),
      related: related.map(refKey),
      file: place?.file ?? null,
      line: place?.first ?? null,
      suppression:
        suppression === null ? null : { at: refKey(suppression.at), reason: suppression.reason },
      documentation: checkAnchor(finding.id),
    };
    yield `${separator}${JSON.stringify(line)}`;
    separator = ',\n';
  }
  yield `\n],\n"counts":${JSON.stringify(countFindings(findings))},\n`;
  yield `"notRun":${JSON.stringify(notRun)},\n`;
  yield `"problems":${JSON.stringify(problems.map(problemLine))}}\n`;
}
