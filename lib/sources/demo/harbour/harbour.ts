/** Harbour, an online shop: everything that lives in the demo cluster. */
import type { NamespaceSpec } from '#lib/sources/demo/workload.ts';
import { backoffice } from './backoffice.ts';
import { data } from './data.ts';
import { ingress } from './ingress.ts';
import { kubeSystem } from './kube-system.ts';
import { monitoring } from './monitoring.ts';
import { orders } from './orders.ts';
import { payments } from './payments.ts';
import { platform } from './platform.ts';
import { shop } from './shop.ts';
import { staging } from './staging.ts';

export const HARBOUR: readonly NamespaceSpec[] = [
  ingress,
  shop,
  orders,
  payments,
  data,
  backoffice,
  monitoring,
  platform,
  staging,
  kubeSystem,
  // Empty but for the Service `kubernetes`, as in every cluster.
  { name: 'default', labels: {}, workloads: [], policies: '', ingresses: '' },
];
