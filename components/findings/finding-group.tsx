import { Badge } from '#components/ui/badge.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { type FindingGroup, findingAnchor } from './finding-groups.ts';
import { FindingItem } from './finding-item.tsx';
import { SeveritySign } from './severity-sign.tsx';

/** All that one check found, with what the check is about. */
export function FindingGroupPanel({
  cluster,
  group,
  linked,
}: {
  readonly cluster: string;
  readonly group: FindingGroup;
  /** The anchor that the address names. */
  readonly linked: string;
}) {
  const { check, severity, findings } = group;
  return (
    <Panel className="overflow-hidden">
      <section aria-label={check.title}>
        <div className="flex items-start gap-3 px-4 py-3">
          <span className="mt-0.5">
            <SeveritySign severity={severity} />
          </span>
          <div className="min-w-0 flex-1">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <h2 className="font-semibold text-sm">{check.title}</h2>
              <Badge className="font-mono">{check.id}</Badge>
              <span className="text-faint text-xs tabular-nums">{findings.length}</span>
            </div>
            <p className="mt-1 max-w-prose text-muted text-sm">{check.scenario}</p>
            <p className="mt-1 max-w-prose text-sm">
              <span className="font-medium">Fix</span> {check.fix}
            </p>
            <details className="mt-1">
              <summary className="w-fit cursor-pointer text-muted text-xs hover:text-text">
                When it is reported
              </summary>
              <p className="mt-1 max-w-prose text-muted text-xs">
                {check.evidence}
                {check.rules.length > 0 && ` Rules: ${check.rules.join(', ')}.`}
              </p>
            </details>
          </div>
        </div>
        <ul>
          {findings.map((finding, index) => (
            <FindingItem
              // biome-ignore lint/suspicious/noArrayIndexKey: two findings may agree in all that is shown.
              key={`${finding.id} ${index}`}
              cluster={cluster}
              finding={finding}
              isLinked={findingAnchor(finding) === linked}
            />
          ))}
        </ul>
      </section>
    </Panel>
  );
}
