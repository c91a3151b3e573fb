'use client';

import { PolicyNotes } from '#components/explanation/policy-notes.tsx';
import { counted } from '#components/explanation/sentence.ts';
import { Badge } from '#components/ui/badge.tsx';
import { policyKey, policyKindName } from '#lib/model/object-ref.ts';
import type {
  SelectingPolicyView,
  WorkloadSideView,
  WorkloadView,
} from '#lib/view/workload-view.ts';
import { SECTION_HEADING } from './heading-levels.ts';
import type { Place } from './use-peer-query.ts';

type Direction = WorkloadSideView['direction'];

/** One policy with how many rules it has in each direction that it isolates. */
interface PolicyLine {
  readonly policy: SelectingPolicyView;
  readonly rules: ReadonlyMap<Direction, number>;
}

/** Every policy that selects the workload, once, in the order of the sides. */
export function policyLines({ ingress, egress }: WorkloadView): readonly PolicyLine[] {
  const lines = new Map<string, { policy: SelectingPolicyView; rules: Map<Direction, number> }>();
  for (const side of [ingress, egress]) {
    for (const policy of side.policies) {
      const key = policyKey(policy.policy);
      const line = lines.get(key) ?? { policy, rules: new Map() };
      line.rules.set(side.direction, policy.rules.length);
      lines.set(key, line);
    }
  }
  return [...lines.values()];
}

/** The policies that select the workload, and what of each a person may misread. */
export function PoliciesTab({
  view,
  place,
}: {
  readonly view: WorkloadView;
  readonly place: Place;
}) {
  const Heading = SECTION_HEADING[place];
  const lines = policyLines(view);
  if (lines.length === 0)
    return (
      <p className="px-4 py-4 text-muted text-sm">
        No policy selects it: everything may come in and go out.
      </p>
    );
  return (
    <ul>
      {lines.map(({ policy, rules }) => (
        <li key={policyKey(policy.policy)} className="border-line border-b">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
            <Heading className="min-w-0 flex-1 truncate">
              <span className="font-medium font-mono text-[12.5px]">{policy.policy.name}</span>
              <span className="ml-2 text-faint text-xs">{policyKindName(policy.policy)}</span>
            </Heading>
            {[...rules].map(([direction, count]) => (
              <Badge key={direction}>
                {direction}: {count === 0 ? 'permits nothing' : counted(count, 'rule')}
              </Badge>
            ))}
          </div>
          <PolicyNotes notes={policy.notes} />
        </li>
      ))}
    </ul>
  );
}
