import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findingsPage } from './findings-page/findings-page.ts';

/** Writes docs/findings.md anew: `npm run docs:findings`. */
writeFileSync(join(import.meta.dirname, '../docs/findings.md'), findingsPage());
