import type { Command } from 'commander';
import type { ServeOptions } from '#lib/server/configuration.ts';
import { addSourceOptions, type SourceOptions } from './source-options.ts';

interface ServeArguments extends SourceOptions {
  readonly host?: string;
  readonly port?: string;
  readonly open?: boolean;
  readonly iUnderstandNoAuth?: boolean;
}

/** `sightline serve`: runs until it is told to stop. */
export function addServeCommand(program: Command): void {
  const command = program
    .command('serve')
    .description('show a cluster in the browser (the current context unless told otherwise)')
    .option('--host <address>', 'listen on this address instead of 127.0.0.1')
    .option('--port <number>', 'listen on this port instead of 3000')
    .option('--open', 'open a browser')
    .option('--no-open', 'do not open a browser')
    .option('--i-understand-no-auth', 'listen beyond this machine, though nobody has to log in');
  addSourceOptions(command).action(async (options: ServeArguments) => {
    // Loaded when needed: the other commands should not wait for a server.
    const { serve } = await import('#lib/server/serve.ts');
    const { iUnderstandNoAuth, ...others } = options;
    const asked: ServeOptions = { ...others, noAuth: iUnderstandNoAuth };
    await serve(asked);
  });
}
