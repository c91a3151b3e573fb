import type { NamespaceMatch, PeerMatch, PodMatch } from '#lib/engine/compiled-policy.ts';
import { formatRangeShort } from '#lib/model/ip-address.ts';
import { formatSelector } from '#lib/model/selector.ts';

/** Whom rules mean, in a few words, for those that are put together from several parts. */

function namespacesText(match: NamespaceMatch): string {
  switch (match.kind) {
    case 'named':
      return ` of namespace ${match.name}`;
    case 'labelled':
      return match.selector.length === 0
        ? ' of every namespace'
        : ` of namespaces ${formatSelector(match.selector)}`;
    case 'anywhere':
      return '';
    case 'nowhere':
      return ' of no namespace';
  }
}

function joined(parts: readonly string[], word: 'and' | 'or', nothing: string): string {
  const [only, ...others] = parts;
  if (only === undefined) return nothing;
  return others.length === 0 ? only : `(${parts.join(` ${word} `)})`;
}

export function podsText(match: PodMatch): string {
  switch (match.kind) {
    case 'labelled': {
      const { pods, namespaces, serviceAccounts } = match;
      const labels = pods.length === 0 ? 'all pods' : `pods ${formatSelector(pods)}`;
      const accounts =
        serviceAccounts === undefined
          ? ''
          : ` with service account ${serviceAccounts.join(' or ') || '(none)'}`;
      return `${labels}${namespacesText(namespaces)}${accounts}`;
    }
    case 'all-of':
      return joined(match.of.map(podsText), 'and', 'all pods');
    case 'any-of':
      return joined(match.of.map(podsText), 'or', 'no pods');
    case 'not':
      return `not ${podsText(match.of)}`;
  }
}

function nodesText({ selector, locality }: Extract<PeerMatch, { kind: 'nodes' }>): string {
  const nodes = selector.length === 0 ? 'nodes' : `nodes ${formatSelector(selector)}`;
  switch (locality) {
    case 'local':
      return selector.length === 0 ? 'the pod’s own node' : `the pod’s own node, of ${nodes}`;
    case 'remote':
      return `other ${nodes}`;
    default:
      return selector.length === 0 ? 'every node' : nodes;
  }
}

/** `10.0.0.0/8 and not pods app=web of every namespace` */
export function peerText(match: PeerMatch): string {
  switch (match.kind) {
    case 'anyone':
      return 'every pod, node and address';
    case 'pods':
      return podsText(match.match);
    case 'addresses': {
      const except = match.except.map(formatRangeShort).join(', ');
      const block = formatRangeShort(match.block);
      return except === '' ? block : `${block} except ${except}`;
    }
    case 'outside':
      return match.family === undefined
        ? 'every address outside the cluster'
        : `every IPv${match.family} address outside the cluster`;
    case 'nodes':
      return nodesText(match);
    case 'domain-names':
      return match.names.join(', ');
    case 'address-sets':
      return 'named' in match.which
        ? `the addresses of ${match.which.named}`
        : `sets of addresses like ${podsText(match.which.matching)}`;
    case 'services':
      return `what is behind Service ${match.namespace ?? 'any namespace'}/${match.name ?? formatSelector(match.selector ?? [])}`;
    case 'api-server':
      return 'the API server';
    case 'all-of':
      return joined(match.of.map(peerText), 'and', 'everybody');
    case 'any-of':
      return joined(match.of.map(peerText), 'or', 'nobody');
    case 'not':
      return `not ${peerText(match.of)}`;
    case 'not-understood':
      return `something that is not understood (${match.message})`;
  }
}
