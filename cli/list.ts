import { type Command, Option } from 'commander';
import { analyse } from '#lib/engine/connectivity.ts';
import { connectionList } from '#lib/view/connection-list.ts';
import { blockedEntries } from '#lib/view/entry-rows.ts';
import { csvFormat } from './formats/csv.ts';
import { dotFormat } from './formats/dot.ts';
import type { Format } from './formats/format.ts';
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
    );
  addReadOptions(command).action(async (options: ListOptions) => {
    const snapshot = await readCluster(options, streams);
    const connectivity = analyse(snapshot);
    const problems = [...problemsOf(snapshot), ...blockedEntries(connectivity)];
    const format: Format = FORMATS[options.output];
    await writeAll(
      streams.stdout,
      format(() => connectionList(connectivity), problems),
    );
    done(reportProblems(problems, options.strict === true, streams.stderr));
  });
}
