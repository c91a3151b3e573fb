import { type Detection, detectPlugin } from '#lib/detection/detect-plugin.ts';
import type { CniFlags } from '#lib/engine/cni-profile.ts';
import {
  configMap,
  daemonSet,
  evidenceOf,
  node,
  type TestContainer,
  type Unread,
} from './plugin-evidence.ts';

/** Clusters and the plugin that is to be found in them: rows of tables. */

export interface PluginRow {
  readonly says: string;
  readonly objects: string;
  readonly unread?: Unread;
  readonly title: string | null;
  readonly version?: string | null;
  readonly enforces: CniFlags['enforces'];
  readonly flags?: Partial<CniFlags>;
}

/** What there is to say of one plugin, by the rule it stands in. */
export type PluginRows = readonly [rule: string, rows: readonly PluginRow[]];

export function detect(yaml: string, unread: Unread = {}): Detection {
  return detectPlugin(evidenceOf(yaml, unread));
}

/** What was found, as far as the row says what it should be. */
export function foundFor({ objects, unread, version, flags = {} }: PluginRow) {
  const { plugin, profile } = detect(objects, unread);
  const asked = Object.keys(flags) as (keyof CniFlags)[];
  return {
    title: plugin.title,
    enforces: profile.flags.enforces,
    ...(version === undefined ? {} : { version: plugin.version }),
    flags: Object.fromEntries(asked.map((flag) => [flag, profile.flags[flag]])),
  };
}

/** What the row says, in the same form. */
export function wantedBy({ title, enforces, version, flags = {} }: PluginRow) {
  return { title, enforces, ...(version === undefined ? {} : { version }), flags };
}

/** A cluster of one node and one DaemonSet. */
export function one(key: string, ...containers: readonly TestContainer[]): string {
  return node('n1') + daemonSet(key, containers);
}

export const CALICO = { name: 'calico-node', image: 'quay.io/calico/node:v3.31.2' };
export const CILIUM = {
  name: 'cilium-agent',
  image: 'quay.io/cilium/cilium:v1.18.2@sha256:0a1b',
};
export const FLANNEL = { name: 'kube-flannel', image: 'ghcr.io/flannel-io/flannel:v0.27.4' };

export function cilium(config: Readonly<Record<string, string>> = {}): string {
  return one('kube-system/cilium', CILIUM) + configMap('kube-system/cilium-config', config);
}

/** `args` of its policy agent, null for none; `controller` of its ConfigMap, which may be missing. */
export function aws(args: readonly string[] | null, controller?: string): string {
  const node = { name: 'aws-node', image: 'repo.example/amazon-k8s-cni:v1.21.1-eksbuild.7' };
  const agent = args === null ? [] : [{ name: 'aws-eks-nodeagent', args }];
  const settings =
    controller === undefined
      ? ''
      : configMap('kube-system/amazon-vpc-cni', {
          'enable-network-policy-controller': controller,
        });
  return one('kube-system/aws-node', node, ...agent) + settings;
}
