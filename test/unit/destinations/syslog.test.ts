/** How records become messages of syslog, and which settings are taken. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { syslog, syslogSettings, type SyslogSettings } from '../../../shared/destinations/kinds/syslog.ts';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { outgoingRecord, outgoingText } from '../../support/destinations/outgoing-records.ts';

const host = 'siem.example';
const formats = ['json', 'cef', 'leef'] as const;

function settingsOf(more: object = {}): SyslogSettings {
  return syslogSettings.parse({ host, ...more });
}

/** Octet counting, the header, structured data with its three escapes, and the rest. */
const framePattern =
  /^(\d+) <(\d{1,3})>1 (\S{24}) ([\x21-\x7e]{1,255}) auditkeep - ([\x21-\x7e]{1,32}) \[auditkeep@32473((?: \w+="(?:[^"\\\]]|\\["\\\]])*")+)\] (.*)$/su;

function parsed(record: OutgoingRecord, more: object = {}) {
  const bytes = syslog.encode(record, settingsOf(more));
  const found = framePattern.exec(bytes.toString('utf8'));
  if (found === null) throw new Error(`Not a message: ${bytes.toString('utf8').slice(0, 200)}`);
  const [, octets = '', priority, time, name, id, data = '', body = ''] = found;
  const length = bytes.length - octets.length - 1;
  expect(Number(octets)).toBe(length);
  const values = [...data.matchAll(/ (\w+)="((?:[^"\\\]]|\\["\\\]])*)"/gu)];
  const members: Readonly<Record<string, string>> = Object.fromEntries(
    values.map(([, key = '', value = '']) => [key, value.replace(/\\(.)/gu, '$1')]),
  );
  return { length, priority: Number(priority), time, name, id, members, body };
}

/** As the standard describes it: keys, and values up to the blank before the next key. */
function cefOf(record: OutgoingRecord, more: object = {}) {
  const { body } = parsed(record, { format: 'cef', ...more });
  const found = /^CEF:0((?:\|(?:[^\\|]|\\[\\|])*){6})\|(.*)$/u.exec(body);
  if (found === null) throw new Error(`Not CEF: ${body.slice(0, 200)}`);
  const header = [...(found[1] ?? '').matchAll(/\|((?:[^\\|]|\\[\\|])*)/gu)].map(([, text = '']) =>
    text.replace(/\\(.)/gu, '$1'),
  );
  const pairs = [...(found[2] ?? '').matchAll(/(?:^| )([\w.]+)=((?:[^\\=]|\\[\\=n])*?)(?=$| [\w.]+=)/gu)];
  const fields: Readonly<Record<string, string>> = Object.fromEntries(
    pairs.map(([, key = '', value = '']) => [
      key,
      value.replace(/\\(.)/gu, (_, one: string) => (one === 'n' ? '\n' : one)),
    ]),
  );
  return { header, fields, body };
}

function leefOf(record: OutgoingRecord, more: object = {}) {
  const { body } = parsed(record, { format: 'leef', ...more });
  const [version, vendor, product, release, id, separator, ...rest] = body.split('|');
  expect([version, vendor, product, release, separator]).toEqual([
    'LEEF:2.0',
    'Microsoft',
    'Office 365',
    '1',
    '^',
  ]);
  const fields: Readonly<Record<string, string>> = Object.fromEntries(
    rest
      .join('|')
      .split('^')
      .map((pair): [string, string] => {
        const [key = ''] = pair.split('=');
        return [key, pair.slice(key.length + 1)];
      }),
  );
  return { id, fields };
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('=', '|', '\\', '^', '"', ']', '\n', '\r', ' ', 'a', '\u202e', '\ud800', '\0'),
  }),
  fc.constantFrom('', ' ', '\u2028', 'a'.repeat(70_000), 'ä'.repeat(5000), '😀'.repeat(2000), '\u009b31m'),
);

const full = {
  Id: 'f5b6a0ae-3b2c-4a4e-8d5c-1f2e3d4c5b6a',
  Operation: 'FileDownloaded',
  ObjectId: 'https://fabrikam.example/a.docx',
  UserKey: 'i:0h.f|membership|1',
  UserType: 2,
  ClientIP: '192.0.2.7:443',
  ResultStatus: 'Succeeded',
  SourceFileName: 'a.docx',
  UserAgent: 'Mozilla/5.0 (a; b=c)',
  Parameters: [{ Name: 'ForwardTo', Value: 'eve@other.example' }],
};

describe('a message', () => {
  it('is from facility 13, says when it happened, whose it is, and what was done', () => {
    const record = outgoingRecord(full, { place: { sequence: 1_772_440_000_000, line: 3 } });
    expect(parsed(record)).toMatchObject({
      priority: 110,
      time: '2026-03-02T08:00:00.000Z',
      name: 'Fabrikam',
      id: 'FileDownloaded',
      members: {
        tenantId: '3f0c9f1e-1111-4222-8333-444455556666',
        tenantName: 'Fabrikam',
        id: full.Id,
        sequence: '1772440000000.3',
      },
    });
  });

  it('has names of visible ASCII, whatever they are', () => {
    const name = (tenantName: string) => parsed(outgoingRecord({}, { tenantName })).name;
    expect(name('Müller & Söhne GmbH')).toBe('M-ller-&-S-hne-GmbH');
    expect(name('株式会社')).toBe('3f0c9f1e-1111-4222-8333-444455556666');
    const id = (Operation: string) => parsed(outgoingRecord({ Operation })).id;
    expect(id('Update application – Certificates and secrets management ')).toBe(
      'Update-application-Certificates',
    );
    expect(id('')).toBe('-');
  });

  it('escapes what ends structured data', () => {
    const tenantName = 'a"b\\c]d\ne';
    expect(parsed(outgoingRecord({}, { tenantName })).members['tenantName']).toBe('a"b\\c]d e');
  });

  it.each([
    [{}, 6],
    [{ ResultStatus: 'Succeeded' }, 6],
    [{ ResultStatus: 'True' }, 6],
    [{ ResultStatus: 'Failed' }, 5],
    [{ ResultStatus: 'False' }, 5],
    [{ ResultStatus: 'PartiallySucceeded' }, 5],
    [{ Operation: 'UserLoginFailed', ResultStatus: 'Success' }, 5],
    [{ RecordType: 40, Severity: 'Low' }, 5],
    [{ RecordType: 40, Severity: 'Medium' }, 4],
    [{ RecordType: 98, Severity: 'High' }, 3],
    [{ RecordType: 40, Severity: { a: 1 } }, 6],
    [{ RecordType: 6, Severity: 'High' }, 6],
  ])('of %j has severity %i', (members, severity) => {
    expect(parsed(outgoingRecord(members)).priority).toBe(13 * 8 + severity);
  });

  it('is no longer than allowed, valid UTF-8, and one line, whatever the record holds', () => {
    fc.assert(
      fc.property(
        hostile,
        hostile,
        fc.constantFrom(...formats),
        fc.constantFrom(2048, 8192, 65_536),
        (text, tenantName, format, maxMessageBytes) => {
          for (const record of [
            outgoingRecord(
              {
                ...full,
                Operation: text,
                ObjectId: text,
                UserId: text,
                UserAgent: text,
                Workload: text,
                Parameters: [text],
              },
              { tenantName },
            ),
            outgoingText(text.replaceAll('\n', ' '), { tenantName, truncated: true }),
          ]) {
            const more = { format, maxMessageBytes };
            const { length, members, body } = parsed(record, more);
            expect(length).toBeLessThanOrEqual(maxMessageBytes);
            expect(members['id']).toBe(record.id);
            if (format !== 'json') expect(body).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
            const bytes = syslog.encode(record, settingsOf(more));
            expect(Buffer.from(bytes.toString('utf8'))).toEqual(bytes);
          }
        },
      ),
    );
  });

  it('is whole up to the limit, and says from one byte more that it is cut', () => {
    const place = { sequence: 1_772_440_000_000, line: 3 };
    const at = (count: number) => parsed(outgoingRecord({ Id: full.Id, Data: 'a'.repeat(count) }, { place }));
    const room = 8192 - at(0).length;
    expect(at(room).length).toBe(8192);
    expect(at(room).members).not.toHaveProperty('truncated');
    expect(at(room + 1).members).toMatchObject({ truncated: 'true', id: full.Id });
  });
});

describe('JSON', () => {
  it('is the text of the record byte for byte', () => {
    const text = '{"Id":"x",  "n":12345678901234567890,"a":"\\u00e4\\/\u2028","a":1}';
    expect(parsed(outgoingText(text)).body).toBe(text);
  });

  it('of a record that is too long is JSON with its main members', () => {
    const record = outgoingRecord({ ...full, Data: 'a'.repeat(10_000) });
    expect(JSON.parse(parsed(record).body)).toEqual({
      AuditkeepTruncated: true,
      Id: full.Id,
      CreationTime: '2026-03-02T08:00:00',
      OrganizationId: record.tenantId,
      RecordType: 6,
      Operation: 'FileDownloaded',
      Workload: 'SharePoint',
      UserId: 'ada@fabrikam.example',
      ClientIP: '192.0.2.7',
      ResultStatus: 'Succeeded',
      UserType: 2,
      ObjectId: full.ObjectId,
      UserKey: full.UserKey,
    });
  });

  it('is JSON, whatever the record holds', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const record = outgoingRecord({
          UserId: text,
          ObjectId: text,
          UserKey: text,
          Data: 'a'.repeat(9000),
        });
        const { body } = parsed(record, { maxMessageBytes: 2048 });
        expect(JSON.parse(body)).toMatchObject({ AuditkeepTruncated: true, Id: record.id });
      }),
    );
  });
});

describe('CEF', () => {
  it('has each member where receivers look for it', () => {
    const { header, fields } = cefOf(outgoingRecord(full));
    expect(header).toEqual(['Microsoft', 'Microsoft 365', '1', 'FileDownloaded', 'FileDownloaded', '3']);
    expect(fields).toEqual({
      rt: '1772438400000',
      externalId: full.Id,
      act: 'FileDownloaded',
      outcome: 'Succeeded',
      suser: 'ada@fabrikam.example',
      suid: full.UserKey,
      src: '192.0.2.7',
      destinationServiceName: 'SharePoint',
      request: full.ObjectId,
      fname: 'a.docx',
      requestClientApplication: full.UserAgent,
      cs1Label: 'RecordType',
      cs1: 'SharePointFileOperation',
      cs2Label: 'OrganizationId',
      cs2: '3f0c9f1e-1111-4222-8333-444455556666',
      cs3Label: 'ObjectId',
      cs3: full.ObjectId,
      cs4Label: 'Parameters',
      cs4: JSON.stringify(full.Parameters),
      cs6Label: 'TenantName',
      cs6: 'Fabrikam',
      cn1Label: 'UserType',
      cn1: '2',
    });
  });

  it('has addresses of IPv6 in fields of their own', () => {
    const { fields } = cefOf(outgoingRecord({ ClientIP: '[2001:db8::1]:443' }));
    expect(fields).toMatchObject({ c6a2Label: 'Source IPv6 Address', c6a2: '2001:db8::1' });
    expect(fields).not.toHaveProperty('src');
  });

  it.each([
    ['a|b\\c', 'a|b\\c'],
    ['a\nb\r\nc', 'a b  c'],
    ['a=b', 'a=b'],
  ])('has %j in its header as %j', (Operation, expected) => {
    expect(cefOf(outgoingRecord({ Operation })).header[3]).toBe(expected);
  });

  it.each([
    ['a=b act=c', 'a=b act=c'],
    ['a\\nb\\', 'a\\nb\\'],
    ['a\nb\r\nc\rd', 'a\nb\nc\nd'],
    ['a|b', 'a|b'],
    ['a\0\tb\u009b', 'a  b '],
    ['\u202eabc', '\u202eabc'],
    ['a\ud800b', 'a\ufffdb'],
  ])('has the value %j as %j', (ObjectId, expected) => {
    expect(cefOf(outgoingRecord({ ObjectId })).fields['cs3']).toBe(expected);
  });

  it('gives back what it was made of, and no key of a value', () => {
    const visible = fc.string({
      unit: fc.constantFrom('=', '|', '\\', 'n', ' ', 'act', '^', 'ä', '😀', '\n'),
    });
    fc.assert(
      fc.property(visible, (text) => {
        const UserId = `x${text}x`;
        const { fields } = cefOf(outgoingRecord({ UserId }));
        expect(fields).toMatchObject({ suser: UserId, act: 'FileDownloaded', cs6: 'Fabrikam' });
      }),
    );
  });

  it('cuts values to the lengths of the standard, says so, and never cuts a character', () => {
    const { fields, body } = cefOf(
      outgoingRecord({ Operation: '😀'.repeat(100), SourceFileName: 'a'.repeat(2000) }),
      {
        maxMessageBytes: 60_000,
      },
    );
    expect(fields['act']).toBe('😀'.repeat(31));
    expect(fields['fname']).toHaveLength(1023);
    expect(fields).toMatchObject({ cs5Label: 'Truncated', cs5: 'true' });
    expect(body).not.toContain('\ufffd');
  });

  it('leaves out what does not fit, the least useful first, and says so', () => {
    const record = outgoingRecord({ ...full, Parameters: ['a'.repeat(3000)] });
    const { fields } = cefOf(record, { maxMessageBytes: 2048 });
    expect(fields).toMatchObject({ externalId: full.Id, suser: 'ada@fabrikam.example', cs5: 'true' });
    expect(fields).not.toHaveProperty('cs4');
    expect(cefOf(record).fields).not.toHaveProperty('cs5');
  });
});

describe('LEEF', () => {
  it('has each member where QRadar looks for it', () => {
    const { id, fields } = leefOf(outgoingRecord(full));
    expect(id).toBe('FileDownloaded');
    expect(fields).toEqual({
      devTime: '2026-03-02T08:00:00.000+0000',
      devTimeFormat: "yyyy-MM-dd'T'HH:mm:ss.SSSZ",
      cat: 'SharePoint',
      sev: '3',
      usrName: 'ada@fabrikam.example',
      src: '192.0.2.7',
      recordId: full.Id,
      tenantId: '3f0c9f1e-1111-4222-8333-444455556666',
      resultStatus: 'Succeeded',
      recordType: 'SharePointFileOperation',
      userType: '2',
      resource: full.ObjectId,
      fileName: 'a.docx',
      userKey: full.UserKey,
      userAgent: full.UserAgent,
      tenantName: 'Fabrikam',
      parameters: JSON.stringify(full.Parameters),
    });
  });

  it('has no separator and no line end in a value: it cannot escape them', () => {
    const { id, fields } = leefOf(
      outgoingRecord({ Operation: 'a|b^c\nd', ObjectId: 'x^usrName=eve\ty\n=z|' }),
    );
    expect(id).toBe('a b c d');
    expect(fields).toMatchObject({ resource: 'x usrName=eve y =z|', usrName: 'ada@fabrikam.example' });
  });

  it('says what was cut or left out', () => {
    expect(leefOf(outgoingRecord({ ...full, SourceFileName: 'a'.repeat(3000) })).fields['truncated']).toBe(
      'true',
    );
    const { fields } = leefOf(outgoingRecord({ ...full, Parameters: ['a'.repeat(1900)] }), {
      maxMessageBytes: 2048,
    });
    expect(fields).toMatchObject({ recordId: full.Id, truncated: 'true' });
  });
});

describe('settings', () => {
  const isTaken = (more: object) => syslogSettings.safeParse({ host, ...more }).success;

  it('need the host', () => {
    expect(settingsOf()).toEqual({ host, port: 6514, format: 'json', maxMessageBytes: 8192 });
    for (const name of ['a', 'siem-1.fabrikam.example', '192.0.2.1', '2001:db8::1'])
      expect(isTaken({ host: name })).toBe(true);
  });

  it.each([
    ...['', 'https://siem.example', 'siem.example:6514', 'a b', '-a', 'a/', 'a@b', '[::1]', 'a..b\n'].map(
      (name) => ({ host: name }),
    ),
    ...[0, 65_536, 1.5, '6514'].map((port) => ({ port })),
    ...[2047, 1_000_001].map((maxMessageBytes) => ({ maxMessageBytes })),
    { format: 'xml' },
    { clientCertificate: 'signing-key' },
    { protocol: 'udp' },
  ])('refuse %j', (more) => {
    expect(isTaken(more)).toBe(false);
  });
});

it('a batch is what one connection carries', () => {
  expect(z.object({ records: z.int(), bytes: z.int() }).parse(syslog.limits(settingsOf()))).toEqual({
    records: 1000,
    bytes: 1_000_000,
  });
});
