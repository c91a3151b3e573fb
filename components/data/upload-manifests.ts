import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import { fetchJson } from './fetch-json.ts';

/**
 * Sends files as one stream of documents; answers with the cluster they make. JSON is YAML too, so
 * that files of both may come together. Throws RequestFailed, with the problems of what was sent.
 */
export async function uploadManifests(files: readonly File[]): Promise<ClusterSummary> {
  const texts = await Promise.all(files.map((file) => file.text()));
  return fetchJson<ClusterSummary>('/api/uploads', {
    method: 'POST',
    headers: { 'Content-Type': 'application/yaml' },
    body: texts.join('\n---\n'),
  });
}
