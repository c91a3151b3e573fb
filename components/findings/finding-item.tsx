import { Link2 } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Badge } from '#components/ui/badge.tsx';
import { classes } from '#components/ui/classes.ts';
import { type ObjectRef, refKey } from '#lib/model/object-ref.ts';
import { formatPath } from '#lib/model/problem.ts';
import type { FindingView } from '#lib/view/findings-view.ts';
import { findingAnchor } from './finding-groups.ts';

/** Where an object of a finding is looked at; policies belong to their namespace's map. */
function objectPath(cluster: string, object: FindingView['object']): string {
  const map = `/c/${encodeURIComponent(cluster)}`;
  const namespace = object.kind === 'Namespace' ? object.name : object.namespace;
  if (namespace === null) return map;
  const selected =
    object.group === undefined && object.kind !== 'Namespace'
      ? `?${new URLSearchParams({ sel: refKey(object) })}`
      : '';
  return `${map}/ns/${encodeURIComponent(namespace)}${selected}`;
}

function qualified({ namespace, name }: ObjectRef): string {
  return namespace === null ? name : `${namespace}/${name}`;
}

/** One mistake: whose it is, what shows it, and what to write instead. */
export function FindingItem({
  cluster,
  finding,
  heading = null,
  isLinked = false,
}: {
  readonly cluster: string;
  readonly finding: FindingView;
  /** Stands over it, where its check is not named around it. */
  readonly heading?: ReactNode;
  /** The address names it. */
  readonly isLinked?: boolean;
}) {
  const { object, path, message, patch, writtenAt, suppression, isSuppressed } = finding;
  const anchor = findingAnchor(finding);
  return (
    <li
      id={anchor}
      aria-current={isLinked ? 'location' : undefined}
      className={classes(
        'group scroll-mt-4 border-line border-t py-2.5 pr-4 pl-11',
        isSuppressed && 'opacity-70',
        isLinked && 'bg-accent-soft',
      )}
    >
      {heading}
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <p className="min-w-0 break-words text-sm">
          <Link
            href={objectPath(cluster, object)}
            className="font-medium font-mono text-[12.5px] hover:underline"
          >
            {qualified(object)}
          </Link>
          <span className="ml-2 text-faint text-xs">{object.kind}</span>
        </p>
        {path.length > 0 && (
          <code className="break-all font-mono text-muted text-xs">{formatPath(path)}</code>
        )}
        {writtenAt !== null && <span className="break-all text-faint text-xs">{writtenAt}</span>}
        {isSuppressed && <Badge>accepted</Badge>}
        <a
          href={`#${encodeURIComponent(anchor)}`}
          aria-label={`Link to this finding about ${qualified(object)}`}
          className="ml-auto self-center rounded text-faint opacity-0 hover:text-text focus-visible:opacity-100 group-hover:opacity-100"
        >
          <Link2 aria-hidden className="size-3.5" />
        </a>
      </div>
      <p className="mt-1 max-w-prose break-words text-sm">{message}</p>
      {suppression !== null && (
        <p className="mt-1 text-muted text-xs">
          {suppression.reason === null
            ? `sightline.dev/ignore of ${qualified(suppression.at)} names it, and it counts all the same: sightline.dev/ignore-reason is missing.`
            : `Accepted by ${suppression.at.kind} ${qualified(suppression.at)}: ${suppression.reason}`}
        </p>
      )}
      {patch !== null && (
        <details className="mt-2">
          <summary className="w-fit cursor-pointer text-accent-text text-xs hover:underline">
            What to write
          </summary>
          <pre className="mt-1.5 overflow-x-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs">
            {patch}
          </pre>
        </details>
      )}
    </li>
  );
}
