/** The filter language: what it accepts, what it refuses and where, and what it means. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../shared/query/filter-language/compile-filter.ts';
import type { FilterNode } from '../../../shared/query/filter-language/filter-node.ts';
import { maxFilterLength, parseFilter } from '../../../shared/query/filter-language/parse-filter.ts';
import { FilterSyntaxError } from '../../../shared/query/filter-language/tokens.ts';
import { conjunctsOf, rangeOf } from '../../../shared/query/filter-language/push-down.ts';
import { createRecordText } from '../../../shared/query/matching/free-text.ts';
import type { IndexedRecord } from '../../../shared/records/indexed-record.ts';
import { costGrowth, linearGrowth } from '../../support/cost-growth.ts';

const record: IndexedRecord = {
  id: 'x-1',
  createdDateTime: new Date('2026-03-02T09:00:00Z'),
  createdSource: 'record',
  summary: {
    userId: 'Ada@contoso.example',
    operation: "Bo's",
    recordType: 6,
    clientIp: '192.0.2.1',
    siteUrl: 'https://contoso.example/',
  },
  contentType: 'Audit.General',
  source: 'feed',
  ingestedDateTime: new Date('2026-03-02T10:00:00Z'),
};
const text = createRecordText(
  Buffer.from(
    '{"ExternalAccess":true,"Item":{"Size":12,"Path":"\\\\Inbox","At":"2026-03-02T09:00:00"},"List":[1]}',
  ),
);

/** The node, or the error that says where the filter is invalid. */
function attempt(filter: string): FilterNode | FilterSyntaxError {
  try {
    return parseFilter(filter);
  } catch (error) {
    if (error instanceof FilterSyntaxError) return error;
    throw error;
  }
}

function resultOf(filter: string, { withText = true } = {}): boolean | undefined {
  return compileFilter(parseFilter(filter))(record, withText ? text : undefined);
}

describe('a filter', () => {
  it.each([
    ["userId eq 'ada@CONTOSO.example'", true],
    ["userId eq 'ada'", false],
    ["userId ne 'ada'", true],
    ["operation eq 'Bo''s'", true],
    ["startswith(userId,'ada@')", true],
    ["endswith(userId, '.EXAMPLE')", true],
    ["contains(userId,'so.ex')", true],
    ["not contains(userId,'so.ex')", false],
    ["objectId eq 'x'", false],
    ["objectId ne 'x'", true],
    ['objectId eq null', true],
    ['userId eq null', false],
    ['userId ne null', true],
    ["objectId in ('x',null)", true],
    ["contains(objectId,'x')", false],
    ["not contains(objectId,'x')", true],
    ["objectId gt 'x'", false],
    ["not (objectId gt 'x')", true],
    ['recordType eq 6', true],
    ['recordType in (5, 6)', true],
    ['recordType gt 6', false],
    ['recordType ge 6 and recordType le 6', true],
    ['createdDateTime eq 2026-03-02T09:00:00Z', true],
    ['createdDateTime lt 2026-03-02T10:00:00+01:00', false],
    ["createdDateTime ge '2026-03-02'", true],
    ["clientIp eq '[192.0.2.1]:443'", true],
    ["siteUrl eq 'HTTPS://contoso.example'", true],
    ["userId gt 'ad'", true],
    ["userId lt 'b' and userId ge 'ada'", true],
    ["userId eq 'x' or recordType eq 6 and operation eq 'x'", false],
    ["(userId eq 'x' or recordType eq 6) and not (operation eq 'x')", true],
    ['not not recordType eq 6', true],
    ['auditData/ExternalAccess eq true', true],
    ['auditData/ExternalAccess eq false', false],
    ['auditData/Item/Size ge 12', true],
    ["auditData/Item/Size eq '12'", false],
    ["auditData/Item/Path eq '\\inbox'", true],
    ['auditData/Item/At eq 2026-03-02T09:00:00Z', true],
    ['auditData/List/0 eq null', true],
    ['auditData/__proto__/x eq null', true],
    ["contains(auditData,'\\INBOX')", true],
    ["contains(auditData,'outbox')", false],
  ])('%s is %s', (filter, result) => {
    expect(resultOf(filter)).toBe(result);
  });

  it.each([
    ['auditData/ExternalAccess eq true', undefined],
    ['recordType eq 7 and auditData/ExternalAccess eq true', false],
    ['recordType eq 6 or auditData/ExternalAccess eq true', true],
    ["not contains(auditData,'x')", undefined],
  ])('%s is %s while the text is not known', (filter, result) => {
    expect(resultOf(filter, { withText: false })).toBe(result);
  });

  it.each<[string, number]>([
    ['', 0],
    ['userId', 6],
    ['userId eq', 9],
    ["userId eq 'x", 10],
    ['userId eq x', 10],
    ['userId eq 6', 10],
    ["recordType eq '6'", 14],
    ['createdDateTime gt 6', 19],
    ['createdDateTime gt 2026-02-30', 19],
    ['userId gt null', 0],
    ["nothing eq 'x'", 0],
    ['nothing eq', 0],
    ["recordType eq 6 and nothing in ('x')", 20],
    ["startswith(nothing,'x')", 11],
    ["administrativeUnits eq 'x'", 0],
    ["auditData eq 'x'", 0],
    ["startswith(auditData,'x')", 11],
    ["tolower(userId) eq 'x'", 0],
    ["userId like 'x'", 7],
    ["userId = 'x'", 7],
    ["userId eq 'x' xor userId eq 'y'", 14],
    ["(userId eq 'x'", 14],
    ["userId eq 'x')", 13],
    ["userId in ('x'", 14],
    ['userId in ()', 11],
    ['recordType eq 6.', 14],
    [';', 0],
    [`${'('.repeat(30)}recordType eq 6${')'.repeat(30)}`, 20],
    [`${'not '.repeat(30)}recordType eq 6`, 80],
    [Array(201).fill('recordType eq 6').join(' or '), 3800],
    [`recordType in (${Array(101).fill('6').join()})`, 214],
  ])('is invalid at a character: %s', (filter, at) => {
    expect(() => parseFilter(filter)).toThrow(expect.objectContaining({ name: 'FilterSyntaxError', at }));
  });

  it.each([
    '10032000A1B2C3D4',
    '10032000a1b2c3d4@contoso.example',
    'i:0h.f|membership|10032000a1b2c3d4@live.com',
  ])('finds a person by the PUID in the user key %s', (userKey) => {
    const known = { ...record, summary: { ...record.summary, userKey } };
    const matches = (filter: string) => compileFilter(parseFilter(filter))(known, text);
    expect(matches("contains(userKey,'10032000A1B2C3D4')")).toBe(true);
    expect(matches("contains(userKey,'10032000A1B2C3D5')")).toBe(false);
  });

  it.each([
    ['=', 'eq'],
    ['==', 'eq'],
    ['!=', 'ne'],
    ['<>', 'ne'],
    ['>=', 'ge'],
    ['<=', 'le'],
    ['>', 'gt'],
    ['<', 'lt'],
  ])('says what to write for %s', (sign, operator) => {
    expect(() => parseFilter(`operation ${sign} 'Send'`)).toThrow(`unexpected '${sign}'; use ${operator}`);
    expect(() => parseFilter(`operation${sign}'Send'`)).toThrow(`unexpected '${sign}'; use ${operator}`);
  });

  it('says how texts are quoted when one has double quotes', () => {
    expect(() => parseFilter('userId eq "ada"')).toThrow(/^texts are in single quotes/);
    expect(attempt('createdDateTime ge 2026-03-02t09:00:00z')).toMatchObject({ op: 'ge' });
    expect(attempt('createdDateTime ge 2026-03-02T10:00:00+0100')).toMatchObject({ op: 'ge' });
  });

  it.each([
    ['createdDateTime ge 2026-03-02T09:00:00 01:00', 38],
    ['createdDateTime ge 2026-03-02T09:00:00 0100', 38],
    ['createdDateTime ge 2026-03-02t09:00 0530 and recordType eq 6', 35],
    ["createdDateTime in (2026-03-02T09:00Z, '2026-03-02T09:00:00.5 0100')", 61],
  ])('says how to write a plus that became a blank: %s', (lost, at) => {
    const message = 'a blank before a time zone: in an address, write + as %2B';
    expect(() => parseFilter(lost)).toThrow(expect.objectContaining({ message, at }));
  });

  it('takes no other blank after a moment for a plus', () => {
    for (const after of ['6', '01', '01000', '01:00:00', '0100Z', 'x'])
      expect(() => parseFilter(`createdDateTime ge 2026-03-02T09:00:00 ${after}`)).not.toThrow(/%2B/);
    expect(attempt("userId eq '2026-03-02T09:00:00 0100'")).toMatchObject({ op: 'in' });
  });

  it('is parsed or rejected, whatever the text, and in time', () => {
    const part = fc.constantFrom(
      "'",
      '(',
      ')',
      ',',
      ' ',
      'userId',
      ' eq ',
      "'x'",
      ' and ',
      'not ',
      '6',
      '/',
      '2026-',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ unit: 'binary', maxLength: 5 }))), (parts) => {
        expect(attempt(parts.join(''))).toBeTypeOf('object');
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["'a", '(', 'not ', "''", '1', '- ', 'a/', "a/'", "/'a'", '2026-03-02'])(
    'is refused in time, however often it repeats %s',
    (piece) => {
      const growth = costGrowth(maxFilterLength / piece.length, (times) => attempt(piece.repeat(times)));
      expect(growth).toBeLessThan(linearGrowth);
    },
  );
});

describe('a path into a record', () => {
  const listed = {
    Parameters: [
      { Name: 'Identity', Value: 'Director' },
      { Name: 'ForwardingSmtpAddress', Value: 'smtp:x@fabrikam.example' },
      { Name: 'Force' },
    ],
    ExtendedProperties: JSON.stringify([{ Name: 'UserAgent', Value: 'Client/1' }]),
    ModifiedProperties: [
      { Name: 'Role.DisplayName', NewValue: 'Global Administrator', OldValue: '' },
      { Name: 'Included Updated Properties', NewValue: 'KeyDescription', OldValue: null },
      "Bo's",
    ],
    ExtraProperties: [{ Key: 'TimeZone', Value: 'UTC' }],
    Actor: [
      { ID: 'ada@contoso.example', Type: 5 },
      { ID: '1003', Type: 3 },
    ],
    Folders: [{ FolderItems: [{ Size: 12 }, { Size: 40 }] }, { FolderItems: null }],
    Recipients: ['bo@contoso.example', 'cy@contoso.example'],
    CommandLine: '-Identity "Director" -Force -Comment (-Identity cy) -Limit:5',
    Data: '{"Severity":{"Level":"High"}}',
    Nothing: [],
    NewValue: 'own',
    Deep: [[{ Name: 'x', Value: 'y' }]],
  };
  const inRecord = createRecordText(Buffer.from(JSON.stringify(listed)));
  const holds = (filter: string) => compileFilter(parseFilter(filter))(record, inRecord);

  it.each([
    ['auditData/Parameters/ForwardingSmtpAddress ne null', true],
    ['auditData/Parameters/forwardingsmtpaddress ne null', true],
    ['auditData/Parameters/ForwardingAddress ne null', false],
    ["auditData/Parameters/Identity eq 'director'", true],
    ["auditData/Parameters/Identity ne 'director'", false],
    ["auditData/Parameters/Name eq 'Force'", true],
    ['auditData/Parameters/Force eq null', true],
    ["startswith(auditData/Parameters/ForwardingSmtpAddress,'smtp:')", true],
    ["auditData/ExtendedProperties/UserAgent eq 'client/1'", true],
    ["auditData/ModifiedProperties/Role.DisplayName/NewValue eq 'global administrator'", true],
    ["auditData/ModifiedProperties/Role.DisplayName eq 'global administrator'", true],
    ["auditData/ModifiedProperties/Role.DisplayName/OldValue eq ''", true],
    ["contains(auditData/ModifiedProperties/'Included Updated Properties','key')", true],
    ["auditData/ModifiedProperties/'Included Updated Properties'/OldValue eq null", true],
    ["auditData/ModifiedProperties eq 'bo''s'", true],
    ["auditData/ExtraProperties/TimeZone eq 'utc'", true],
    ["auditData/Actor/ID eq '1003'", true],
    ["auditData/Actor/ID in ('x','ADA@contoso.example')", true],
    ["auditData/Actor/ID ne '1003'", false],
    ['auditData/Actor/Type gt 4', true],
    ['auditData/Actor/Type gt 5', false],
    ['auditData/Folders/FolderItems/Size eq 40', true],
    ["contains(auditData/Recipients,'cy@')", true],
    ["auditData/CommandLine/Limit eq '5'", true],
    ["auditData/CommandLine/Comment eq '-Identity cy'", true],
    ["auditData/CommandLine/Identity eq 'cy'", false],
    ["auditData/Data/Severity/Level eq 'high'", true],
    ['auditData/Nothing eq null', true],
    ['auditData/Nothing/x eq null', true],
    ["auditData/NewValue eq 'own'", true],
    ['auditData/Deep/x eq null', true],
    ['auditData/Recipients/length eq null', true],
    ['auditData/Actor/constructor eq null', true],
  ])('%s is %s', (filter, result) => {
    expect(holds(filter)).toBe(result);
  });

  it.each(['-a (', '-a "', "-a '", '-a ', '[', '[{"Name":"a"},'])(
    'is followed in time, however often a command line or a list repeats %s',
    (piece) => {
      const growth = costGrowth(200_000, (times) => {
        const text = createRecordText(Buffer.from(JSON.stringify({ P: piece.repeat(times) })));
        expect(compileFilter(parseFilter('auditData/P/x/y ne null'))(record, text)).toBe(false);
      });
      expect(growth).toBeLessThan(linearGrowth);
    },
  );
});

describe('a search in a value with outer blanks', () => {
  const operation = ' Update application – Certificates and secrets management ';
  const blanks = { ...record, summary: { operation } };
  const found = (filter: string) => compileFilter(parseFilter(filter))(blanks);

  it.each([
    ["endswith(operation,'secrets management ')", true],
    ["endswith(operation,'secrets management')", true],
    ["startswith(operation,' update')", true],
    ["startswith(operation,'update')", true],
    ["contains(operation,'MANAGEMENT ')", true],
    ["contains(operation,' ')", true],
    ["endswith(operation,'management  ')", false],
    ["startswith(operation,'application')", false],
    ["operation eq 'update application – certificates and secrets management'", true],
  ])('%s is %s', (filter, result) => {
    expect(found(filter)).toBe(result);
  });

  it('finds what was delivered, whatever a value begins and ends with', () => {
    const value = fc.array(fc.constantFrom(' ', 'a', 'B', '\u00a0', 'é'), { minLength: 1 });
    fc.assert(
      fc.property(value, fc.nat(), fc.nat(), (characters, from, length) => {
        const delivered = characters.join('');
        const at = from % delivered.length;
        const piece = delivered.slice(at, at + 1 + (length % delivered.length));
        const one = { ...record, summary: { operation: delivered } };
        const searches = [
          ['contains', piece],
          ['startswith', delivered.slice(0, at + 1)],
          ['endswith', delivered.slice(at)],
        ];
        for (const [search = '', text = ''] of searches) {
          expect(compileFilter(parseFilter(`${search}(operation,'${text}')`))(one)).toBe(true);
        }
      }),
    );
  });
});

describe('the part of a filter that storage evaluates', () => {
  it.each([
    ["userId eq 'a'", [{ member: 'userId', texts: ['a'], numbers: [] }]],
    ["userId in ('a','b') and recordType eq 6", 2],
    ["userId eq 'a' or userId eq 'b'", [{ member: 'userId', texts: ['a', 'b'], numbers: [] }]],
    ["auditLogRecordType eq 'SharePoint'", [{ member: 'recordType', texts: [], numbers: [4] }]],
    ["userId eq 'a' or operation eq 'b'", []],
    ["userId eq 'a' or userId eq 'b' and operation eq 'c'", []],
    ["not (userId eq 'a')", []],
    ["userId in ('a',null)", []],
    ["userId gt 'a'", []],
  ])('of %s', (filter, wanted) => {
    const conjuncts = conjunctsOf(parseFilter(filter));
    if (typeof wanted === 'number') expect(conjuncts).toHaveLength(wanted);
    else expect(conjuncts).toEqual(wanted);
  });

  it.each([
    ['createdDateTime ge 2026-03-01 and createdDateTime lt 2026-03-02', '2026-03-01', '2026-03-02'],
    ['createdDateTime gt 2026-03-01', '2026-03-01T00:00:00.001Z', undefined],
    ['createdDateTime le 2026-03-01', undefined, '2026-03-01T00:00:00.001Z'],
    ['createdDateTime eq 2026-03-01', '2026-03-01', '2026-03-01T00:00:00.001Z'],
    ['createdDateTime ne 2026-03-01', undefined, undefined],
    ['not (createdDateTime gt 2026-03-01)', undefined, undefined],
    ['ingestedDateTime gt 2026-03-01', undefined, undefined],
    ['createdDateTime ge 2026-03-01 or recordType eq 6', undefined, undefined],
  ])('is the range of %s', (filter, from, to) => {
    const range = rangeOf(parseFilter(filter));
    expect([range.from, range.to]).toEqual(
      [from, to].map((text) => (text === undefined ? text : new Date(text))),
    );
  });
});
