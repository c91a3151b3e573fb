import { pluginNotice } from '#components/explanation/plugin-text.ts';
import type { ClusterSnapshot } from '#lib/engine/cluster-snapshot.ts';
import type { CniProfile } from '#lib/engine/cni-profile.ts';
import { withStagedEnforced } from '#lib/engine/staged.ts';
import { NOT_EVALUATED } from '#lib/model/not-evaluated.ts';
import { POLICY_KINDS } from '#lib/policies/index.ts';
import { type Configuration, pluginSearch } from '#lib/server/configuration.ts';
import type { PluginSearch } from '#lib/snapshot/plugin-tables.ts';
import { RESOURCES_READ } from '#lib/snapshot/resources-read.ts';
import { createSnapshotStore, type SnapshotStore } from '#lib/snapshot/snapshot-store.ts';
import type { ClusterSource, ListState } from '#lib/sources/cluster-source.ts';
import { openManifests } from '#lib/sources/manifests/manifests-source.ts';
import { pluginSummary } from '#lib/view/plugin-summary.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';
import { printable, type Streams } from './output.ts';
import { type ReadOptions, readSourceOptions } from './source-options.ts';

/** Without these there is nothing to answer from; without the others an answer says what it lacks. */
const INDISPENSABLE = ['pods', ...POLICY_KINDS.map(({ resource }) => resource.plural)];

interface Patience {
  readonly seconds: number;
  /** How often a list may fail before it has failed. */
  readonly attempts: number;
  /** Where to say that it takes long. */
  readonly stderr: Streams['stderr'];
}

/** A server that refuses once may accept a moment later. */
const ATTEMPTS = 2;
const PROGRESS_MS = 1000;

/** Reads the cluster that was asked for. Throws CommandFailed when it cannot be read, or not in time. */
export async function readCluster(
  options: ReadOptions,
  { stdin, stderr }: Streams,
): Promise<ClusterSnapshot> {
  const configuration = readSourceOptions(options);
  const source = await openSource(configuration, stdin);
  const { origin } = source;
  const snapshot = await readSource(source, pluginSearch(origin, configuration.cni), {
    seconds: options.timeout,
    attempts: origin.kind === 'kubernetes-api' ? ATTEMPTS : 1,
    stderr,
  });
  notePlugin(snapshot, stderr);
  return options.withStaged === true ? withStagedEnforced(snapshot) : snapshot;
}

/** Says in a line what of the network plugin limits the answer, if anything does. */
function notePlugin(snapshot: ClusterSnapshot, stderr: Streams['stderr']): void {
  const plugin = pluginSummary(snapshot);
  const notice = pluginNotice(plugin);
  if (notice === null) return;
  const { enforces, how } = plugin;
  const isOpen = enforces === 'unknown' || how === 'assumed';
  stderr.write(`${printable(notice.text)}${isOpen ? ' (name it with --cni)' : ''}\n`);
}

/** Reads a source once, until every list was read or refused, and stops it. Throws CommandFailed. */
export async function readSource(
  source: ClusterSource,
  profile: CniProfile | PluginSearch,
  { seconds, attempts, stderr }: Patience,
): Promise<ClusterSnapshot> {
  const changes = new Signal();
  const store = createSnapshotStore({
    kinds: POLICY_KINDS,
    notEvaluated: NOT_EVALUATED,
    profile,
    onChange: () => changes.raise(),
  });
  const progress = showProgress(store, stderr);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    changes.raise();
  }, seconds * 1000);
  try {
    source.start(RESOURCES_READ, store);
    while (!late && !isSettled(store, attempts)) await changes.next();
    refuseUnreadable(store, seconds);
    return store.snapshot();
  } finally {
    clearTimeout(timer);
    progress.end();
    await source.stop();
  }
}

async function openSource(
  configuration: Configuration,
  stdin: Streams['stdin'],
): Promise<ClusterSource> {
  const { manifests, context, kubeconfig, environment } = configuration;
  if (manifests !== null) return openManifests({ path: manifests, stdin });
  // Loaded when needed: reading files should not wait for what talks to servers.
  const { openKubernetesApi } = await import(
    '#lib/sources/kubernetes-api/kubernetes-api-source.ts'
  );
  const { KubeConfigError, NoKubeConfig } = await import(
    '#lib/sources/kubernetes-api/kubeconfig-file.ts'
  );
  try {
    return openKubernetesApi({
      kubeConfig: { environment, ...(kubeconfig === null ? {} : { file: kubeconfig }) },
      ...(context === null ? {} : { context }),
    });
  } catch (error) {
    if (!(error instanceof KubeConfigError)) throw error;
    const advice =
      error instanceof NoKubeConfig
        ? '; name one with --kubeconfig, or files with --manifests'
        : '';
    throw new CommandFailed(EXIT.unreadable, `${error.message}${advice}`);
  }
}

/** Wakes whoever waits; a change that comes before anybody waits is not lost. */
class Signal {
  #waiting = Promise.withResolvers<void>();

  raise(): void {
    this.#waiting.resolve();
  }

  async next(): Promise<void> {
    await this.#waiting.promise;
    this.#waiting = Promise.withResolvers<void>();
  }
}

function statesOf(store: SnapshotStore): readonly (readonly [string, ListState])[] {
  return [...store.states()].map(([name, { state }]) => [name, state] as const);
}

function isSettled(store: SnapshotStore, attempts: number): boolean {
  return statesOf(store).every(
    ([, state]) =>
      state.status !== 'syncing' && (state.status !== 'failed' || state.attempt >= attempts),
  );
}

function refuseUnreadable(store: SnapshotStore, seconds: number): void {
  for (const [name, state] of statesOf(store)) {
    if (!INDISPENSABLE.includes(name.split('.')[0] ?? '')) continue;
    if (state.status === 'failed') throw new CommandFailed(EXIT.unreadable, state.message);
    if (state.status === 'syncing')
      throw new CommandFailed(
        EXIT.unreadable,
        `${name} were not read within ${seconds} s; --timeout gives it longer`,
      );
  }
}

/** After a second a line that says how far it is; on a terminal it counts and then goes away. */
function showProgress(store: SnapshotStore, stderr: Streams['stderr']): { end(): void } {
  const terminal = 'isTTY' in stderr && stderr.isTTY === true;
  let shown = false;
  const timer = setInterval(() => {
    if (shown && !terminal) return;
    shown = true;
    const objects = [...store.states().values()].reduce(
      (sum, { state, objects: read }) => sum + (state.status === 'syncing' ? state.objects : read),
      0,
    );
    stderr.write(terminal ? `\r\u001b[Kreading … ${objects} objects` : 'reading …\n');
  }, PROGRESS_MS);
  return {
    end() {
      clearInterval(timer);
      if (shown && terminal) stderr.write('\r\u001b[K');
    },
  };
}
