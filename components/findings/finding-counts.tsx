'use client';

import Link from 'next/link';
import { useView } from '#components/data/use-view.ts';
import { classes } from '#components/ui/classes.ts';
import type { FindingsView } from '#lib/view/findings-view.ts';
import { formatFindingsQuery } from '#lib/view/query.ts';
import { SEVERITY } from './severity-sign.tsx';

const SHOWN = ['error', 'warning'] as const;

/** How many mistakes there are, as a link to them; nothing before it is known. */
export function FindingCounts({
  cluster,
  namespace,
}: {
  readonly cluster: string;
  readonly namespace: string | null;
}) {
  const query = formatFindingsQuery({ namespace, limit: 0 });
  const { data } = useView<FindingsView>(cluster, `findings?${query}`, { keepPrevious: true });
  if (data === undefined) return null;
  const scope = namespace === null ? '' : `?${new URLSearchParams({ namespace })}`;
  return (
    <Link
      href={`/c/${encodeURIComponent(cluster)}/findings${scope}`}
      aria-label={`Findings: ${SHOWN.map((each) => `${data.counts[each]} ${SEVERITY[each].plural}`).join(', ')}`}
      className="flex items-center gap-2.5 whitespace-nowrap rounded text-muted text-xs hover:text-text"
    >
      {SHOWN.map((each) => {
        const { icon: Icon, look } = SEVERITY[each];
        const count = data.counts[each];
        return (
          <span key={each} className="flex items-center gap-1 tabular-nums">
            <Icon aria-hidden className={classes('size-3.5', count > 0 && look)} />
            {count}
          </span>
        );
      })}
    </Link>
  );
}
