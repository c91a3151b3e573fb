import { type Command, InvalidArgumentError } from 'commander';
import { CNI_FLAGS, CNI_NAMES } from '#lib/engine/cni-profile.ts';
import { CannotStart, type Configuration, readConfiguration } from '#lib/server/configuration.ts';
import { CommandFailed, EXIT } from './exit-codes.ts';

/** What every command takes: where the cluster is, and what its network plugin does. */
export interface SourceOptions {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly manifests?: string;
  readonly cni?: string;
  readonly set?: readonly string[];
}

export interface ReadOptions extends SourceOptions {
  /** Seconds. */
  readonly timeout: number;
  readonly strict?: boolean;
  /** Answer as if staged policies were enforced. */
  readonly withStaged?: boolean;
}

export function addSourceOptions(command: Command): Command {
  command
    .option('--manifests <path>', 'read a folder or file of manifests; - for standard input')
    .option('--context <name>', 'read the cluster of this context of the kubeconfig')
    .option('--kubeconfig <file>', 'read this kubeconfig');
  return addPluginOptions(command);
}

/** What the network plugin does. */
function addPluginOptions(command: Command): Command {
  return command
    .option('--cni <name>', `what the network plugin is: ${CNI_NAMES.join(', ')}`)
    .option(
      '--set <flag=value>',
      `what the plugin does: yes, no or unknown for ${CNI_FLAGS.join(', ')}; repeatable`,
      (value: string, before: readonly string[] = []) => [...before, value],
    );
}

export function addReadOptions(command: Command): Command {
  return addAnswerOptions(addSourceOptions(command))
    .option('--with-staged', 'answer as if staged policies were enforced')
    .option('--timeout <seconds>', 'how long to wait for a cluster', seconds, 60);
}

/** The options of a command that is told in its arguments where the clusters are. */
export function addDiffOptions(command: Command): Command {
  return addAnswerOptions(addPluginOptions(command));
}

function addAnswerOptions(command: Command): Command {
  return command.option('--strict', 'end with exit code 1 on warnings too');
}

function seconds(written: string): number {
  const value = Number(written);
  if (value > 0 && value <= 86_400) return value;
  throw new InvalidArgumentError('It is a number of seconds.');
}

/** Throws CommandFailed, naming the option. */
export function readSourceOptions(options: SourceOptions): Configuration {
  const { manifests, context, kubeconfig, cni, set } = options;
  try {
    // What only a server needs is set here, so that its variables in the environment are not asked.
    return readConfiguration({
      manifests,
      context,
      kubeconfig,
      cni,
      set,
      host: '127.0.0.1',
      port: 0,
    });
  } catch (error) {
    if (error instanceof CannotStart) throw new CommandFailed(EXIT.usage, error.message);
    throw error;
  }
}
