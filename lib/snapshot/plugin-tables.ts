import { assumePlugin, type PluginKind } from '#lib/detection/assume-plugin.ts';
import type { ClusterEvidence } from '#lib/detection/cluster-evidence.ts';
import { type Detection, detectPlugin } from '#lib/detection/detect-plugin.ts';
import { type PluginChoice, withChoice } from '#lib/detection/plugin-choice.ts';
import type { CniProfile } from '#lib/engine/cni-profile.ts';
import type { CompiledPolicy } from '#lib/engine/compiled-policy.ts';
import { parseDaemonSet, parsePluginConfiguration } from '#lib/manifests/network-plugin.ts';
import type { Node } from '#lib/model/cluster.ts';
import { PLUGIN_CONFIGURATIONS } from '#lib/model/plugin-configurations.ts';
import { DAEMON_SETS, type Resource } from '#lib/model/resource.ts';
import type { ListState } from '#lib/sources/cluster-source.ts';
import { createObjectTable, type ObjectTable, type Table } from './object-table.ts';
import type { PolicyObjects } from './policy-objects.ts';
import { rememberSame } from './remember.ts';

/** How the network plugin of a cluster is to be found out. */
export interface PluginSearch {
  /** Of a running cluster all is there to be seen; manifests may be a part of one. */
  readonly detectIn: 'cluster' | 'manifests';
  readonly choice: PluginChoice;
}

/** The lists that tell which network plugin runs. */
export interface PluginTables {
  readonly all: readonly { readonly resource: Resource; readonly table: Table }[];
  /** The same object until something else is found. */
  found(known: Pick<PolicyObjects, 'policies' | 'roll'>): Detection;
}

/** Why a list is not known to be complete, as a clause; null when it is. */
function unreadClause(state: ListState): string | null {
  switch (state.status) {
    case 'live':
    case 'stale':
      return state.namespaces === undefined
        ? null
        : `only ${state.namespaces.join(', ')} may be read`;
    case 'not-installed':
      return null;
    case 'syncing':
      return 'it was not read yet';
    case 'forbidden':
    case 'failed':
      return state.message.replace(/\.$/, '');
  }
}

/** A profile was chosen by who made the store: there is nothing to find out. */
function given(profile: CniProfile): Detection {
  const { name } = profile;
  const evidence = [`Stated: the network plugin is ${name}.`];
  return {
    plugin: { how: 'chosen', title: name, version: null, engines: 1, evidence, unread: [] },
    profile,
  };
}

/** Plugins whose own kinds are among the policies. */
function kindsAmong(policies: readonly CompiledPolicy[]): ReadonlySet<PluginKind> {
  const flags = new Set(policies.map(({ enforcedIf }) => enforcedIf));
  return new Set([
    ...(flags.has('enforcesCalico') ? (['Calico'] as const) : []),
    ...(flags.has('enforcesCilium') ? (['Cilium'] as const) : []),
  ]);
}

export function createPluginTables(
  search: CniProfile | PluginSearch,
  nodes: ObjectTable<Node>,
): PluginTables {
  const daemonSets = createObjectTable(true, parseDaemonSet);
  const configurations = PLUGIN_CONFIGURATIONS.map(({ resource }) => ({
    resource,
    table: createObjectTable(resource.namespaced, parsePluginConfiguration),
  }));
  const read = [nodes, daemonSets, ...configurations.map(({ table }) => table)];

  function evidence(): ClusterEvidence {
    return {
      daemonSets: { items: daemonSets.values(), unread: unreadClause(daemonSets.state) },
      nodes: { items: nodes.values(), unread: unreadClause(nodes.state) },
      configurations: configurations.flatMap(({ table }) => table.values()),
      unreadConfigurations: new Map(
        configurations.flatMap(({ resource, table }): readonly [string, string][] => {
          const why = unreadClause(table.state);
          return why === null ? [] : [[`${resource.kind}/${resource.only}`, why]];
        }),
      ),
    };
  }

  let policies: readonly CompiledPolicy[] = [];
  // What was worked out for a profile is kept by its identity. Of policies the roll says whether kinds changed.
  const look = rememberSame((..._: readonly unknown[]) => {
    if (!('detectIn' in search)) return given(search);
    const seen = detectPlugin(evidence());
    const isTitled = seen.plugin.title !== null;
    const found =
      search.detectIn === 'cluster' || isTitled ? seen : assumePlugin(kindsAmong(policies));
    return withChoice(found, search.choice);
  });

  return {
    all: [{ resource: DAEMON_SETS, table: daemonSets }, ...configurations],
    found(known) {
      policies = known.policies;
      return look(known.roll, ...read.flatMap((table) => [table.values(), table.state]));
    },
  };
}
