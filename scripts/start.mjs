import { launch } from './launch.mjs';

await launch(['serve', ...process.argv.slice(2)]);
