import { fileURLToPath } from 'node:url';
import { clusterShape } from '#bench/clusters/cluster-shape.ts';
import { generateCluster } from '#bench/clusters/generated-cluster.ts';
import { writeManifests } from '#bench/clusters/write-manifests.ts';
import { atLeast } from '#bench/measure/measurement.ts';
import { type Ended, findOnPath, runCommand } from '#bench/peers/commands.ts';
import { writeProbeFiles } from '#bench/peers/probe-model.ts';
import { TemporaryDirectory } from '#lib/testing/fake-kubeconfig.ts';
import { describe, SIZES } from './analysis.ts';
import { type BenchCase, type CaseContext, NOISE } from './bench-case.ts';

/** Other tools on the same files, from the start of a process to its end. */

const SIGHTLINE = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const EXPLAIN_ALL = fileURLToPath(new URL('../peers/explain-all.ts', import.meta.url));

interface Comparison {
  readonly id: string;
  readonly what: string;
  readonly size: (typeof SIZES)[keyof typeof SIZES];
  readonly explained: boolean;
}

const LIST: readonly Comparison[] = [
  { id: '1k', what: 'all connections', size: SIZES['1k'], explained: false },
  { id: '1k-explained', what: 'all connections, explained', size: SIZES['1k'], explained: true },
  { id: '10k', what: 'all connections', size: SIZES['10k'], explained: false },
];

/** Binaries that do the same as each other; the first name that is found. */
const NETPOL_ANALYZER = ['netpol-analyzer', 'k8snetpolicy'];
const PROBERS = [['cyclonus'], ['policy-assistant', 'pola']] as const;

/** A killed tool takes longer than its limit: then the ratio is a lower bound. */
const LIMIT_S = 30;
const FULL_LIMIT_S = 1800;

interface Peer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

function reportRun(
  { report, skip, full }: CaseContext,
  { id, what, size }: Comparison,
  own: Ended,
  peer: { readonly name: string; readonly ended: Ended | null },
): void {
  const { name, ended } = peer;
  const words = `${what}, ${describe(size)}, against ${name}`;
  if (ended === null) {
    const why = `${name}: not on PATH; Sightline takes ${own.seconds.toFixed(2)} s end to end`;
    skip({ id: `peer-${name}-${id}`, what: words, why, missed: false });
    return;
  }
  const ratio = ended.seconds / own.seconds;
  const wanted = name === NETPOL_ANALYZER[0] && id !== '1k';
  // where it was ended too early to tell, there is no verdict
  const isOpen = ended.late && ratio < 500;
  report({
    id: `peer-${name}-${id}`,
    what: words,
    value: own.seconds,
    unit: 's',
    relative: { to: `× as fast${ended.late ? ' at least' : ''}`, ratio },
    goal: wanted && !isOpen ? atLeast(500, 'ratio') : null,
    noise: NOISE.wall,
    detail: ended.late
      ? `${name} was ended after ${ended.seconds.toFixed(0)} s${full ? '' : '; --full waits longer'}`
      : `${name} takes ${ended.seconds.toFixed(1)} s`,
  });
}

async function compare(context: CaseContext, comparison: Comparison): Promise<void> {
  const { seed, full } = context;
  const { size, explained } = comparison;
  const cluster = generateCluster(clusterShape({ ...size, seed }));
  using manifests = new TemporaryDirectory();
  using probe = new TemporaryDirectory();
  writeManifests(cluster, manifests.path, { form: 'slim', format: 'yaml' });
  const files = writeProbeFiles(cluster, probe.path);
  const own = explained
    ? [EXPLAIN_ALL, manifests.path]
    : [SIGHTLINE, 'list', '--manifests', manifests.path, '-o', 'csv'];
  const limit = full ? FULL_LIMIT_S : LIMIT_S;
  const ours = await runCommand(process.execPath, own, limit);
  const run = (peer: Peer | null) =>
    peer === null ? null : runCommand(peer.command, peer.args, limit);

  const listArgs = ['list', '--dirpath', manifests.path, '-q', ...(explained ? ['--explain'] : [])];
  const analyzer = peerOf(NETPOL_ANALYZER, listArgs);
  const ended = await run(analyzer);
  reportRun(context, comparison, ours, { name: 'netpol-analyzer', ended });
  if (explained) return;
  const probeArgs = ['analyze', '--mode', 'probe', '--policy-path', files.policies];
  for (const names of PROBERS) {
    const prober = peerOf(names, [...probeArgs, '--probe-path', files.model]);
    reportRun(context, comparison, ours, { name: names[0], ended: await run(prober) });
  }
}

function peerOf(names: readonly string[], args: readonly string[]): Peer | null {
  const command = findOnPath(names);
  return command === null ? null : { name: names[0] ?? '', command, args };
}

export const PEERS: readonly BenchCase[] = LIST.map((comparison) => ({
  name: `peers-${comparison.id}`,
  title: `${comparison.what}, end to end, against other tools`,
  runs: 1,
  seconds: 220,
  quick: comparison.id === '1k',
  run: (context) => compare(context, comparison),
}));
