/** Workbooks: their parts and cells, and that they have the same bytes wherever writing was interrupted. */
import { unzipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileEncoder } from '../../../shared/exports/file-form.ts';
import { maxCellCharacters, momentCell, textCell } from '../../../shared/exports/xlsx/xlsx-cells.ts';
import { createXlsxEncoder, type SheetLimits } from '../../../shared/exports/xlsx/xlsx-encoder.ts';
import { xlsxForm } from '../../../shared/exports/xlsx/xlsx-form.ts';
import { directory } from '../../../shared/exports/xlsx/zip-records.ts';
import { exportedRecord } from '../../support/exports.ts';

const said = { CreationTime: '2026-03-01T09:00:00', RecordType: 6, Operation: 'FileAccessed' };
const textOf = (at: number, more: object = {}) => JSON.stringify({ ...said, Id: `record-${at}`, ...more });

function opened(state?: string, limits?: SheetLimits): FileEncoder {
  const encoder = createXlsxEncoder(state, limits);
  if (encoder === undefined) throw new Error('The state cannot be continued.');
  return encoder;
}

/** @param handedOver before which records another encoder takes over */
async function fileOf(texts: readonly string[], handedOver: readonly number[] = [], limits?: SheetLimits) {
  let encoder = opened(undefined, limits);
  const chunks = [encoder.begin()];
  for (const [at, text] of texts.entries()) {
    if (handedOver.includes(at)) encoder = opened(encoder.state(), limits);
    chunks.push(await encoder.add(exportedRecord(text, '00000000-0000-0000-0000-000000000000')));
  }
  if (handedOver.includes(texts.length)) encoder = opened(encoder.state(), limits);
  return Buffer.concat([...chunks, encoder.end()]);
}

function partsOf(file: Buffer): Readonly<Record<string, string>> {
  const parts = Object.entries(unzipSync(file));
  return Object.fromEntries(parts.map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')]));
}

const rowsIn = (sheet = '') => sheet.split('<row>').length - 1;

describe('a workbook', () => {
  it('has the same bytes wherever another process continued it', async () => {
    const texts = fc.array(fc.string({ maxLength: 40_000, unit: 'binary' }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat(12), { maxLength: 5 }), async (fillers, handedOver) => {
        const records = fillers.map((filler, at) => textOf(at, { filler }));
        const limits = { rows: 5, bytes: 100_000 };
        const whole = await fileOf(records, [], limits);
        expect((await fileOf(records, handedOver, limits)).equals(whole)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps little in what the next process needs, whatever the records are', async () => {
    const encoder = opened();
    encoder.begin();
    for (let at = 0; at < 200; at++) {
      await encoder.add(exportedRecord(textOf(at, { filler: 'é'.repeat(at * 90) })));
      expect(Buffer.byteLength(encoder.state() ?? '')).toBeLessThan(40_000);
    }
  });

  it('begins again when another version wrote what it should continue', async () => {
    for (const state of ['', '{}', '{"zip":1}']) expect(await xlsxForm().open(state)).toBeUndefined();
  });

  it('without records has a sheet with the header', async () => {
    const parts = partsOf(await fileOf([]));
    expect(Object.keys(parts).sort()).toEqual([
      ...['[Content_Types].xml', '_rels/.rels', 'xl/_rels/workbook.xml.rels', 'xl/styles.xml'],
      ...['xl/workbook.xml', 'xl/worksheets/sheet1.xml'],
    ]);
    expect(rowsIn(parts['xl/worksheets/sheet1.xml'])).toBe(1);
  });

  it('has only the selected members, in their order, and needs no text then', async () => {
    const form = xlsxForm(['operation', 'id']);
    const encoder = await form.open(undefined);
    const chunks = [encoder?.begin(), await encoder?.add(exportedRecord(textOf(1))), encoder?.end()];
    const sheet = partsOf(Buffer.concat(chunks.flatMap((chunk) => chunk ?? [])))['xl/worksheets/sheet1.xml'];
    const texts = [...(sheet ?? '').matchAll(/<t [^>]*>([^<]*)<\/t>/g)].map(([, text]) => text);
    expect(texts).toEqual(['operation', 'id', 'FileAccessed', expect.any(String)]);
    expect(form.withTexts).toBe(false);
  });

  it('begins another sheet when one is full, by rows and by size', async () => {
    const records = Array.from({ length: 10 }, (_, at) => textOf(at, { filler: 'x'.repeat(2000) }));
    const byRows = partsOf(await fileOf(records, [], { rows: 5, bytes: 1e9 }));
    expect([1, 2, 3].map((at) => rowsIn(byRows[`xl/worksheets/sheet${at}.xml`]))).toEqual([5, 5, 3]);
    expect(byRows['xl/workbook.xml']).toContain('name="Records 3"');
    const bySize = partsOf(await fileOf(records, [], { rows: 1e6, bytes: 10_000 }));
    expect(Object.keys(bySize).filter((name) => name.includes('sheet')).length).toBeGreaterThan(3);
  });

  it('of more than 4 GiB has a directory with 64-bit positions', () => {
    const part = { name: 'a', offset: 5 * 1024 ** 3, crc: 1, compressed: 2, bytes: 3 };
    const bytes = directory([{ ...part, offset: 0 }, part], 6 * 1024 ** 3);
    const end64 = bytes.indexOf(Buffer.from([0x50, 0x4b, 6, 6]));
    expect(bytes.readBigUInt64LE(end64 + 48)).toBe(BigInt(6 * 1024 ** 3));
    expect(bytes.includes(Buffer.from([1, 0, 8, 0, 0, 0, 0, 0x40, 1, 0, 0, 0]))).toBe(true);
  });
});

describe('a cell', () => {
  const contentOf = (cell: string) => /<t [^>]*>(.*)<\/t>/s.exec(cell)?.[1];

  it.each([
    ['a<b>&"c', 'a&lt;b&gt;&amp;"c'],
    ['line\none\ttab\rreturn', 'line\none\ttab_x000D_return'],
    ['\u0000\u001F\uFFFE', '_x0000__x001F__xFFFE_'],
    ['_x0041_ and _xyz', '_x005F_x0041_ and _xyz'],
    ['_x005F_x0041_', '_x005F_x005F_x005F_x0041_'],
    ['\uD83D\uDE00 \uD83D alone', '\uD83D\uDE00 _xD83D_ alone'],
  ])('with the text %j is a string that is read as the same', (text, content) => {
    expect(contentOf(textCell(text))).toBe(content);
  });

  it('is never a formula, not even after someone edited it', () => {
    for (const text of ['=1+1', '+1', '-1', '@x'])
      expect(textCell(text)).toBe(`<c s="2" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`);
  });

  it('ends with an ellipsis where a spreadsheet would cut, and never within a character', () => {
    const fits = 'x'.repeat(maxCellCharacters);
    expect(contentOf(textCell(fits))).toBe(fits);
    expect(contentOf(textCell(`${fits}y`))).toBe(`${fits.slice(1)}…`);
    const pairs = '😀'.repeat(maxCellCharacters);
    expect(contentOf(textCell(pairs))).toBe(`${'😀'.repeat((maxCellCharacters - 1) / 2)}…`);
  });

  it('with a moment is a date in UTC, and otherwise a text', () => {
    expect(momentCell('2026-03-01T12:00:00.000Z')).toBe('<c s="1"><v>46082.500000000</v></c>');
    expect(momentCell('1900-03-01T00:00:00.000Z')).toContain('<v>61.000000000</v>');
    for (const text of ['1899-01-01T00:00:00.000Z', 'tomorrow', '2026-13-01T00:00:00Z'])
      expect(momentCell(text)).toContain(`>${text}</t>`);
  });
});
