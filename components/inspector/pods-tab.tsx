'use client';

import Link from 'next/link';
import { workloadPath } from '#components/explanation/endpoint-question.ts';
import { counted } from '#components/explanation/sentence.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Table, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { PodLine, WorkloadView } from '#lib/view/workload-view.ts';

function Pod({ pod, href }: { readonly pod: PodLine; readonly href: string }) {
  const { name, phase, finished, addresses, node, hostNetwork, replicas } = pod;
  // Read from manifests: nothing runs yet.
  const isTemplate = phase === 'Unknown' && node === null;
  return (
    <TableRow>
      <TableCell className="max-w-64 py-1.5">
        {/* A finished pod has no connections, and so no page. */}
        {finished ? (
          <span className="block truncate text-muted">{name}</span>
        ) : (
          <Link href={href} className="block truncate font-medium hover:underline" title={name}>
            {name}
          </Link>
        )}
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted">
        {isTemplate ? `template of ${counted(replicas, 'pod')}` : phase}
        {hostNetwork && (
          <Badge tone="caution" className="ml-2">
            host network
          </Badge>
        )}
      </TableCell>
      <TableCell className="font-mono text-xs">{addresses.join(', ') || '–'}</TableCell>
      <TableCell className="text-muted">{node ?? '–'}</TableCell>
    </TableRow>
  );
}

/** The workload's pods: where they run, and under which addresses. */
export function PodsTab({ view }: { readonly view: WorkloadView }) {
  return (
    <div className="overflow-x-auto">
      <Table>
        <caption className="sr-only">Pods</caption>
        <TableHead>
          <tr>
            <TableHeader>Pod</TableHeader>
            <TableHeader>Phase</TableHeader>
            <TableHeader>Addresses</TableHeader>
            <TableHeader>Node</TableHeader>
          </tr>
        </TableHead>
        <tbody>
          {view.pods.map((pod) => (
            <Pod
              key={pod.name}
              pod={pod}
              href={workloadPath(view.cluster, { ...pod, kind: 'Pod' })}
            />
          ))}
        </tbody>
      </Table>
    </div>
  );
}
