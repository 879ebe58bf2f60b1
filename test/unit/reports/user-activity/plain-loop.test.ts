/** The report compared with plain loops over random records, and over real ones where they are. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Section } from '../../../../shared/reports/document.ts';
import { rowsOf, shuffledSeconds, storedRecord, type StoredRecord } from '../driven-kind.ts';
import { anna, did, given, report, site, type Given } from './person.ts';

const dayMs = 24 * 60 * 60_000;
const names: Readonly<Record<string, readonly string[]>> = {
  open: ['fileaccessed', 'filepreviewed', 'filevisited', 'pageviewed', 'listviewed', 'listitemviewed'],
  download: ['filedownloaded', 'filesyncdownloadedfull'],
  upload: ['fileuploaded', 'fileuploadedpartial', 'filesyncuploadedfull'],
  edit: ['filemodified', 'filecheckedin', 'filesyncuploadedpartial'],
  deletion: [
    ...['filedeleted', 'filerecycled', 'filedeletedfirststagerecyclebin', 'filedeletedsecondstagerecyclebin'],
    ...['folderdeleted', 'folderrecycled'],
    ...['folderdeletedfirststagerecyclebin', 'folderdeletedsecondstagerecyclebin'],
  ],
  share: [
    ...['sharingset', 'sharinginvitationcreated', 'addedtosecurelink'],
    ...['anonymouslinkcreated', 'companylinkcreated', 'securelinkcreated'],
  ],
};
const unlisted = [
  ...['open', 'download', 'upload', 'edit'].flatMap((one) => names[one] ?? []),
  ...['fileaccessedextended', 'filemodifiedextended', 'filesyncdownloadedpartial', 'fileprefetched'],
  ...['pageviewedextended', 'pageprefetched', 'clientviewsignaled'],
];
const urlKey = (url: string) => url.trim().toLowerCase().replace(/\/+$/, '');
const operationOf = ({ record }: StoredRecord) => record.summary.operation ?? '';
const isOne = (one: StoredRecord, activity: string) =>
  names[activity]?.includes(operationOf(one).toLowerCase()) === true;
const dayIn = ({ record }: StoredRecord) => record.createdDateTime.toISOString().slice(0, 10);

/** `key records opened downloads … first last`, sorted. */
function plainCounts(
  records: readonly StoredRecord[],
  keyOf: (one: StoredRecord) => string | undefined,
  activities: readonly string[],
): readonly string[] {
  const keys = new Set(records.flatMap((one) => keyOf(one) ?? []));
  const rows = [...keys].map((key) => {
    const of = records.filter((one) => keyOf(one) === key);
    const times = of.map(({ record }) => record.createdDateTime.toISOString()).toSorted();
    const counts = activities.map((activity) => of.filter((one) => isOne(one, activity)).length);
    return [key, of.length, ...counts, times[0], times.at(-1)].join(' ');
  });
  return rows.toSorted();
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[half - 0.5] ?? 0)
    : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}

/** Rows `severity day what files threshold`, sorted. */
function plainUnusual(own: readonly StoredRecord[], { range }: Given): readonly string[] {
  const start = Date.parse(range.from.toISOString().slice(0, 10));
  const timeOf = ({ record }: StoredRecord) => record.createdDateTime.getTime();
  const past = own.filter((one) => timeOf(one) >= start - 28 * dayMs && timeOf(one) < start);
  const inRange = own.filter((one) => timeOf(one) >= range.from.getTime());
  const words = { download: 'downloaded', deletion: 'deleted', share: 'shared' };
  return Object.entries(words)
    .flatMap(([activity, what]) => {
      const filesOn = (records: readonly StoredRecord[]) =>
        [...new Set(records.map(dayIn))].map((day) => {
          const of = records.filter((one) => dayIn(one) === day && isOne(one, activity));
          const files = new Set(of.map(({ record }) => urlKey(record.summary.objectId ?? record.id)));
          return { day, files: files.size };
        });
      const before = filesOn(past).map(({ files }) => files);
      const median = middle(before);
      const deviation = middle(before.map((files) => Math.abs(files - median)));
      const threshold = before.length < 7 ? null : median + 6 * Math.max(1, deviation);
      return filesOn(inRange)
        .filter(({ files }) => files >= 20 && files > (threshold ?? 0))
        .map(({ day, files }) =>
          [threshold === null ? 'notice' : 'warning', day, what, files, threshold].join(' '),
        );
    })
    .toSorted();
}

function expectPlain(
  sections: readonly Section[],
  stored: readonly StoredRecord[],
  inputs: Given,
  user: string,
) {
  const { from, to } = inputs.range;
  const own = stored.filter(({ record }) => {
    const { userId, service } = record.summary;
    const isOwn = [userId, ...(record.summary.further?.userId ?? [])].some(
      (name) => name?.trim().toLowerCase() === user.toLowerCase(),
    );
    return (
      isOwn &&
      ['sharepoint', 'onedrive'].includes(service?.toLowerCase() ?? '') &&
      record.createdDateTime < to
    );
  });
  const inRange = own.filter(({ record }) => record.createdDateTime >= from);
  const all = ['open', 'download', 'upload', 'edit', 'deletion', 'share'];
  const cells = (table: string, key?: string) =>
    rowsOf(sections, table)
      .map((row) =>
        Object.entries(row)
          .map(([name, cell]) => (name === key ? urlKey(String(cell)) : cell))
          .join(' '),
      )
      .toSorted();
  const isFile = (one: StoredRecord) => operationOf(one).toLowerCase().startsWith('file');
  const urlOf = (url: string | undefined) => (url === undefined ? undefined : urlKey(url));
  const fileOf = ({ record }: StoredRecord) => urlOf(record.summary.objectId);
  expect(cells('files', 'file')).toEqual(plainCounts(inRange.filter(isFile), fileOf, all.slice(0, 5)));
  expect(cells('sites', 'siteUrl')).toEqual(
    plainCounts(inRange, ({ record }) => urlOf(record.summary.siteUrl), all),
  );
  expect(cells('addresses')).toEqual(
    plainCounts(inRange, ({ record }) => record.summary.clientIp, ['download']),
  );
  const facts = new Map(rowsOf(sections, 'summary').map(({ fact, value }) => [fact, value]));
  expect(facts.get('Records')).toBe(String(inRange.length));
  expect(facts.get('Shares')).toBe(String(inRange.filter((one) => isOne(one, 'share')).length));
  const unusual = rowsOf(sections, 'unusual').map(({ severity, day, what, files, threshold }) =>
    [severity, day, what, files, threshold].join(' '),
  );
  expect(unusual.toSorted()).toEqual(plainUnusual(own, inputs));
  const ids = (records: readonly StoredRecord[]) => records.map(({ record }) => record.id).toSorted();
  const listed = (table: string) =>
    rowsOf(sections, table)
      .map(({ recordId }) => String(recordId))
      .toSorted();
  expect(listed('timeline')).toEqual(
    ids(inRange.filter((one) => !unlisted.includes(operationOf(one).toLowerCase()))),
  );
  expect(listed('shares')).toEqual(
    ids(inRange.filter((one) => isOne(one, 'share') || /link|^sharing(?!policy)/i.test(operationOf(one)))),
  );
  for (const { series } of sections.flatMap(({ charts }) => charts))
    expect(series.flatMap(({ values }) => values).reduce((sum, value) => sum + value, 0)).toBe(
      inRange.length,
    );
  return inRange.length;
}

const everyOperation = [
  ...[
    'FileDownloaded',
    'FileSyncDownloadedFull',
    'FileDeleted',
    'FolderRecycled',
    'SharingSet',
    'FileAccessed',
  ],
  ...[
    'FileAccessedExtended',
    'PageViewed',
    'AnonymousLinkCreated',
    'SharingRevoked',
    'FileRenamed',
    'FileUploaded',
  ],
];
/** Of February and March. */
const day = fc
  .integer({ min: 0, max: 58 })
  .map((at) => new Date(Date.UTC(2026, 1, 1 + at)).toISOString().slice(5, 10));
const hour = fc.nat({ max: 23 }).map((at) => String(at).padStart(2, '0'));
const user = fc.constantFrom(anna, anna, anna.toUpperCase(), 'ben@fabrikam.example');

/** Files of one hour: mostly one, sometimes many. */
const burstsAt = (day: fc.Arbitrary<string>, hour: fc.Arbitrary<string>) =>
  fc
    .array(
      fc
        .record({
          day,
          hour,
          user,
          operation: fc.constantFrom(...everyOperation),
          service: fc.constantFrom('SharePoint', 'SharePoint', 'OneDrive', 'Exchange'),
          address: fc.constantFrom('192.0.2.1', '192.0.2.2', undefined),
          files: fc.oneof(
            { weight: 4, arbitrary: fc.constant(1) },
            { weight: 1, arbitrary: fc.nat({ max: 45 }) },
          ),
          first: fc.nat({ max: 30 }),
        })
        .map((one) =>
          Array.from({ length: one.files }, (_, at) =>
            did(`${one.day}T${one.hour}:30`, one.operation, {
              UserId: one.user,
              Workload: one.service,
              ClientIP: one.address,
              SiteUrl: one.first % 7 === 0 ? undefined : one.first % 2 === 0 ? site : `${site}2/`,
              ObjectId:
                one.first % 11 === 0 ? undefined : `${site}/${one.first + at}.docx${at % 3 === 0 ? '' : '/'}`,
            }),
          ),
        ),
      { maxLength: 40 },
    )
    .map((bursts) => bursts.flat());
const told = burstsAt(day, hour);
/** Many of them in the same second. */
const dense = burstsAt(fc.constantFrom('02-20', '03-05', '03-06'), fc.constantFrom('07', '08'));
const inputsOf = fc
  .uniqueArray(fc.nat({ max: 59 * 24 }), { minLength: 2, maxLength: 2 })
  .map((bounds) => bounds.toSorted((a, b) => a - b).map((at) => new Date(Date.UTC(2026, 1, 1, at))))
  .map(([from, to]) => given({ range: { from: from ?? new Date(0), to: to ?? new Date(0) } }));

describe('the activity of a person in random records', () => {
  it('does not depend on the order in which records of the same second come', () => {
    fc.assert(
      fc.property(dense, inputsOf, fc.nat(), (records, inputs, salt) => {
        const { sections } = report(records, inputs, { order: shuffledSeconds(salt) });
        expect(sections).toEqual(report(records, inputs).sections);
      }),
      { numRuns: 100 },
    );
  });

  it('is what a plain loop finds', () => {
    fc.assert(
      fc.property(told, inputsOf, (records, inputs) => {
        expectPlain(report(records, inputs).sections, records, inputs, anna);
      }),
      { numRuns: 150 },
    );
  });

  it('is the same when the collector is replaced at any record, also beyond its limits', () => {
    const resumed = fc.uniqueArray(fc.integer({ min: 1, max: 150 }), { maxLength: 5 });
    const limits = fc.record({
      rows: fc.integer({ min: 1, max: 20 }),
      keys: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(told, inputsOf, resumed, limits, (records, inputs, resumedAfter, limited) => {
        const small = { ...inputs, limits: limited };
        expect(report(records, small, { resumedAfter })).toEqual(report(records, small));
      }),
      { numRuns: 150 },
    );
  });
});

const recordsFile = fileURLToPath(new URL('../../../../../shared/data/records-dev.ndjson', import.meta.url));
const isPresent = existsSync(recordsFile);
if (!isPresent)
  console.warn(`SKIPPED: ${recordsFile} does not exist, so nothing is tested with real records.`);

describe.skipIf(!isPresent)('the activity of each person in real records', () => {
  const lines = isPresent ? readFileSync(recordsFile, 'latin1').split('\n') : [];
  const all = lines.filter((line) => line !== '').map((line) => storedRecord(Buffer.from(line, 'latin1')));
  const stored = [...new Map(all.map((one) => [one.record.id, one])).values()];

  it('is what a plain loop finds', () => {
    const files = stored.filter(({ record }) =>
      /^(sharepoint|onedrive)$/i.test(record.summary.service ?? ''),
    );
    const people = new Set(files.flatMap(({ record }) => record.summary.userId?.trim().toLowerCase() ?? []));
    const range = { from: new Date('2015-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') };
    const counts = [...people].map((person) => {
      const inputs = given({ range, options: { user: person } });
      return expectPlain(report(files, inputs).sections, files, inputs, person);
    });
    expect(counts.length).toBeGreaterThan(1);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });
});
