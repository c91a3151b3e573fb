import Link from 'next/link';
import { Notice } from '#components/ui/notice.tsx';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { countText } from './count-text.ts';
import { PluginBanner } from './plugin-banner.tsx';
import { sentenceText } from './sentence-text.ts';
import { clockText } from './time-text.ts';

/** What limits the answers on this page, said before anybody relies on them. */
export function ClusterBanners({ summary }: { readonly summary: ClusterSummary }) {
  const { freshness, gaps, problems, plugin, revision } = summary;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return (
    <>
      {freshness.status === 'unreachable' && revision > 0 && (
        <Notice tone="negative">
          {sentenceText(freshness.cause)} Retrying, attempt {freshness.attempt}. <DemoLink />
        </Notice>
      )}
      {freshness.status === 'stale' && (
        <Notice tone="caution">
          Stale since {clockText(freshness.since)}: the last state read is shown.{' '}
          {sentenceText(freshness.cause)}
        </Notice>
      )}
      {plugin !== null && <PluginBanner plugin={plugin} />}
      {gaps.map((gap) => (
        <Notice key={gap.resource} tone="caution">
          <code>{gap.resource}</code> {GAP_WORDS[gap.cause]}: {AFFECTED[gap.affects]}{' '}
          <span className="text-muted">{sentenceText(gap.message)}</span>
        </Notice>
      ))}
      {errors > 0 && (
        <Notice tone="caution">
          {countText(errors, 'object')} could not be understood, and what{' '}
          {errors === 1 ? 'it' : 'they'} would decide is unknown. The data indicator above lists{' '}
          {errors === 1 ? 'it' : 'them'}.
        </Notice>
      )}
    </>
  );
}

type Gap = ClusterSummary['gaps'][number];

const GAP_WORDS: Readonly<Record<Gap['cause'], string>> = {
  forbidden: 'may not be read',
  failed: 'cannot be read',
  syncing: 'is still being read',
  'not-evaluated': 'is not evaluated',
};

const AFFECTED: Readonly<Record<Gap['affects'], string>> = {
  policies: 'verdicts that it may decide are unknown.',
  'further-policies': 'what policies let through may still be stopped by it.',
  'further-egress': 'what policies let out of the cluster may still be stopped by it.',
  pods: 'pods are missing from the picture.',
  namespaces: 'rules that select namespaces by label are unknown.',
  context: 'verdicts stand, some details are missing.',
};

/** The way out while a cluster cannot be reached. */
export function DemoLink() {
  return (
    <Link href="/c/demo" className="font-medium text-accent-text underline underline-offset-2">
      Look at the demo meanwhile
    </Link>
  );
}
