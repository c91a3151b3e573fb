'use client';

import { SearchX } from 'lucide-react';
import { useView } from '#components/data/use-view.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { formatNamespacesQuery } from '#lib/view/query.ts';
import type { NamespaceRow, NamespacesView } from '#lib/view/table-view.ts';
import { NamespacePanel } from './namespace-panel.tsx';

/** A namespace that the picture does not draw, as the table of all of them knows it. */
export function UndrawnNamespacePanel({
  cluster,
  namespace,
  onClose,
}: {
  readonly cluster: string;
  readonly namespace: string;
  readonly onClose: () => void;
}) {
  const query = formatNamespacesQuery({ words: namespace });
  const { data, error } = useView<NamespacesView>(cluster, `namespaces?${query}`);
  const row = data?.rows.find(({ name }) => name === namespace);
  if (row !== undefined)
    return <NamespacePanel cluster={cluster} node={asNode(row)} onClose={onClose} />;
  if (data === undefined && error === null)
    return (
      <div role="status" aria-label="The namespace is being read" className="p-4">
        <Skeleton className="h-5 w-40" />
        <Skeleton className="mt-3 h-16 w-full" />
      </div>
    );
  return (
    <EmptyState
      icon={<SearchX />}
      title={error === null ? 'It is not in this cluster' : 'The namespace could not be read'}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {error?.message}
    </EmptyState>
  );
}

function asNode({ name, workloads, ingress, egress, coverage }: NamespaceRow) {
  return {
    namespace: name,
    workloads,
    pods: coverage.pods,
    inside: 0,
    collapsed: true,
    ingress,
    egress,
  };
}
