/** In which sites it happened, those with the most records first. */
import type { Section, TableHead } from '../../document.ts';
import { activities } from './activities.ts';
import { columnsOf, rowOfCount } from './activity-columns.ts';
import type { Collected } from './collected.ts';
import { ranked } from './counter.ts';

export const sitesTable: TableHead = {
  name: 'sites',
  title: 'Sites by activity',
  columns: columnsOf('siteUrl', 'Site', activities),
};

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
