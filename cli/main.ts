import { run } from './run.ts';

const exitCode = await run(process.argv.slice(2), process);
// Not process.exit: what was written may still be on its way, and `serve` goes on.
if (exitCode !== 0) process.exitCode = exitCode;
