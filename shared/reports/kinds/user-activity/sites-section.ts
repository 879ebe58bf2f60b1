/** In which sites it happened, those with the most records first. */
import type { Section } from '../../document.ts';
import { activities } from './activities.ts';
import { rowOfCount } from './row-of-count.ts';
import type { Collected } from './collected.ts';
import { ranked } from './counter.ts';
import { sitesTable } from './tables.ts';

export function sitesSection({ tallied: { sites } }: Collected): Section {
  const beyond = `${sites.uncounted} records are of further sites, which are not listed.`;
  return {
    name: 'sites',
    title: 'Sites',
    paragraphs: sites.uncounted > 0 ? [beyond] : [],
    tables: [{ ...sitesTable, rows: ranked(sites).map((site) => rowOfCount(site, activities)), omitted: 0 }],
    charts: [],
  };
}
