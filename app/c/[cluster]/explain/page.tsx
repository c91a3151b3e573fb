import type { Metadata } from 'next';
import { ExplanationPage } from '#components/explanation/explanation-page.tsx';

export const metadata: Metadata = { title: 'Explain a connection' };

interface Props {
  readonly params: Promise<{ readonly cluster: string }>;
}

export default async function Page({ params }: Props) {
  const { cluster } = await params;
  return <ExplanationPage cluster={cluster} />;
}
