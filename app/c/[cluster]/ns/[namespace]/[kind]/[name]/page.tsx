import type { Metadata } from 'next';
import { WorkloadPage } from '#components/inspector/workload-page.tsx';

interface Props {
  readonly params: Promise<{
    readonly cluster: string;
    readonly namespace: string;
    readonly kind: string;
    readonly name: string;
  }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { namespace, name } = await params;
  return { title: `${namespace}/${name}` };
}

export default async function Page({ params }: Props) {
  const { cluster, ...workload } = await params;
  return <WorkloadPage cluster={cluster} workload={workload} />;
}
