import {
  barePod,
  httpService,
  namespace,
  ownImage,
  statefulSet,
} from '#lib/sources/demo/workload.ts';

const candidate = (path: string) => ownImage(path, '2026.47.0-rc1');

/** The next release. Fault `no-policies`: nobody wrote one, so all of it is open both ways. */
export const staging = namespace('staging', {
  labels: { env: 'staging', team: 'storefront' },
  workloads: [
    httpService('web', 2, candidate('shop/web')),
    httpService('api', 1, candidate('shop/api')),
    httpService('checkout', 1, candidate('orders/checkout')),
    statefulSet('postgres', {
      image: 'docker.io/library/postgres:18.1',
      component: 'database',
      ports: { postgres: 5432 },
      serves: { postgres: 5432 },
      service: { headless: true },
    }),
    // Somebody ran `kubectl run` and forgot it: a pod that no controller owns.
    barePod('debug-shell', {
      image: 'docker.io/nicolaka/netshoot:v0.14',
      labels: { run: 'debug-shell' },
    }),
  ],
  policies: '',
});
