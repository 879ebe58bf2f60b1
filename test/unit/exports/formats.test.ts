/** What each form makes of records. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutralized } from '../../../shared/exports/csv-cells.ts';
import type { LineFormat } from '../../../shared/exports/export.ts';
import { fileFormat } from '../../../shared/exports/formats.ts';
import { recordMembers } from '../../../shared/records/member-kinds.ts';
import { exportedRecord } from '../../support/exports.ts';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const portalHeader =
  'RecordId,CreationDate,RecordType,Operation,UserId,AuditData,AssociatedAdminUnits,AssociatedAdminUnitsNames';

async function fileOf(format: LineFormat, texts: readonly (string | Buffer)[], bom = false): Promise<Buffer> {
  const form = fileFormat({ format, bom });
  const lines = await Promise.all(texts.map((text) => form.line(exportedRecord(text))));
  return Buffer.concat([form.head, ...lines]);
}

async function rowsOf(format: LineFormat, texts: readonly string[]): Promise<readonly string[][]> {
  return parse(await fileOf(format, texts), { record_delimiter: '\r\n' });
}

const said = {
  ...{ Id: id.toUpperCase(), CreationTime: '2026-03-01T09:00:00', RecordType: 6, Operation: 'FileAccessed' },
  ...{ UserId: 'ada@contoso.example', ObjectId: '=1+1', ClientIP: '192.0.2.7' },
};

describe('csv', () => {
  it("has the portal's columns", async () => {
    const [head, row] = await rowsOf('csv', [JSON.stringify(said)]);
    expect(head?.join(',')).toBe(portalHeader);
    const cells = [id, '2026-03-01T09:00:00Z', '6', 'FileAccessed', 'ada@contoso.example'];
    expect(row).toEqual([...cells, JSON.stringify(said), '', '']);
  });

  it('keeps fractions of a second and shows administrative units', async () => {
    const units = {
      AssociatedAdminUnits: ['unit-1', 'unit-2'],
      AssociatedAdminUnitsNames: ['=North', 'South'],
    };
    const text = JSON.stringify({ ...said, ...units, CreationTime: '2026-03-01T09:00:00.250' });
    const [, row] = await rowsOf('csv', [text]);
    expect(row?.[1]).toBe('2026-03-01T09:00:00.250Z');
    expect(row?.slice(6)).toEqual(['unit-1,unit-2', "'=North,South"]);
  });

  it('returns AuditData as the JSON it is, whatever it contains', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (members) => {
        const text = JSON.stringify({ ...members, Id: id, Operation: '@x' });
        const [, row] = await rowsOf('csv', [text]);
        expect(JSON.parse(row?.[5] ?? '')).toEqual(JSON.parse(text));
        if (neutralized(text) === text) expect(row?.[5]).toBe(text);
        expect(row?.[3]).toBe("'@x");
      }),
    );
  });

  it('neutralizes a record that is not JSON', async () => {
    expect((await rowsOf('csv', ['=cmd()']))[1]?.[5]).toBe("'=cmd()");
  });

  it('begins with a byte order mark on request', async () => {
    const file = await fileOf('csv', [], true);
    expect(file.toString()).toBe(`\uFEFF${portalHeader}\r\n`);
  });
});

describe('csvFlat', () => {
  it('has only the selected members, in their order', async () => {
    const form = fileFormat({ format: 'csvFlat', bom: false, select: ['clientIp', 'id'] });
    const line = await form.line(exportedRecord(JSON.stringify(said)));
    expect(`${form.head.toString()}${line.toString()}`).toBe(`clientIp,id\r\n192.0.2.7,${id}\r\n`);
  });

  it('has a column for each member of a listed record', async () => {
    const [head = [], row = []] = await rowsOf('csvFlat', [JSON.stringify(said)]);
    expect(head).toEqual(recordMembers);
    const cells = Object.fromEntries(head.map((name, at) => [name, row[at]]));
    expect(cells).toMatchObject({
      id,
      recordType: '6',
      objectId: "'=1+1",
      clientIp: '192.0.2.7',
      siteUrl: '',
    });
  });

  it('is read by another parser as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 50, unit: 'binary' }), async (value) => {
        const [head = [], row = []] = await rowsOf('csvFlat', [
          JSON.stringify({ ...said, Operation: value }),
        ]);
        const { operation = '' } = exportedRecord(JSON.stringify({ ...said, Operation: value })).record
          .summary;
        expect(row[head.indexOf('operation')]).toBe(neutralized(operation));
      }),
    );
  });
});

describe('ndjson', () => {
  it('has every record as delivered, one per line, and nothing else', async () => {
    const texts = [Buffer.from('{"Id": 1e400 , "=x":"\\u0041"}'), Buffer.from([0x3d, 0xff, 0xfe, 0x7b])];
    const lines = Buffer.concat(texts.flatMap((text) => [text, Buffer.from('\n')]));
    expect(await fileOf('ndjson', texts)).toEqual(lines);
    expect(await fileOf('ndjson', texts, true)).toEqual(lines);
    expect(fileFormat({ format: 'ndjson', bom: true }).alterations).toEqual([]);
  });
});
