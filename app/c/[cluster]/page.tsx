import type { Metadata } from 'next';
import { MapScreen } from '#components/map/map-screen.tsx';

interface Props {
  readonly params: Promise<{ readonly cluster: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).cluster) };
}

export default async function Page({ params }: Props) {
  return <MapScreen cluster={decodeURIComponent((await params).cluster)} namespace={null} />;
}
