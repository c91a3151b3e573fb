import { fileURLToPath } from 'node:url';
import { findRuntime } from './runtime.mjs';
import { script } from './steps.mjs';
import { buildUserInterface } from './user-interface.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

await script(() => buildUserInterface(root, findRuntime(root), process.stdout));
