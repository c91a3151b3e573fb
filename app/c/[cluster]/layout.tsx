import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { AppHeader } from '#components/shell/app-header.tsx';
import { application, NotFound } from '#lib/server/application.ts';

interface Props {
  readonly params: Promise<{ readonly cluster: string }>;
  readonly children: ReactNode;
}

/** Every page of a cluster: asking for it starts reading it. */
export default async function ClusterLayout({ params, children }: Props) {
  const cluster = decodeURIComponent((await params).cluster);
  try {
    application().cluster(cluster);
  } catch (error) {
    if (error instanceof NotFound) notFound();
    throw error;
  }
  return (
    <div className="flex h-dvh flex-col">
      <AppHeader cluster={cluster} />
      <div className="min-h-0 flex-1">{children}</div>
    </div>
  );
}
