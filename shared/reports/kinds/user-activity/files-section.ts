/** Which files it was done to, those with the most records first. */
import type { Section, TableHead } from '../../document.ts';
import { columnsOf, rowOfCount, type ActivityColumns } from './activity-columns.ts';
import type { Collected } from './collected.ts';
import { ranked } from './counter.ts';

/** Sharing is of folders and sites as well, and has a table of its own. */
const done: ActivityColumns = ['open', 'download', 'upload', 'edit', 'deletion'];

export const filesTable: TableHead = {
  name: 'files',
  title: 'Files by activity',
  columns: columnsOf('file', 'File', done),
};

export function filesSection({ tallied: { files, unnamedFiles } }: Collected): Section {
  const beyond = `${files.uncounted} records are of further files, which are not listed and not counted as files: at most ${files.counts.length} are distinguished.`;
  const unnamed = `${unnamedFiles} records of operations on files do not name the file.`;
  return {
    name: 'files',
    title: 'Files',
    paragraphs: [...(files.uncounted > 0 ? [beyond] : []), ...(unnamedFiles > 0 ? [unnamed] : [])],
    tables: [{ ...filesTable, rows: ranked(files).map((file) => rowOfCount(file, done)), omitted: 0 }],
    charts: [],
  };
}
