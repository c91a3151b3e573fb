'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import {
  openCount,
  useWorkloadFindings,
  WorkloadFindings,
} from '#components/findings/workload-findings.tsx';
import { Tab, TabPanel, Tabs, TabsList } from '#components/ui/tabs.tsx';
import type { WorkloadView } from '#lib/view/workload-view.ts';
import { PodsTab } from './pods-tab.tsx';
import { PoliciesTab, policyLines } from './policies-tab.tsx';
import { SideTab } from './side-tab.tsx';
import type { Place } from './use-peer-query.ts';
import { podTotal } from './workload-header.tsx';

const TABS = ['ingress', 'egress', 'policies', 'findings', 'pods'] as const;

/** What may come in and go out of a workload, and why; the open tab stands in the URL. */
export function WorkloadTabs({
  view,
  place,
  className,
}: {
  readonly view: WorkloadView;
  readonly place: Place;
  readonly className?: string;
}) {
  const [tab, setTab] = useQueryState(
    'tab',
    parseAsStringLiteral(TABS).withDefault('ingress').withOptions({ history: 'push' }),
  );
  const findings = useWorkloadFindings(view);
  const choose = (value: string) => {
    const chosen = TABS.find((each) => each === value);
    if (chosen !== undefined) void setTab(chosen);
  };
  return (
    <Tabs value={tab} onValueChange={choose} {...(className === undefined ? {} : { className })}>
      <TabsList aria-label="About this workload">
        <Tab value="ingress" count={view.ingress.peerCounts.all}>
          Ingress
        </Tab>
        <Tab value="egress" count={view.egress.peerCounts.all}>
          Egress
        </Tab>
        <Tab value="policies" count={policyLines(view).length}>
          Policies
        </Tab>
        <Tab value="findings" {...(findings === null ? {} : { count: openCount(findings) })}>
          Findings
        </Tab>
        {view.owner === null && (
          <Tab value="pods" count={podTotal(view.pods)}>
            Pods
          </Tab>
        )}
      </TabsList>
      <TabPanel value="ingress">
        <SideTab view={view} side={view.ingress} place={place} />
      </TabPanel>
      <TabPanel value="egress">
        <SideTab view={view} side={view.egress} place={place} />
      </TabPanel>
      <TabPanel value="policies">
        <PoliciesTab view={view} place={place} />
      </TabPanel>
      <TabPanel value="findings">
        <WorkloadFindings cluster={view.cluster} findings={findings} />
      </TabPanel>
      <TabPanel value="pods">
        <PodsTab view={view} />
      </TabPanel>
    </Tabs>
  );
}
