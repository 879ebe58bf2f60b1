/** Days with unusually many files, and what is usual for the person. */
import type { Cell, Section } from '../../document.ts';
import { dayOf } from '../../../utc-day.ts';
import { pastDays, pastOf } from '../../past.ts';
import type { Collected } from './collected.ts';
import { createDailyFiles, type Measure } from './daily-files.ts';
import {
  busyDays,
  deviations,
  leastActiveDays,
  leastDeviation,
  leastFiles,
  usualOf,
  type BusyDay,
  type Usual,
} from './unusual.ts';
import { unusualTable, usualTable } from './tables.ts';

export function volumeSection({ range, tallied }: Collected): Section {
  const days = createDailyFiles(0, tallied.dailyFiles).counts();
  const first = dayOf(range.from);
  const past = days.filter(({ day }) => day < first);
  const usual = usualOf(past);
  const busy = busyDays(
    days.filter(({ day }) => day >= first),
    usual,
  );
  return {
    name: 'volume',
    title: 'Unusual volume',
    paragraphs: [...paragraphsOf(range, past.length), ...capped(days.some(({ isCapped }) => isCapped))],
    tables: [
      { ...unusualTable, rows: busy.map(unusualRow), omitted: 0 },
      { ...usualTable, rows: usual.map(usualRow), omitted: 0 },
    ],
    charts: [],
  };
}

const computed = `For each day in UTC, the different files that were downloaded, deleted, and shared are counted. They are compared with the median of the person's own active days in the past: days with any record of the person. A day is unusual if it has at least ${leastFiles} files, and more than the median and ${deviations} times the median absolute deviation (at least ${leastDeviation}).`;

function paragraphsOf(range: Collected['range'], activeDays: number): readonly string[] {
  const { from, to } = pastOf(range);
  const past = `The past is the ${pastDays} days from ${dayOf(from)} to before ${dayOf(to)}, with ${activeDays} active days. A day whose records were not collected is not known to be active.`;
  const tooLittle =
    activeDays < leastActiveDays
      ? [
          `There is not enough past to compare: fewer than ${leastActiveDays} active days. No day is called unusual; days with at least ${leastFiles} files are listed.`,
        ]
      : [];
  return [computed, past, ...tooLittle];
}

function capped(isCapped: boolean): readonly string[] {
  return isCapped
    ? ['On some days there were more files than can be distinguished; they are counted low.']
    : [];
}

const titles: Readonly<Record<Measure, string>> = {
  download: 'downloaded',
  deletion: 'deleted',
  share: 'shared',
};

function unusualRow({ day, measure, files, isCapped, usual }: BusyDay): readonly Cell[] {
  const { comparison } = usual;
  const count = isCapped ? `At least ${files}` : `${files}`;
  const what = `${count} different files were ${titles[measure]}`;
  return [
    comparison === undefined ? 'notice' : 'warning',
    day,
    titles[measure],
    files,
    comparison?.median ?? null,
    comparison?.threshold ?? null,
    comparison === undefined
      ? `${what}. There is not enough past to compare.`
      : `${what}. Usual for the person are ${comparison.median} a day.`,
  ];
}

function usualRow({ measure, activeDays, comparison }: Usual): readonly Cell[] {
  return [
    titles[measure],
    activeDays,
    comparison?.median ?? null,
    comparison?.deviation ?? null,
    comparison?.threshold ?? null,
    comparison === undefined ? 'There is not enough past to compare.' : 'Compared.',
  ];
}
