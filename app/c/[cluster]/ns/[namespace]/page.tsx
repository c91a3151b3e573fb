import type { Metadata } from 'next';
import { MapScreen } from '#components/map/map-screen.tsx';

interface Props {
  readonly params: Promise<{ readonly cluster: string; readonly namespace: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).namespace) };
}

export default async function Page({ params }: Props) {
  const { cluster, namespace } = await params;
  return (
    <MapScreen cluster={decodeURIComponent(cluster)} namespace={decodeURIComponent(namespace)} />
  );
}
