import type { Place } from './use-peer-query.ts';

/** The level of a workload's name: beside the map the page has a heading of its own. */
export const NAME_HEADING: Readonly<Record<Place, 'h1' | 'h2'>> = { page: 'h1', panel: 'h2' };

/** The level of headings inside a workload: one below its name. */
export const SECTION_HEADING: Readonly<Record<Place, 'h2' | 'h3'>> = { page: 'h2', panel: 'h3' };
