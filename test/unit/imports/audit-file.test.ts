/** Files of audit records as people have them. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAuditFile, readAuditRows } from '../../../shared/imports/audit-file.ts';

const record =
  '{"Id":"0f0e0d0c-0b0a-4908-8706-050403020100", "Operation":"New-InboxRule","Size":1.50,"UserId":"ada@contoso.example"}';
const other =
  '{"Id":"1f0e0d0c-0b0a-4908-8706-050403020100","CreationTime":"2026-03-02T08:00:00","Name":"a \\"b\\" ü"}';

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const portal = [
  'RecordId,CreationDate,RecordType,Operation,UserId,AuditData,AssociatedAdminUnits,AssociatedAdminUnitsNames',
  `1,9/20/2023 4:05:03 AM,8,New-InboxRule,ada,${quoted(record)},,`,
  `2,9/20/2023 4:05:03 AM,8,New-InboxRule,ada,${quoted(other)},,`,
].join('\r\n');
const psRow = (text: string) => ({ RecordType: 2, CreationDate: 'x', Operations: 'x', AuditData: text });
const graphRow = (text: string) => ({
  ...{ id: '1', operation: 'x', userPrincipalName: 'ada' },
  auditData: { '@odata.type': '#microsoft.graph.security.defaultAuditData', ...(JSON.parse(text) as object) },
});

async function read(file: string | Uint8Array, chunkBytes = 7): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { text } of readAuditFile(inChunks(Buffer.from(file), chunkBytes))) texts.push(text);
  return texts;
}

async function* inChunks(bytes: Buffer, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    yield await Promise.resolve(bytes.subarray(at, at + chunkBytes));
  }
}

const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
const exact = [record, other];
const parsed = exact.map((text) => JSON.stringify(JSON.parse(text)));

describe('a file of audit records', () => {
  it.each<readonly [string, string | Uint8Array, readonly string[]]>([
    ['one record per line', `${record}\n${other}\n`, exact],
    ['Windows line ends, a byte order mark, and blank lines', `\uFEFF\r\n${record}\r\n\r\n${other}`, exact],
    ['a JSON array', `[\n${record},\n  ${other}\n]\n`, exact],
    [
      'rows of Search-UnifiedAuditLog, one per line',
      exact.map((t) => JSON.stringify(psRow(t))).join('\n'),
      exact,
    ],
    ['rows of Search-UnifiedAuditLog by ConvertTo-Json', JSON.stringify(exact.map(psRow), null, 2), exact],
    ['one row by ConvertTo-Json', JSON.stringify(psRow(record), null, 4), [record]],
    ['UTF-16, as Out-File of Windows PowerShell writes it', utf16(`${record}\r\n${other}\r\n`), exact],
    ['UTF-16 without a byte order mark', Buffer.from(`${record}\n${other}`, 'utf16le'), exact],
    ['a file compressed with gzip', gzipSync(`${record}\n${other}`), exact],
    ['the CSV of the Purview portal', portal, exact],
    [
      'the CSV of Windows PowerShell',
      utf16(`#TYPE Deserialized.X\r\n"UserIds","AuditData"\r\n"a",${quoted(record)}`),
      [record],
    ],
    ['a CSV with semicolons', `UserIds;AuditData\nada;${quoted(record)}\n`, [record]],
    ['a CSV with AuditData only', `AuditData\n${quoted(record)}\n${quoted(other)}`, exact],
    [
      'the rows of Graph, as it answers',
      JSON.stringify({ '@odata.context': 'x', value: exact.map(graphRow) }),
      parsed,
    ],
    ['a pretty-printed answer of Graph', JSON.stringify({ value: exact.map(graphRow) }, null, 2), parsed],
    ['records over several lines', `[${JSON.stringify(JSON.parse(other), null, 2)}]`, [parsed[1] ?? '']],
  ])('can be %s', async (_what, file, texts) => {
    expect((await read(file)).map(normalized)).toEqual(texts.map(normalized));
  });

  it('keeps the exact text of records', async () => {
    expect(await read(`${record}\n${other}`)).toEqual(exact);
    expect(await read(`[${record} , ${other}]`)).toEqual(exact);
    expect(await read(portal)).toEqual(exact);
    expect(await read(JSON.stringify(exact.map(psRow)))).toEqual(exact);
  });

  it('may arrive in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 400 }), fc.boolean(), async (size, wide) => {
        const file = `${record}\n${other}\n`;
        expect(await read(wide ? utf16(file) : file, size)).toEqual(exact);
        expect(await read(wide ? utf16(portal) : portal, size)).toEqual(exact);
      }),
    );
  });

  it.each<readonly [string, string | Uint8Array, RegExp]>([
    ['nothing', '', /^contains no records$/],
    ['blank lines', '\n\r\n  \n', /^contains no records$/],
    ['an empty array', '[]', /^contains no records$/],
    ['titles of columns only', 'CreationDate,AuditData\n', /^contains no records$/],
    [
      'objects that are not audit records',
      `${record}\n{"name":"x"}\n`,
      /^line 2: this is not an audit record: it has none of Id/,
    ],
    ['a broken line', `${record}\n{"Id":`, /^line 2: this is not a single JSON object$/],
    [
      'a row without AuditData',
      JSON.stringify([psRow('')]),
      /^element 1: AuditData is empty\. Use an export/,
    ],
    [
      'AuditData that is cut short',
      `AuditData\n${quoted('{"Id":"x"')}`,
      /^the row that ends in line 2: AuditData is not a JSON object/,
    ],
    [
      'an array with something else',
      `[${record}, 3]`,
      /^is not a JSON array of objects: an object was expected/,
    ],
    ['another CSV', 'Date,User\n1,2\n', /^is neither JSON nor CSV with a column AuditData\. Use an export/],
    ['a broken CSV', 'AuditData\n"{""Id"": 1}', /^is not valid CSV \(CSV_QUOTE_NOT_CLOSED\)\. Use an export/],
    [
      'a workbook',
      Buffer.from('PK\u0003\u0004...'),
      /^is a ZIP archive or a workbook: unpack the archive, or use the file as it was exported$/,
    ],
    [
      'a damaged gzip file',
      gzipSync(record).subarray(0, 40),
      /^has damaged gzip compression, or its end is missing$/,
    ],
    ['gzip within gzip', gzipSync(gzipSync(record)), /^is compressed twice: unpack it once$/],
    [
      'a row without AuditData, in CSV',
      `Date,AuditData\n1,${quoted(record)}\n2\n`,
      /^the row that ends in line 3: AuditData is empty\. Use an export/,
    ],
    [
      'CSV in another encoding',
      Buffer.from(`AuditData\n${quoted(record)}\n\xe9`, 'latin1'),
      /^is not text in UTF-8: save it as UTF-8$/,
    ],
    [
      'CSV in a damaged gzip file',
      gzipSync(`AuditData\n${quoted(record)}`).subarray(0, 60),
      /^has damaged gzip compression, or its end is missing$/,
    ],
    [
      'text in another encoding',
      Buffer.from(`${record}\n{"Id":"\xe9"}`, 'latin1'),
      /^is not text in UTF-8: save it as UTF-8$/,
    ],
  ])('is refused when it holds %s', async (_what, file, message) => {
    await expect(read(file)).rejects.toThrow(message);
  });

  it('is refused when one of its objects has more than 64 MiB, of which no more is held', async () => {
    async function* large(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"Id":"');
      for (let chunks = 0; chunks < 65; chunks++) yield await Promise.resolve(Buffer.alloc(1024 * 1024, 'x'));
    }
    await expect(readAuditFile(large()).next()).rejects.toThrow(/^has an object of more than 64 MiB/);
  });
});

describe('text beyond what may be read', () => {
  const row = `${quoted(record)}\n`;
  const csv = `AuditData\n${row.repeat(5000)}`;
  const json = `${record}\n`.repeat(5000);

  it.each([
    ['CSV', csv, 'AuditData\n'.length + 4000 * row.length + 5],
    ['lines', json, 4000 * (record.length + 1) + 5],
  ])('of %s leaves all rows before it, however it arrives', async (_what, file, maxCharacters) => {
    for (const chunkBytes of [997, 64 * 1024, 10_000_000]) {
      let rows = 0;
      const reading = async () => {
        for await (const { value } of readAuditRows(inChunks(Buffer.from(file), chunkBytes), maxCharacters)) {
          expect(value).toContain('New-InboxRule');
          rows++;
          // A landing takes its time; what reads ahead continues meanwhile.
          if (rows % 500 === 0) await new Promise(setImmediate);
        }
      };
      await expect(reading()).rejects.toThrow(/split it after row 4000, and import the rest$/);
      expect(rows).toBe(4000);
    }
  });
});

describe('the beginning of a file', () => {
  it.each<readonly [string, string, string, RegExp]>([
    ['blanks without end', '', ' ', /^contains no records$/],
    ['a line with a type without end', '#TYPE ', 'x', /^is neither JSON nor CSV/],
  ])('may be %s, of which little is read, and the file is closed', async (_what, start, filler, message) => {
    const read = { chunks: 0, isClosed: false };
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from(start);
        for (; read.chunks < 1000; read.chunks++)
          yield await Promise.resolve(Buffer.alloc(32 * 1024, filler));
      } finally {
        read.isClosed = true;
      }
    }
    await expect(readAuditFile(endless()).next()).rejects.toThrow(message);
    expect(read.chunks).toBeLessThan(40);
    expect(read.isClosed).toBe(true);
  });
});

/** Without blanks between members, which only the exact text has. */
function normalized(text: string): string {
  return JSON.stringify(JSON.parse(text));
}
