import type { Metadata } from 'next';
import { FindingsPage } from '#components/findings/findings-page.tsx';

export const metadata: Metadata = { title: 'Findings' };

interface Props {
  readonly params: Promise<{ readonly cluster: string }>;
}

export default async function Page({ params }: Props) {
  const { cluster } = await params;
  return <FindingsPage cluster={cluster} />;
}
