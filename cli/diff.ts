import { type Command, Option } from 'commander';
import { analyse } from '#lib/engine/connectivity.ts';
import { connectionDiff } from '#lib/view/connection-diff.ts';
import { DIFF_FORMATS } from './formats/diff.ts';
import { type Streams, writeAll } from './output.ts';
import { problemsOf, reportProblems } from './problems.ts';
import { readCluster } from './read-cluster.ts';
import { addDiffOptions, type ReadOptions } from './source-options.ts';

interface DiffOptions extends Pick<ReadOptions, 'cni' | 'set' | 'strict'> {
  readonly output: keyof typeof DIFF_FORMATS;
}

/** Files are read at once; no cluster has to be waited for. */
const TIMEOUT_SECONDS = 60;

/** `sightline diff`; `done` is given the exit code. */
export function addDiffCommand(
  program: Command,
  streams: Streams,
  done: (exitCode: number) => void,
): void {
  const command = program
    .command('diff')
    .description('list every connection that two folders or files of manifests do not both allow')
    .argument('<before>', 'a folder or file of manifests; - for standard input')
    .argument('<after>', 'the other one')
    .addOption(
      new Option('-o, --output <format>', 'how to write it')
        .choices(Object.keys(DIFF_FORMATS))
        .default('text'),
    );
  addDiffOptions(command).action(async (before: string, after: string, options: DiffOptions) => {
    const read = (manifests: string) =>
      readCluster({ ...options, manifests, timeout: TIMEOUT_SECONDS }, streams);
    // One after the other: what goes wrong is said in one line.
    const snapshots = { before: await read(before), after: await read(after) };
    const problems = { before: problemsOf(snapshots.before), after: problemsOf(snapshots.after) };
    const changes = connectionDiff(analyse(snapshots.before), analyse(snapshots.after));
    await writeAll(streams.stdout, DIFF_FORMATS[options.output](changes, problems));
    const all = [...problems.before, ...problems.after];
    done(reportProblems(all, options.strict === true, streams.stderr));
  });
}
