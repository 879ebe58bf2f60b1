/** Documents: what a reader finds in them. */
import { describe, expect, it } from 'vitest';
import { layOut, pageSize, type Block } from '../../../shared/pdf/layout.ts';
import { writePdf } from '../../../shared/pdf/write-pdf.ts';
import { readPdf } from '../../support/pdf-reader.ts';

const content = Buffer.from('{"a":"endstream endobj é"}');

function written(blocks: readonly Block[], footer = 'Footer') {
  return writePdf({
    title: 'Títle 日本 )',
    createdAt: new Date('2026-03-10T01:02:03.456Z'),
    id: 'ab'.repeat(16),
    pages: layOut(blocks, footer),
    attachment: { name: 'a.json', mediaType: 'application/json', description: 'It (all)', content },
  });
}

describe('a document', () => {
  it('has its texts, its attachment, and its metadata', () => {
    const pdf = readPdf(written([{ kind: 'paragraph', text: 'Zürich (10 €) \\ 日' }]));
    expect(pdf.text).toBe('Zürich (10 €) \\ <U+65E5>\nFooter\nPage 1 of 1');
    expect(pdf.attachment).toEqual(content);
    expect(pdf.catalog).toContain('/Lang (en-US)');
    expect(pdf.info).toContain('/CreationDate (D:20260310010203Z)');
    const title = /\/Title <feff([0-9a-f]+)>/.exec(pdf.info)?.[1] ?? '';
    expect(Buffer.from(title, 'hex').swap16().toString('utf16le')).toBe('Títle 日本 )');
    expect(pdf.trailer).toContain(`/ID [<${'ab'.repeat(16)}> <${'ab'.repeat(16)}>]`);
  });

  it('has the same bytes whenever it is written', () => {
    const blocks: readonly Block[] = [{ kind: 'title', text: 'A' }];
    expect(written(blocks)).toEqual(written(blocks));
  });

  it('continues on numbered pages, within what A4 and Letter have in common', () => {
    const blocks = Array.from({ length: 400 }, (_, at): Block => ({
      kind: 'row',
      label: `label ${at}`,
      value: 'x'.repeat(at),
      note: 'A note that is longer than its column is wide, so that it needs several lines for itself.',
    }));
    const { pages, rows } = readPdf(written(blocks));
    expect(pages.length).toBeGreaterThan(10);
    expect(pages.map((page) => page.at(-1)?.text)).toEqual(
      pages.map((_, at) => `Page ${at + 1} of ${pages.length}`),
    );
    const placed = pages.flat();
    expect(Math.min(...placed.map(({ y }) => y))).toBeGreaterThan(36);
    expect(Math.max(...placed.map(({ y }) => y))).toBeLessThan(pageSize.height - 36);
    expect(rows).toHaveLength(399);
    expect(rows.at(-1)?.value).toBe('x'.repeat(399));
  });

  it('keeps a heading with what follows it', () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (): Block => ({ kind: 'row', label: 'l', value: 'v' }));
    const headings = Array.from({ length: 80 }, (_, at) => {
      const { pages } = readPdf(written([...rows(at), { kind: 'heading', text: 'Heading' }, ...rows(1)]));
      const page = pages.find((one) => one.some(({ text }) => text === 'Heading'));
      return page?.some(
        ({ text, y }) => text === 'v' && y < (page.find((p) => p.text === 'Heading')?.y ?? 0),
      );
    });
    expect(headings.every((kept) => kept)).toBe(true);
  });
});
