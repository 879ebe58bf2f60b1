/** Which files it was done to, those with the most records first. */
import type { Section } from '../../document.ts';
import { rowOfCount } from './row-of-count.ts';
import type { Collected } from './collected.ts';
import { ranked } from './counter.ts';
import { fileActivities, filesTable } from './tables.ts';

export function filesSection({ tallied: { files, unnamedFiles } }: Collected): Section {
  const beyond = `${files.uncounted} records are of further files, which are not listed and not counted as files: at most ${files.counts.length} are distinguished.`;
  const unnamed = `${unnamedFiles} records of operations on files do not name the file.`;
  return {
    name: 'files',
    title: 'Files',
    paragraphs: [...(files.uncounted > 0 ? [beyond] : []), ...(unnamedFiles > 0 ? [unnamed] : [])],
    tables: [
      { ...filesTable, rows: ranked(files).map((file) => rowOfCount(file, fileActivities)), omitted: 0 },
    ],
    charts: [],
  };
}
