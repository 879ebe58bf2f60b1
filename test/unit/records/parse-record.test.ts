/** What is parsed from a record's text, in all the shapes that records have. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../shared/records/audit-record.ts';
import { valuesOf } from '../../../shared/records/member-kinds.ts';
import type { RecordSummary } from '../../../shared/records/delivered-members.ts';
import { parseCreationTime } from '../../../shared/records/record-time.ts';

const guid = '6b1f3c9e-0a52-4f0d-9d4e-2f0c9a7b1e55';

function parse(fields: unknown) {
  return parseRecord(Buffer.from(JSON.stringify(fields)));
}

function summaryOf(fields: Readonly<Record<string, unknown>>): RecordSummary {
  return parse(fields).summary;
}

describe("a record's id", () => {
  it.each([guid, guid.toUpperCase(), ` ${guid}\r\n`])('is its GUID in lower case: %j', (Id) => {
    expect(parse({ Id }).id).toBe(guid);
  });

  it.each([
    [undefined],
    [null],
    [''],
    ['42'],
    [42],
    [`{${guid}}`],
    [guid.slice(1)],
    [[guid]],
    [{ Id: guid }],
  ])('is derived from its content if it is %j', (Id) => {
    const { id, contentHash } = parse({ Id, Operation: 'Send' });
    expect(id).toBe(`x-${contentHash.toString('hex').slice(0, 32)}`);
  });

  it('differs between records without one whose content differs', () => {
    expect(parse({ Operation: 'Send' }).id).not.toBe(parse({ Operation: 'SendAs' }).id);
  });
});

describe('a creation time', () => {
  it.each([
    ['2026-03-02T09:14:07', '2026-03-02T09:14:07.000Z'],
    ['2026-03-02T09:14:07Z', '2026-03-02T09:14:07.000Z'],
    ['2026-03-02 09:14:07', '2026-03-02T09:14:07.000Z'],
    [' 2026-03-02T09:14:07 ', '2026-03-02T09:14:07.000Z'],
    ['2026-03-02T09:14:07.5', '2026-03-02T09:14:07.500Z'],
    ['2026-03-02T09:14:07.1234567Z', '2026-03-02T09:14:07.123Z'],
    ['2026-03-02T09:14:07+01:00', '2026-03-02T08:14:07.000Z'],
    ['2026-03-02T09:14:07-0530', '2026-03-02T14:44:07.000Z'],
    ['2026-03-02T09:14:07z', '2026-03-02T09:14:07.000Z'],
    ['2026-03-02t09:14:07z', '2026-03-02T09:14:07.000Z'],
    ['2026-03-02T09:14:07+02', '2026-03-02T07:14:07.000Z'],
    ['2026-03-02T09:14:07 +00:00', '2026-03-02T09:14:07.000Z'],
    ['2026-03-02 09:14:07 -05', '2026-03-02T14:14:07.000Z'],
    ['2026-03-02T09:14', '2026-03-02T09:14:00.000Z'],
    ['2026-03-02T09:14Z', '2026-03-02T09:14:00.000Z'],
    ['1970-01-01T00:00:00', '1970-01-01T00:00:00.000Z'],
    ['2024-02-29T23:59:59', '2024-02-29T23:59:59.000Z'],
  ])('%j is %s', (text, iso) => {
    expect(parseCreationTime(text)?.toISOString()).toBe(iso);
  });

  it.each([
    [undefined],
    [null],
    [''],
    ['yesterday'],
    [1772442847],
    ['2026-03-02'],
    ['2026-13-01T00:00:00'],
    ['2026-03-02T25:00:00'],
    ['0001-01-01T00:00:00'],
    ['1969-12-31T23:59:59'],
    ['9999-12-31T23:59:59'],
    ['03/02/2026 09:14:07'],
    ['2026-03-02T09:14:07 PST'],
    ['2026-03-02T09'],
    ['2026-03-02T09:14:07+2'],
    ['2026-03-02T09:14:07+02:00Z'],
    ['2026-03-02T09:14.5'],
  ])('is not read from %j', (value) => {
    expect(parseCreationTime(value)).toBeUndefined();
  });

  it.each(['2026-02-30T09:14:07', '2025-02-29T09:14:07', '2026-04-31 09:14:07'])(
    'is not moved to another day: %s does not exist',
    (text) => {
      expect(parseCreationTime(text)).toBeUndefined();
    },
  );

  it('is read to the millisecond', () => {
    const moments = fc.date({ min: new Date(0), max: new Date(9_999_999_999_999), noInvalidDate: true });
    fc.assert(
      fc.property(moments, fc.constantFrom('T', ' '), fc.constantFrom('Z', ''), (moment, middle, zone) => {
        const text = moment.toISOString().replace('T', middle).replace('Z', zone);
        expect(parseCreationTime(text)).toEqual(moment);
      }),
    );
  });
});

describe('the summary of a record', () => {
  it('has the members as delivered', () => {
    const operation = 'Update application – Certificates and secrets management ';
    expect(
      summaryOf({
        ...{ Operation: operation, UserId: 'Ada@Contoso.example', UserKey: '100300', Workload: 'SharePoint' },
        ...{
          ObjectId: 'https://contoso.example/a b',
          ResultStatus: 'PartiallySucceeded',
          SiteUrl: 'https://c/',
        },
        ...{ MailboxOwnerUPN: 'bo@contoso.example', AADGroupId: 'g', OrganizationId: guid },
      }),
    ).toMatchObject({
      ...{ operation, userId: 'Ada@Contoso.example', userKey: '100300', service: 'SharePoint' },
      ...{
        objectId: 'https://contoso.example/a b',
        resultStatus: 'PartiallySucceeded',
        siteUrl: 'https://c/',
      },
      ...{ mailboxOwner: 'bo@contoso.example', teamId: 'g', organizationId: guid },
    });
  });

  it.each([
    'NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)',
    'NT SERVICE\\MSExchange',
    'ServicePrincipal_6b1f3c9e-0a52-4f0d-9d4e-2f0c9a7b1e55',
    'app@sharepoint',
    'S-1-5-18',
    guid,
    'CONTOSO\\ada',
    'Certificate',
    'NOT-FOUND',
    'Unknown',
    'urn:spo:guest#ada@contoso.example',
    'שָׁלוֹם@contoso.example',
    '👩‍💻@contoso.example',
  ])('keeps the user %s', (UserId) => {
    expect(summaryOf({ UserId }).userId).toBe(UserId);
  });

  it.each([[''], ['  '], ['<null>'], ['__NULL__'], [null], [undefined], [[]], [{}]])(
    'takes %j for nothing, in every text',
    (nothing) => {
      const texts = ['Operation', 'UserId', 'UserKey', 'Workload', 'ObjectId', 'ResultStatus', 'SiteUrl'];
      const more = [
        'MailboxOwnerUPN',
        'AADGroupId',
        'TeamGuid',
        'ClientIP',
        'ClientIPAddress',
        'ActorIpAddress',
      ];
      const names = [...texts, ...more, 'OrganizationId', 'RecordType', 'UserType'];
      const summary = summaryOf(Object.fromEntries(names.map((name) => [name, nothing])));
      expect(Object.values(summary).filter((value) => value !== undefined)).toEqual([]);
    },
  );

  it.each([true, 7])('shows %j in place of the usual text', (value) => {
    expect(summaryOf({ ResultStatus: value }).resultStatus).toBe(String(value));
  });

  it.each([
    ['RecordType', 20, 20],
    ['RecordType', '20', 20],
    ['RecordType', 'SharePointFileOperation', 6],
    ['RecordType', 'sharepointfileoperation', 6],
    ['RecordType', 99_999, 99_999],
    ['RecordType', 'NobodyKnows', undefined],
    ['RecordType', 1.5, undefined],
    ['RecordType', 99_999_999_999, undefined],
  ])('reads %s %j as %j', (name, delivered, number) => {
    expect(summaryOf({ [name]: delivered }).recordType).toBe(number);
  });

  it.each([
    [0, 0],
    ['5', 5],
    ['Admin', 2],
    ['guest', 10],
    [77, 77],
    ['Unknown', undefined],
  ])('reads the user type %j as %j', (UserType, number) => {
    expect(summaryOf({ UserType }).userType).toBe(number);
  });

  it('takes the address from ClientIP, ClientIPAddress, or ActorIpAddress, in this order', () => {
    const ActorIpAddress = '192.0.2.3';
    const ClientIPAddress = '192.0.2.2';
    expect(summaryOf({ ActorIpAddress, ClientIPAddress, ClientIP: '192.0.2.1' }).clientIp).toBe('192.0.2.1');
    expect(summaryOf({ ActorIpAddress, ClientIPAddress, ClientIP: '' }).clientIp).toBe('192.0.2.2');
    expect(summaryOf({ ActorIpAddress, ClientIP: '<null>', ClientIPAddress: null }).clientIp).toBe(
      '192.0.2.3',
    );
  });

  it.each(['null', 'Not Available', 'Unknown', 'None', 'NOT-FOUND'])(
    'knows that %s is not an address',
    (ClientIP) => {
      expect(summaryOf({ ClientIP }).clientIp).toBeUndefined();
      expect(summaryOf({ ClientIP, ActorIpAddress: '192.0.2.3' }).clientIp).toBe('192.0.2.3');
    },
  );

  it('takes the team from AADGroupId or TeamGuid, in this order, and is found by either', () => {
    const both = summaryOf({ AADGroupId: 'group', TeamGuid: 'thread' });
    expect([both.teamId, valuesOf(both, 'teamId')]).toEqual(['group', ['group', 'thread']]);
    expect(summaryOf({ AADGroupId: '', TeamGuid: 'thread' }).teamId).toBe('thread');
    expect(valuesOf(summaryOf({ AADGroupId: 'same', TeamGuid: 'Same ' }), 'teamId')).toEqual(['same']);
  });

  it.each([
    [{ ClientIP: '192.0.2.1, 198.51.100.2' }, ['192.0.2.1', '198.51.100.2']],
    [{ ClientIP: '192.0.2.1:443,[2001:DB8::1]:443;192.0.2.1' }, ['192.0.2.1', '2001:db8::1']],
    [{ ClientIP: '192.0.2.10', ClientIPAddress: '2001:db8::bad' }, ['192.0.2.10', '2001:db8::bad']],
    [{ ClientIP: '192.0.2.10', ClientIPAddress: '[192.0.2.10]:443' }, ['192.0.2.10']],
    [{ ClientIP: '-', ActorIpAddress: '198.51.100.13' }, ['198.51.100.13']],
    [{ ClientIP: 'N/A', ClientIPAddress: ' - , 198.51.100.13' }, ['198.51.100.13']],
    [{ ClientIP: '--', ActorIpAddress: '?' }, []],
    [{ UserIp: '203.0.113.41', RecordType: 41 }, ['203.0.113.41']],
    [{ ActorIP: '203.0.113.41' }, ['203.0.113.41']],
    [{ ClientIPs: ['192.0.2.1', '192.0.2.2'] }, ['192.0.2.1', '192.0.2.2']],
    [{ ClientIP: '::' }, ['::']],
  ])('of %j is found by each distinct address: %j', (fields, addresses) => {
    const summary = summaryOf(fields);
    expect([summary.clientIp, valuesOf(summary, 'clientIp')]).toEqual([addresses[0], addresses]);
  });

  it('is found by few addresses, however many are delivered', () => {
    const many = Array.from({ length: 5000 }, (_, at) => `192.0.${at >> 8}.${at & 255}`);
    expect(valuesOf(summaryOf({ ClientIP: many.slice(0, 150).join(',') }), 'clientIp')).toHaveLength(20);
    expect(valuesOf(summaryOf({ ClientIPs: many }), 'clientIp')).toHaveLength(20);
  });

  it.each([
    ['https://contoso.sharepoint.com/sites/Example/SitePages/Home.aspx', '/sites/Example'],
    ['https://contoso.sharepoint.com/sites/Example', '/sites/Example'],
    ['https://contoso.sharepoint.com/teams/A%20B/Lists/x', '/teams/A B'],
    ['https://contoso.sharepoint.com/SitePages/Home.aspx', '/'],
    ['https://contoso.sharepoint.com', '/'],
    ['https://contoso.sharepoint.com/sites/', '/'],
  ])('without a site is in the one that %s is in', (ObjectId, path) => {
    expect(summaryOf({ ObjectId }).siteUrl).toBe(`https://contoso.sharepoint.com${path}`);
  });

  it.each([
    'https://contoso.example/sites/Example',
    'https://sharepoint.com.contoso.example/sites/x',
    'http://contoso.sharepoint.com/sites/x',
    '/sites/Example',
    'contoso.sharepoint.com/sites/x',
  ])('is in no site because of %s', (ObjectId) => {
    expect(summaryOf({ ObjectId }).siteUrl).toBeUndefined();
  });

  it('is in the site that it names, whatever its object is', () => {
    const ObjectId = 'https://contoso.sharepoint.com/sites/a/sub/x.docx';
    const SiteUrl = 'https://contoso.sharepoint.com/sites/a/sub/';
    expect(summaryOf({ ObjectId, SiteUrl }).siteUrl).toBe(SiteUrl);
  });
});

describe('a text that cannot be parsed', () => {
  it.each(['', 'null', '[]', '"{}"', '{"Id":', '{"Operation":"raw \u0001 control"}', '\u0000'])(
    'has an id and its bytes: %j',
    (text) => {
      const bytes = Buffer.from(text);
      const record = parseRecord(bytes);
      expect(record).toMatchObject({ understood: false, createdDateTime: undefined, summary: {} });
      expect(record.id).toMatch(/^x-[0-9a-f]{32}$/);
      expect(record.bytes.equals(bytes)).toBe(true);
    },
  );
});

describe('parsing a record never throws', () => {
  const fieldNames = ['Id', 'CreationTime', 'RecordType', 'UserType', 'UserId', 'ClientIP', 'Operation'];
  const anyFields = fc.record(
    Object.fromEntries(fieldNames.map((name) => [name, fc.oneof(fc.string(), fc.jsonValue())])),
    { requiredKeys: [] },
  );

  it('for arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (array) => {
        const bytes = Buffer.from(array);
        expect(parseRecord(bytes).bytes.equals(bytes)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('for arbitrary JSON, of which it parses every object', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anyFields), (value) => {
        const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
        const record = parse(value);
        expect(record.understood).toBe(isObject);
        expect(record.id).toMatch(/^(x-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('for a value of 12 MiB next to a number that JavaScript would round', () => {
    const text = `{"Id":"${guid}","n":12345678901234567890,"Data":"${'x'.repeat(12 * 1024 * 1024)}"}`;
    expect(parseRecord(Buffer.from(text))).toMatchObject({ id: guid, understood: true });
  });

  it.each([
    ['[', ']'],
    ['{"a":', '}'],
  ])('for 100,000 levels of %s', (open, close) => {
    const deep = `${open.repeat(100_000)}1${close.repeat(100_000)}`;
    const record = parseRecord(Buffer.from(`{"Id":"${guid}","UserId":"ada@contoso.example","Deep":${deep}}`));
    expect(record).toMatchObject({ id: guid, understood: true, summary: { userId: 'ada@contoso.example' } });
    expect(parseRecord(Buffer.from(deep.slice(0, -1))).understood).toBe(false);
  });
});
