import type { Place } from './use-peer-query.ts';

/** The level of headings inside a workload: one below its name. */
export const SECTION_HEADING: Readonly<Record<Place, 'h2' | 'h3'>> = { page: 'h2', panel: 'h3' };
