import { clusterShape } from '#bench/clusters/cluster-shape.ts';
import { generateCluster } from '#bench/clusters/generated-cluster.ts';
import { serveApiPages } from './api-pages.ts';

/** The API server in a process of its own, so that what it takes is not measured. */
const { shape, wire } = JSON.parse(process.argv[2] ?? '{}');
const server = await serveApiPages(generateCluster(clusterShape(shape)), wire);
process.send?.({ url: server.url });
process.once('disconnect', () => process.exit());
