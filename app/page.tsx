import { redirect } from 'next/navigation';
import { ClusterList } from '#components/shell/cluster-list.tsx';
import { application } from '#lib/server/application.ts';

/** To the cluster there is; with several, a list of them. The demo does not count as one of several. */
export default function Page() {
  const clusters = application().clusters();
  const real = clusters.filter(({ origin }) => origin.kind !== 'demo');
  const only = real.length > 1 ? null : (real[0] ?? clusters[0]);
  if (only) redirect(`/c/${encodeURIComponent(only.name)}`);
  return <ClusterList />;
}
