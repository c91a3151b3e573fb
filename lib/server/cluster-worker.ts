import { parentPort, workerData } from 'node:worker_threads';
import { serveCluster } from './cluster-service.ts';
import type { ClusterPlan } from './thread-messages.ts';

// The thread of one cluster starts here; bundled as an entry of its own (scripts/image.mjs).
if (parentPort !== null) serveCluster(parentPort, workerData as ClusterPlan);
