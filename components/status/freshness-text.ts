import type { Connection } from '#components/data/cluster-events.tsx';
import type { ClusterSummary, Freshness } from '#lib/view/cluster-view.ts';
import { numberText } from './count-text.ts';
import { sentenceText } from './sentence-text.ts';
import { clockText } from './time-text.ts';

/** How current what is shown is: one word for the header, one sentence for those who ask. */
export interface FreshnessText {
  readonly tone: 'idle' | 'live' | 'waiting' | 'caution' | 'failed';
  readonly word: string;
  readonly sentence: string;
}

type Syncing = Extract<Freshness, { status: 'syncing' }>;

/** `connection` is this page's to the Sightline server; without it nothing else is known to be current. */
export function freshnessText(summary: ClusterSummary, connection: Connection): FreshnessText {
  if (connection === 'lost') {
    return {
      tone: 'failed',
      word: 'Disconnected',
      sentence: 'The Sightline server does not answer. What is shown may be old; trying again.',
    };
  }
  const { freshness, readAt, origin } = summary;
  switch (freshness.status) {
    case 'live':
      return origin.kind === 'manifests'
        ? { tone: 'live', word: 'Manifests', sentence: `Read from ${origin.path}${at(readAt)}.` }
        : { tone: 'live', word: 'Live', sentence: `Changes arrive as they happen${last(readAt)}.` };
    case 'syncing':
      // A cluster is read from when somebody first looks, so this is most often one nobody opened.
      if (freshness.objects === 0) {
        return { tone: 'idle', word: 'Not read yet', sentence: 'Nothing of it was read yet.' };
      }
      return { tone: 'waiting', word: 'Syncing', sentence: `${progressText(freshness)}.` };
    case 'stale':
      return {
        tone: 'caution',
        word: `Stale since ${clockText(freshness.since)}`,
        sentence: `The last state read is shown. ${sentenceText(freshness.cause)}`,
      };
    case 'unreachable':
      return {
        tone: 'failed',
        word: 'Unreachable',
        sentence: `${sentenceText(freshness.cause)} Retrying, attempt ${freshness.attempt}.`,
      };
  }
}

/** How far the first reading came, as a clause. */
export function progressText({ phase, objects, expected }: Syncing): string {
  const read = numberText(objects);
  if (phase === 'analysing') return `Working out who can connect, from ${read} objects`;
  return expected === null || expected <= objects
    ? `Reading the cluster: ${read} objects so far`
    : `Reading the cluster: ${read} of ${numberText(expected)} objects`;
}

function at(readAt: string | null): string {
  return readAt === null ? '' : ` at ${clockText(readAt)}`;
}

function last(readAt: string | null): string {
  return readAt === null ? '' : `; the last was read at ${clockText(readAt)}`;
}

/** Where a cluster's objects come from: `kind-dev at https://127.0.0.1:6443`. */
export function originText({ origin }: ClusterSummary): string {
  switch (origin.kind) {
    case 'kubernetes-api':
      return `${origin.context} at ${origin.server}`;
    case 'manifests':
      return `manifests in ${origin.path}`;
    case 'demo':
      return 'embedded demo';
  }
}
