'use client';

import { useConnection } from '#components/data/cluster-events.tsx';
import { pluginTitle } from '#components/explanation/plugin-text.ts';
import { Button } from '#components/ui/button.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '#components/ui/popover.tsx';
import type { ClusterSummary, ResourceStatus } from '#lib/view/cluster-view.ts';
import { countText, numberText } from './count-text.ts';
import { FreshnessSign } from './freshness-sign.tsx';
import { freshnessText, originText } from './freshness-text.ts';
import { PluginEvidence } from './plugin-banner.tsx';
import { ProblemList } from './problem-list.tsx';
import { sentenceText } from './sentence-text.ts';

/** How current the page is; opens what was read, what could not be, and what was not understood. */
export function FreshnessIndicator({ summary }: { readonly summary: ClusterSummary }) {
  const { tone, word, sentence } = freshnessText(summary, useConnection());
  const { resources, gaps, problems, plugin } = summary;
  const wrong = gaps.length + problems.length;
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="quiet" size="sm" aria-label={`Data: ${word}`}>
          <FreshnessSign tone={tone} />
          <span className="max-md:sr-only">{word}</span>
          {wrong > 0 && (
            <span className="rounded bg-caution-soft px-1 text-2xs text-caution tabular-nums">
              {countText(wrong, 'note')}
            </span>
          )}
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label="Data" className="w-[27rem]">
        <div className="border-line border-b px-4 py-3">
          <p className="flex items-center gap-2 font-medium">
            <FreshnessSign tone={tone} />
            {word}
          </p>
          <p className="mt-0.5 text-muted text-xs">{sentence}</p>
          <p className="mt-1.5 break-words text-muted text-xs">{originText(summary)}</p>
          {plugin !== null && (
            <details className="mt-1 text-muted text-xs">
              <summary className="cursor-pointer">Network plugin: {pluginTitle(plugin)}</summary>
              <PluginEvidence plugin={plugin} />
            </details>
          )}
        </div>
        <ul aria-label="Resources" className="px-4 py-2">
          {resources.map((resource) => (
            <ResourceLine key={resource.resource} {...resource} />
          ))}
        </ul>
        {gaps.length > 0 && (
          <section className="border-line border-t px-4 py-2.5">
            <h3 className="font-medium text-xs">Not readable</h3>
            {gaps.map((gap) => (
              <p key={gap.resource} className="mt-1 text-muted text-xs">
                <code className="text-text">{gap.resource}</code> {sentenceText(gap.message)}
              </p>
            ))}
          </section>
        )}
        {problems.length > 0 && (
          <section className="border-line border-t px-4 py-2.5">
            <h3 className="mb-1 font-medium text-xs">Not understood</h3>
            <ProblemList problems={problems} />
          </section>
        )}
      </PopoverContent>
    </Popover>
  );
}

const STATUS_TONE: Readonly<Record<ResourceStatus['status'], string>> = {
  live: 'text-positive',
  syncing: 'text-accent-text',
  stale: 'text-caution',
  forbidden: 'text-caution',
  failed: 'text-negative',
  'not-installed': 'text-faint',
};

function ResourceLine({ resource, status, objects, expected, message }: ResourceStatus) {
  return (
    <li className="py-0.5 text-xs">
      <div className="flex items-baseline gap-3">
        <code className="min-w-0 flex-1 truncate">{resource}</code>
        <span className="text-muted tabular-nums">
          {numberText(objects)}
          {expected !== null && expected > objects && ` of ${numberText(expected)}`}
        </span>
        <span className={`w-16 text-right ${STATUS_TONE[status]}`}>{status.replace('-', ' ')}</span>
      </div>
      {message !== null && <p className="break-words text-faint">{message}</p>}
    </li>
  );
}
