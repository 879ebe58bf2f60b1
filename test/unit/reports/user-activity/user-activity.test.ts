import { describe, expect, it } from 'vitest';
import { userActivity } from '../../../../shared/reports/kinds/user-activity/kind.ts';
import type { Section } from '../../../../shared/reports/document.ts';
import { rowsOf } from '../driven-kind.ts';
import { anna, did, didToMany, report, site } from './person.ts';

const factsOf = (sections: readonly Section[]) =>
  Object.fromEntries(rowsOf(sections, 'summary').map(({ fact, value }) => [String(fact), value]));
const textsOf = (sections: readonly Section[], name: string) =>
  sections.find((section) => section.name === name)?.paragraphs.join('\n') ?? '';

const days = Array.from({ length: 10 }, (_, at) => `02-${String(at + 10)}`);
/** Ten days of the past on which so many files were downloaded. */
const past = (files: number) => days.flatMap((day) => didToMany(day, 'FileDownloaded', files));

describe('the summary of what one person did', () => {
  it('counts records by what was done', () => {
    const { sections } = report([
      did('03-05T10:00', 'FileDownloaded'),
      did('03-05T11:00', 'FileSyncDownloadedFull', { ObjectId: `${site}/b.docx`, ClientIP: '192.0.2.2' }),
      did('03-06T10:00', 'FileUploaded'),
      did('03-06T11:00', 'FileRecycled'),
      did('03-07T10:00', 'SharingSet', { Workload: 'OneDrive' }),
    ]);
    expect(factsOf(sections)).toMatchObject({
      ...{ Records: '5', Files: '2', Sites: '1', Downloads: '2', Uploads: '1', Deletions: '1', Shares: '1' },
      ...{ First: '2026-03-05T10:00:00.000Z', Last: '2026-03-07T10:00:00.000Z', 'Active days': '3' },
      ...{ 'IP addresses': '2', 'Names in the records': anna },
    });
    expect(rowsOf(sections, 'addresses').map(({ clientIp, records }) => [clientIp, records])).toEqual([
      ['192.0.2.1', 4],
      ['192.0.2.2', 1],
    ]);
  });

  it('takes neither what others did, nor other services, nor what was outside of the range', () => {
    const { sections } = report([
      did('03-05T10:00', 'FileDownloaded', { UserId: 'ben@fabrikam.example' }),
      did('03-05T10:00', 'FileDownloaded', { Workload: 'Exchange' }),
      did('02-28T23:59', 'FileDownloaded'),
      did('04-01T00:00', 'FileDownloaded'),
    ]);
    expect(factsOf(sections)).toMatchObject({ Records: '0', First: null });
    expect(textsOf(sections, 'summary')).toMatch(/There is no record of anna@fabrikam.example/);
  });

  it('counts what was shown as opened, and what repeats while it stays open as records only', () => {
    const names = [
      'FileAccessed',
      'FilePreviewed',
      'PageViewed',
      'FileAccessedExtended',
      'PageViewedExtended',
    ];
    const { sections } = report(names.map((name) => did('03-05T10:00', name)));
    expect(factsOf(sections)).toMatchObject({ Records: '5', Opened: '3', Downloads: '0' });
  });

  it('says that numbers are minimums when there are more names than it can tell apart', () => {
    const { sections } = report(didToMany('03-05', 'FileDownloaded', 8), { limits: { rows: 10, keys: 5 } });
    expect(factsOf(sections)).toMatchObject({ Records: '8', Files: 'at least 5', Downloads: '8' });
    expect(textsOf(sections, 'files')).toMatch(/^3 records are of further files/);
  });
});

describe('unusual volume', () => {
  const unusual = (sections: readonly Section[]) =>
    rowsOf(sections, 'unusual').map(({ severity, day, what, files, threshold }) => {
      return [severity, day, what, files, threshold];
    });

  it('is a day with many more different files than the own days before', () => {
    const { sections } = report([...past(4), ...didToMany('03-05', 'FileDownloaded', 30)]);
    expect(unusual(sections)).toEqual([['warning', '2026-03-05', 'downloaded', 30, 10]]);
  });

  it('is not a day like those before, nor one with fewer than 20 files, nor one file many times', () => {
    const again = Array.from({ length: 50 }, () => did('03-07T10:00', 'FileDownloaded'));
    const quiet = [...past(1), ...didToMany('03-05', 'FileDownloaded', 19), ...again];
    expect(unusual(report(quiet).sections)).toEqual([]);
    expect(unusual(report([...past(25), ...didToMany('03-05', 'FileDownloaded', 31)]).sections)).toEqual([]);
  });

  it('is found for deletions and shares, also of someone who never did any', () => {
    const { sections } = report([
      ...past(1),
      ...didToMany('03-05', 'FileDeleted', 20),
      ...didToMany('03-06', 'SharingSet', 21),
    ]);
    expect(unusual(sections)).toEqual([
      ['warning', '2026-03-06', 'shared', 21, 6],
      ['warning', '2026-03-05', 'deleted', 20, 6],
    ]);
  });

  it('is never claimed without enough past, and that is said', () => {
    const few = [...past(1).slice(0, 6), ...didToMany('03-05', 'FileDownloaded', 500)];
    const { sections } = report(few);
    expect(unusual(sections)).toEqual([['notice', '2026-03-05', 'downloaded', 500, null]]);
    expect(textsOf(sections, 'volume')).toMatch(/There is not enough past to compare/);
    expect(rowsOf(sections, 'usual').map(({ activeDays, finding }) => [activeDays, finding])).toEqual(
      Array.from({ length: 3 }, () => [6, 'There is not enough past to compare.']),
    );
  });

  it('compares with 28 whole days: not with the rest of the day on which the range begins', () => {
    const range = { from: new Date('2026-03-10T12:00:00Z'), to: new Date('2026-03-11T00:00:00Z') };
    const { sections, scans } = report(
      [...didToMany('03-10', 'FileDownloaded', 25), did('03-09T10:00', 'FileAccessed')],
      { range },
    );
    expect(scans[0]?.filters.from).toEqual(new Date('2026-02-10T00:00:00Z'));
    expect(rowsOf(sections, 'usual')[0]).toMatchObject({ activeDays: 1 });
    expect(unusual(sections)).toEqual([]);
  });

  it('says that a day with more files than can be distinguished is counted low', () => {
    const { sections } = report(didToMany('03-05', 'FileDownloaded', 40), { limits: { rows: 10, keys: 30 } });
    expect(rowsOf(sections, 'unusual')[0]?.['finding']).toMatch(/^At least 30 different files/);
    expect(textsOf(sections, 'volume')).toMatch(/counted low/);
  });
});

describe('shares and links', () => {
  const shared = (fields: Readonly<Record<string, string | undefined>>, operation = 'SharingSet') =>
    did('03-05T10:00', operation, fields);
  const shares = (...stored: Parameters<typeof report>) =>
    rowsOf(report(...stored).sections, 'shares').map(({ reach, recipient, severity }) => {
      return [reach, recipient, severity];
    });

  it.each([
    {
      to: 'anyone with a link',
      operation: 'AnonymousLinkCreated',
      fields: {},
      says: ['anyone with the link', 'anyone with the link'],
    },
    {
      to: 'everyone in the organization with a link',
      operation: 'SharingSet',
      fields: { TargetUserOrGroupName: 'SharingLinks.1.OrganizationEdit.2' },
      says: ['everyone in the organization', 'everyone in the organization with the link'],
    },
    {
      to: 'certain people with a link',
      operation: 'AddedToSecureLink',
      fields: { TargetUserOrGroupName: 'SharingLinks.1.Flexible.2' },
      says: ['people or groups, not known to be outside', 'certain people with the link'],
    },
    {
      to: 'a guest',
      operation: 'AddedToSecureLink',
      fields: {
        TargetUserOrGroupType: 'Guest',
        TargetUserOrGroupName: 'eve_other.example#EXT#@fabrikam.example',
      },
      says: ['outside the organization', 'eve@other.example'],
    },
    {
      to: 'an address elsewhere',
      operation: 'SharingInvitationCreated',
      fields: { TargetUserOrGroupName: 'eve@other.example' },
      says: ['outside the organization', 'eve@other.example'],
    },
    {
      to: 'everyone, which guests belong to',
      operation: 'SharingSet',
      fields: { TargetUserOrGroupName: 'Everyone' },
      says: ['outside the organization', 'Everyone'],
    },
    {
      to: 'a colleague at another domain of the organization',
      operation: 'SharingSet',
      fields: { TargetUserOrGroupType: 'Member', TargetUserOrGroupName: 'ben@fabrikam.com' },
      says: ['people or groups, not known to be outside', 'ben@fabrikam.com'],
    },
  ])('say that $to gets access', ({ operation, fields, says }) => {
    expect(shares([shared(fields, operation)])).toEqual([[...says, expect.any(String)]]);
  });

  it('have the widest access first, and what took access away last', () => {
    const all = [
      shared({}, 'AnonymousLinkRemoved'),
      shared({ TargetUserOrGroupName: 'ben@fabrikam.example' }),
      shared({ TargetUserOrGroupName: 'eve@other.example' }),
      shared({}, 'AnonymousLinkCreated'),
    ];
    expect(shares(all).map(([reach, , severity]) => [reach, severity])).toEqual([
      ['anyone with the link', 'warning'],
      ['outside the organization', 'warning'],
      ['people or groups, not known to be outside', 'notice'],
      ['access was changed, used, or taken away', 'notice'],
    ]);
    expect(factsOf(report(all).sections)).toMatchObject({
      'Shares beyond the organization': '2',
      Shares: '3',
    });
  });

  it('are counted when they are not listed', () => {
    const { sections } = report(didToMany('03-05', 'SharingSet', 7), { limits: { rows: 3, keys: 100 } });
    const table = sections.flatMap(({ tables }) => tables).find(({ name }) => name === 'shares');
    expect([table?.rows.length, table?.omitted]).toEqual([3, 4]);
  });
});

describe('the timeline', () => {
  it('has what matters first, each group in the order of time, and nothing that is everyday', () => {
    const { sections } = report([
      did('03-05T09:00', 'FileDownloaded'),
      did('03-05T10:00', 'FileRenamed'),
      did('03-05T11:00', 'FileMalwareDetected'),
      did('03-05T12:00', 'AnonymousLinkCreated'),
      did('03-05T13:00', 'FileDeleted'),
    ]);
    const rows = rowsOf(sections, 'timeline');
    expect(rows.map(({ severity, operation }) => [severity, operation])).toEqual([
      ['critical', 'FileMalwareDetected'],
      ['warning', 'AnonymousLinkCreated'],
      ['notice', 'FileRenamed'],
      ['notice', 'FileDeleted'],
    ]);
    expect(rows[1]).toMatchObject({ clientIp: '192.0.2.1', createdDateTime: '2026-03-05T12:00:00.000Z' });
    expect(rows[1]?.['recordId']).toMatch(/^0{8}-/);
  });

  it('reads texts of nothing but what it lists', () => {
    const { scans } = report([did('03-05T09:00', 'FileDownloaded'), did('03-05T10:00', 'FileRenamed')]);
    expect(scans.map(({ withTexts, filters }) => [withTexts, filters.operations])).toEqual([
      [false, undefined],
      [true, ['FileRenamed']],
    ]);
    expect(report([did('03-05T09:00', 'FileDownloaded')]).scans).toHaveLength(1);
  });

  it('reads all texts when there are very many operations', () => {
    const many = Array.from({ length: 150 }, (_, at) => did('03-05T10:00', `Operation${at}`));
    const { scans, sections } = report(many);
    expect(scans[1]?.filters.operations).toBeUndefined();
    expect(rowsOf(sections, 'timeline')).toHaveLength(150);
  });
});

describe('the options', () => {
  it('name a person', () => {
    expect(userActivity.options.safeParse({}).success).toBe(false);
    expect(userActivity.options.safeParse({ user: ' ' }).success).toBe(false);
    expect(userActivity.options.parse({ user: ` ${anna} ` })).toEqual({
      user: anna,
      services: ['SharePoint', 'OneDrive'],
    });
  });
});
