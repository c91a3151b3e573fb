import { type Command, Option } from 'commander';
import { analyse, type Connectivity } from '#lib/engine/connectivity.ts';
import type { Problem } from '#lib/model/problem.ts';
import { connectionList } from '#lib/view/connection-list.ts';
import { blockedEntries } from '#lib/view/entry-rows.ts';
import { groupedConnections } from '#lib/view/grouped-connections.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';
import { csvFormat } from './formats/csv.ts';
import { dotFormat } from './formats/dot.ts';
import type { Format } from './formats/format.ts';
import { GROUPED_FORMATS } from './formats/grouped.ts';
import { jsonFormat } from './formats/json.ts';
import { markdownFormat } from './formats/markdown.ts';
import { textFormat } from './formats/text.ts';
import { type Streams, writeAll } from './output.ts';
import { problemsOf, reportProblems } from './problems.ts';
import { readCluster } from './read-cluster.ts';
import { addReadOptions, type ReadOptions } from './source-options.ts';

const FORMATS = {
  text: textFormat,
  json: jsonFormat,
  md: markdownFormat,
  dot: dotFormat,
  csv: csvFormat,
} as const satisfies Record<string, Format>;

interface ListOptions extends ReadOptions {
  readonly output: keyof typeof FORMATS;
  readonly grouped?: true;
}

/** What writes the answer, piece by piece; throws CommandFailed where there is no such form. */
function writerOf({ output, grouped }: ListOptions) {
  if (grouped !== true) {
    const format: Format = FORMATS[output];
    return (connectivity: Connectivity, problems: readonly Problem[]) =>
      format(() => connectionList(connectivity), problems);
  }
  if (output === 'dot') throw new CommandFailed(EXIT.usage, '--grouped cannot be written as dot');
  const format = GROUPED_FORMATS[output];
  return (connectivity: Connectivity, problems: readonly Problem[]) =>
    format(groupedConnections(connectivity), problems);
}

/** `sightline list`; `done` is given the exit code. */
export function addListCommand(
  program: Command,
  streams: Streams,
  done: (exitCode: number) => void,
): void {
  const command = program
    .command('list')
    .description('list every connection that is allowed, workload by workload')
    .addOption(
      new Option('-o, --output <format>', 'how to write it')
        .choices(Object.keys(FORMATS))
        .default('text'),
    )
    .option('--grouped', 'a row for sets of workloads that are treated alike');
  addReadOptions(command).action(async (options: ListOptions) => {
    const write = writerOf(options);
    const snapshot = await readCluster(options, streams);
    const connectivity = analyse(snapshot);
    const problems = [...problemsOf(snapshot), ...blockedEntries(connectivity)];
    await writeAll(streams.stdout, write(connectivity, problems));
    done(reportProblems(problems, options.strict === true, streams.stderr));
  });
}
