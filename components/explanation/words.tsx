'use client';

import Link from 'next/link';
import { createContext, Fragment, type ReactNode, useContext } from 'react';
import type { PolicyRef } from '#lib/model/object-ref.ts';
import type { EndpointView } from '#lib/view/workload-view.ts';
import type { Sentence, Fragment as SentencePart } from './sentence.ts';

/** Where the names in a sentence lead on this page; null leaves a name without a link. */
export interface ReferenceLinks {
  readonly policy: (policy: PolicyRef) => string | null;
  readonly endpoint: (endpoint: EndpointView) => string | null;
}

export const ReferenceLinksContext = createContext<ReferenceLinks>({
  policy: () => null,
  endpoint: () => null,
});

function Reference({
  href,
  children,
}: {
  readonly href: string | null;
  readonly children: string;
}) {
  if (href === null) return <span className="font-medium text-text">{children}</span>;
  const look =
    'rounded-sm font-medium text-text underline decoration-line-strong underline-offset-2 hover:decoration-current';
  // Within the page the browser's own way: it tells everybody that the hash changed.
  return href.startsWith('#') ? (
    <a href={href} className={look}>
      {children}
    </a>
  ) : (
    <Link href={href} className={look}>
      {children}
    </Link>
  );
}

/** Breaks behind separators first, where a person would break it. */
function Typed({ text }: { readonly text: string }) {
  return text.split(/(?<=[=,/])/).map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other name
    <Fragment key={i}>
      {i > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

function FragmentWords({
  fragment,
  links,
}: {
  readonly fragment: SentencePart;
  readonly links: ReferenceLinks;
}): ReactNode {
  switch (fragment.kind) {
    case 'text':
      return fragment.text;
    case 'code':
      return (
        <code className="rounded bg-sunken box-decoration-clone px-1 py-px font-mono text-[0.92em] text-text [overflow-wrap:anywhere]">
          <Typed text={fragment.text} />
        </code>
      );
    case 'policy':
      return <Reference href={links.policy(fragment.policy)}>{fragment.text}</Reference>;
    case 'rule':
      return fragment.text;
    case 'endpoint':
      return <Reference href={links.endpoint(fragment.endpoint)}>{fragment.text}</Reference>;
  }
}

/** A sentence with the things it names linked. */
export function Words({ of }: { readonly of: Sentence }) {
  const links = useContext(ReferenceLinksContext);
  return of.map((fragment, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the fragments of a sentence have no other name
    <FragmentWords key={i} fragment={fragment} links={links} />
  ));
}
