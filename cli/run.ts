import { Command, CommanderError } from 'commander';
import { CannotStart } from '#lib/server/configuration.ts';
import { addDiffCommand } from './diff.ts';
import { CommandFailed, EXIT, EXIT_CODES_HELP } from './exit-codes.ts';
import { addExplainCommand } from './explain.ts';
import { addLintCommand } from './lint.ts';
import { addListCommand } from './list.ts';
import { printable, type Streams } from './output.ts';
import { addServeCommand } from './serve.ts';
import { version } from './version.ts';

/** Runs one command and gives its exit code. Errors are one line on stderr; nothing is thrown. */
export async function run(words: readonly string[], streams: Streams): Promise<number> {
  let exitCode: number = EXIT.answered;
  for (const stream of [streams.stdout, streams.stderr]) stream.on('error', unlessGone);
  const done = (code: number) => {
    exitCode = code;
  };
  const program = new Command('sightline')
    .description('See which Kubernetes pods can talk, and exactly why.')
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    })
    .addHelpText('afterAll', EXIT_CODES_HELP);
  addServeCommand(program);
  addListCommand(program, streams, done);
  addExplainCommand(program, streams, done);
  addDiffCommand(program, streams, done);
  addLintCommand(program, streams, done);
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    return failed(error, streams);
  }
}

/** Whoever reads no further, as `head` does, ends the writing and is no error. */
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function failed(error: unknown, { stderr }: Streams): number {
  // Commander has said what is wrong; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.answered : EXIT.usage;
  if (!(error instanceof CommandFailed) && !(error instanceof CannotStart)) throw error;
  stderr.write(`error: ${printable(error.message).replaceAll('\n', ' ')}\n`);
  return error.exitCode;
}
