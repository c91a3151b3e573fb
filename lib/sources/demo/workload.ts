/** Short ways to describe what runs in the demo cluster; objects.ts turns them into API objects. */

type Labels = Readonly<Record<string, string>>;

export interface WorkloadPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

export interface ServiceSpec {
  readonly name: string;
  /** Name of the service port → its number; it leads to the container port of the same name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Fixed, as cluster DNS needs it; else given out in order. */
  readonly clusterIP?: string;
  readonly headless?: boolean;
  readonly dualStack?: boolean;
  /** The public address, which makes it a load balancer. */
  readonly loadBalancerIP?: string;
}

type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob' | 'Pod';

export interface Workload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  /** A DaemonSet has one per node whatever it says here, a CronJob one per run. */
  readonly replicas: number;
  readonly image: string;
  readonly environment: Labels;
  readonly ports: readonly WorkloadPort[];
  /** Of the template, without those that controllers add. */
  readonly labels: Labels;
  readonly hostNetwork: boolean;
  readonly service: ServiceSpec | null;
}

export interface NamespaceSpec {
  readonly name: string;
  readonly labels: Labels;
  readonly workloads: readonly Workload[];
  /** NetworkPolicies as YAML, one stream of documents. */
  readonly policies: string;
  /** Ingresses and their classes, likewise. */
  readonly ingresses: string;
}

interface WorkloadOptions {
  readonly image: string;
  readonly replicas?: number;
  /** Port name → number, or `53/UDP`; TCP when nothing is said. */
  readonly ports?: Readonly<Record<string, number | string>>;
  /** `app.kubernetes.io/component` of the labels. */
  readonly component?: string;
  /** Replaces the usual `app.kubernetes.io/*` labels. */
  readonly labels?: Labels;
  readonly hostNetwork?: boolean;
  /** Variables that say something about the network. */
  readonly environment?: Labels;
  /** Service port name → number; the Service is named like the workload unless `service` says more. */
  readonly serves?: Readonly<Record<string, number>>;
  readonly service?: Omit<Partial<ServiceSpec>, 'ports'>;
}

/** A workload which does not yet know its namespace. */
type Template = (namespace: string) => Workload;

function portsOf(spec: Readonly<Record<string, number | string>>): WorkloadPort[] {
  return Object.entries(spec).map(([name, value]) => {
    const [port, protocol] = String(value).split('/');
    return { name, port: Number(port), protocol: protocol === 'UDP' ? 'UDP' : 'TCP' };
  });
}

function usualLabels(name: string, component: string | undefined, namespace: string): Labels {
  return {
    'app.kubernetes.io/name': name,
    ...(component === undefined ? {} : { 'app.kubernetes.io/component': component }),
    'app.kubernetes.io/part-of': namespace,
  };
}

function template(kind: WorkloadKind) {
  return (name: string, options: WorkloadOptions): Template =>
    (namespace) => ({
      kind,
      namespace,
      name,
      replicas: options.replicas ?? 1,
      image: options.image,
      ports: portsOf(options.ports ?? {}),
      labels: options.labels ?? usualLabels(name, options.component, namespace),
      hostNetwork: options.hostNetwork ?? false,
      environment: options.environment ?? {},
      service:
        options.serves === undefined ? null : { name, ports: options.serves, ...options.service },
    });
}

export const deployment = template('Deployment');
export const statefulSet = template('StatefulSet');
export const daemonSet = template('DaemonSet');
export const cronJob = template('CronJob');
export const barePod = template('Pod');

/** An image of the company's own. */
export function ownImage(path: string, version = '2026.46.2'): string {
  return `registry.harbour.example/${path}:${version}`;
}

/** What most of the company's services are: HTTP on 8080, metrics on 9090, a Service on 80. */
export function httpService(name: string, replicas: number, image: string): Template {
  return deployment(name, {
    image,
    replicas,
    ports: { http: 8080, metrics: 9090 },
    serves: { http: 80 },
  });
}

export function namespace(
  name: string,
  spec: {
    readonly labels: Labels;
    readonly workloads: readonly Template[];
    readonly policies: string;
    readonly ingresses?: string;
  },
): NamespaceSpec {
  return {
    ingresses: '',
    ...spec,
    name,
    workloads: spec.workloads.map((workload) => workload(name)),
  };
}
