'use client';

import { ChevronRight, FileText } from 'lucide-react';
import { type RefObject, useEffect, useRef } from 'react';
import { Badge, type Tone } from '#components/ui/badge.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { Action } from '#lib/engine/compiled-policy.ts';
import type { ConsideredPolicy, SideAnswer } from '#lib/engine/explanation.ts';
import { policyKey, policyKindName } from '#lib/model/object-ref.ts';
import type { DocumentView } from '#lib/view/explanation-view.ts';
import { markDocument } from './document-marks.ts';
import { DocumentText } from './document-text.tsx';
import { PolicyNotes } from './policy-notes.tsx';
import { consideredPolicySentence, type SideEnds } from './reason-text.ts';
import { capitalized } from './sentence.ts';
import { Words } from './words.tsx';

/** The place of a policy on the page, for links within it; the same policy may stand on both sides. */
export function policyAnchor(direction: SideEnds['direction'], key: string): string {
  return `${direction}-${key.replace(/[^A-Za-z0-9]+/g, '-')}`;
}

interface Part {
  readonly tone: Tone;
  readonly words: string;
}

const PLAYED: Readonly<Record<Action, Part>> = {
  allow: { tone: 'positive', words: 'permits it' },
  deny: { tone: 'negative', words: 'denies it' },
  pass: { tone: 'neutral', words: 'passes it on' },
  log: { tone: 'neutral', words: 'logs it' },
};

/** What the policy did for this connection, in a word. */
function partPlayed({ rules, policy, valid }: ConsideredPolicy, { nearMiss }: SideAnswer): Part {
  if (!valid) return { tone: 'caution', words: 'not valid' };
  if (rules.some((rule) => rule.match === 'unknown' && rule.action !== 'allow'))
    return { tone: 'caution', words: 'may decide it' };
  const deciding = rules.find(
    (rule) => rule.match === 'yes' && rule.reached && rule.action !== 'log',
  );
  if (deciding !== undefined) return PLAYED[deciding.action];
  if (rules.some((rule) => rule.match === 'unknown'))
    return { tone: 'caution', words: 'may permit it' };
  if (rules.some((rule) => rule.match === 'yes'))
    return { tone: 'neutral', words: 'decided before it' };
  if (nearMiss !== null && policyKey(nearMiss.rule.policy) === policyKey(policy))
    return { tone: 'accent', words: 'closest' };
  if (rules.length === 0) return { tone: 'neutral', words: 'no rules' };
  return { tone: 'neutral', words: rules.length === 1 ? 'rule does not match' : 'no rule matches' };
}

/** Whether there is more to say than that it isolates, which the lit line and the notes say. */
function isRemarkable({ isolatedAt, rules }: ConsideredPolicy): boolean {
  return isolatedAt === null || rules.length === 0;
}

/** Opens when a link within the page, or the page's own address, leads here. */
function useOpenedByHash(anchor: string): RefObject<HTMLDetailsElement | null> {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const open = () => {
      if (window.location.hash === `#${anchor}` && details.current) details.current.open = true;
    };
    open();
    window.addEventListener('hashchange', open);
    return () => window.removeEventListener('hashchange', open);
  }, [anchor]);
  return details;
}

/** A policy that was asked on one side, with its text and what each rule answered. */
export function ConsideredPolicyCard({
  considered,
  side,
  ends,
  document,
  open,
}: {
  readonly considered: ConsideredPolicy;
  readonly side: SideAnswer;
  readonly ends: SideEnds;
  /** Undefined when its text was not kept. */
  readonly document: DocumentView | undefined;
  readonly open: boolean;
}) {
  const { policy } = considered;
  const part = partPlayed(considered, side);
  const anchor = policyAnchor(side.direction, policyKey(policy));
  const details = useOpenedByHash(anchor);
  return (
    <Panel id={anchor} className="scroll-mt-4 overflow-hidden target:border-accent">
      <details ref={details} open={open} className="group">
        <summary className="flex min-h-11 cursor-default list-none items-center gap-2 px-3 outline-offset-[-2px] hover:bg-hover [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            className="size-4 shrink-0 text-faint transition-transform duration-100 group-open:rotate-90"
          />
          <h3 className="min-w-0 flex-1 truncate">
            <span className="font-medium font-mono text-[12.5px]">{policy.name}</span>
            <span className="ml-2 text-faint text-xs">{policyKindName(policy)}</span>
          </h3>
          <Badge tone={part.tone}>{part.words}</Badge>
        </summary>
        <div className="border-line border-t">
          {isRemarkable(considered) && (
            <p className="border-line border-b px-4 py-2 text-muted text-xs">
              <Words of={capitalized(consideredPolicySentence(considered, ends))} />.
            </p>
          )}
          <PolicyNotes notes={document?.notes ?? []} />
          {document !== undefined && (
            <div>
              {document.writtenAt !== null && (
                <p className="flex items-center gap-1.5 border-line border-b bg-sunken/60 px-4 py-1 font-mono text-2xs text-muted">
                  <FileText aria-hidden className="size-3" />
                  {document.writtenAt}
                </p>
              )}
              <DocumentText
                text={document.text}
                label={`YAML of policy ${policy.name}`}
                marked={markDocument(document, considered, side)}
              />
            </div>
          )}
        </div>
      </details>
    </Panel>
  );
}
