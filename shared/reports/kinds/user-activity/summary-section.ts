/** The figures, and the addresses that it came from. */
import type { Cell, Section } from '../../document.ts';
import { activities, activityTitles, type Activity } from './activities.ts';
import { shownMoment, type Collected } from './collected.ts';
import { ranked, type Counted } from './counter.ts';
import type { Tallied } from './tally.ts';
import { addressesTable, summaryTable } from './tables.ts';

export function summarySection(collected: Collected): Section {
  const { addresses } = collected.tallied;
  const rows = ranked(addresses).map(({ name, records, download, first, last }): readonly Cell[] => [
    ...[name, records, download],
    ...[shownMoment(first), shownMoment(last)],
  ]);
  return {
    name: 'summary',
    title: 'Summary',
    paragraphs: paragraphsOf(collected),
    tables: [
      { ...summaryTable, rows: factsOf(collected), omitted: 0 },
      { ...addressesTable, rows, omitted: 0 },
    ],
    charts: [],
  };
}

const counting =
  'A download is a whole file that went to a device, by a browser, an app, or the sync client (FileDownloaded, FileSyncDownloadedFull). Files and pages that were shown are counted as opened; records that repeat this while a file or page stays open are counted as records only.';

function paragraphsOf({ tallied, options: { user, services } }: Collected): readonly string[] {
  const where = services.join(', ');
  if (tallied.days.counts.length === 0)
    return [
      `There is no record of ${user} in this range (${where}). Either nothing was done, or the records know the person by a name that is unknown here.`,
    ];
  const beyond = tallied.addresses.uncounted;
  return [
    `What ${user} did (${where}).`,
    counting,
    ...(beyond === 0 ? [] : [`${beyond} records are of further IP addresses, which are not listed.`]),
  ];
}

function factsOf({ tallied, told }: Collected): readonly (readonly Cell[])[] {
  const { days, files, sites, addresses, names } = tallied;
  const first = days.counts.map((day) => day.first);
  const last = days.counts.map((day) => day.last);
  const activity = activities.map((one) => [activityTitles[one], String(sumOf(days, one))]);
  return [
    ['Records', String(sumOf(days, 'records'))],
    ['Files', atLeast(files)],
    ['Sites', atLeast(sites)],
    ...activity,
    ['Shares beyond the organization', String(told.given.anyone + told.given.outside)],
    ['First', momentOr(first, Math.min)],
    ['Last', momentOr(last, Math.max)],
    ['Active days', String(days.counts.length)],
    ['IP addresses', atLeast(addresses)],
    ['Names in the records', namesIn(names)],
  ];
}

function sumOf({ counts }: Tallied['days'], of: Activity | 'records'): number {
  return counts.reduce((sum, count) => sum + count[of], 0);
}

/** The number of distinct names. */
function atLeast({ counts, uncounted }: Counted): string {
  return uncounted === 0 ? String(counts.length) : `at least ${counts.length}`;
}

function momentOr(all: readonly number[], pick: (...all: number[]) => number): Cell {
  return all.length === 0 ? null : shownMoment(pick(...all));
}

const maxNames = 10;

function namesIn(names: Counted): Cell {
  const shown = ranked(names)
    .slice(0, maxNames)
    .map(({ name }) => name);
  const rest = names.counts.length - shown.length;
  const further = rest > 0 || names.uncounted > 0 ? ['and more'] : [];
  return shown.length === 0 ? null : [...shown, ...further].join(', ');
}
