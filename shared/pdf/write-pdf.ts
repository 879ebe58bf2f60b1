/** Writes documents as PDF: texts in fonts that every reader has, and one attached file. @see docs/adr/0030 */
import { bytesOf } from './characters.ts';
import { fontNames, fonts } from './fonts.ts';
import { pageSize, type Placed } from './layout.ts';

export interface PdfDocument {
  readonly title: string;
  readonly createdAt: Date;
  /** Identifies the document: 32 hex digits. */
  readonly id: string;
  readonly pages: readonly (readonly Placed[])[];
  readonly attachment: PdfAttachment;
}

interface PdfAttachment {
  /** ASCII. */
  readonly name: string;
  readonly mediaType: string;
  readonly description: string;
  readonly content: Buffer;
}

/** Objects by number, from 1: first those that there is one of, then two for each page. */
const numbers = { catalog: 1, pages: 2, info: 3, file: 4, content: 5, text: 6, bold: 7, code: 8 } as const;
const firstPage = Object.keys(numbers).length + 1;

/**
 * The same document gives the same bytes with every release of Node: nothing is compressed, and nothing comes from the
 * clock or from chance.
 */
export function writePdf(document: PdfDocument): Buffer {
  const objects = objectsOf(document);
  const parts = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  for (const [at, object] of objects.entries()) {
    offsets.push(length);
    const part = Buffer.concat([Buffer.from(`${at + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    parts.push(part);
    length += part.length;
  }
  return Buffer.concat([...parts, Buffer.from(ending(offsets, length, document.id))]);
}

/** The table of where objects are, and what a reader begins with. */
function ending(offsets: readonly number[], start: number, id: string): string {
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
  const size = offsets.length + 1;
  const trailer = `<< /Size ${size} /Root ${ref('catalog')} /Info ${ref('info')} /ID [<${id}> <${id}>] >>`;
  return `xref\n0 ${size}\n0000000000 65535 f \n${entries.join('')}trailer\n${trailer}\nstartxref\n${start}\n%%EOF\n`;
}

function objectsOf({ title, createdAt, pages, attachment }: PdfDocument): readonly Buffer[] {
  const { name, mediaType, description, content } = attachment;
  const kids = pages.map((_, at) => `${firstPage + 2 * at} 0 R`);
  const named = `/EmbeddedFiles << /Names [${literal(name)} ${ref('file')}] >>`;
  const dictionaries = [
    `<< /Type /Catalog /Pages ${ref('pages')} /Lang (en-US) /ViewerPreferences << /DisplayDocTitle true >> /Names << ${named} >> /AF [${ref('file')}] >>`,
    `<< /Type /Pages /Count ${pages.length} /Kids [${kids.join(' ')}] >>`,
    `<< /Title ${unicode(title)} /Producer (Auditkeep) /CreationDate (${pdfDate(createdAt)}) >>`,
    `<< /Type /Filespec /F ${literal(name)} /UF ${unicode(name)} /Desc ${unicode(description)} /AFRelationship /Source /EF << /F ${ref('content')} /UF ${ref('content')} >> >>`,
  ];
  const subtype = mediaType.replace('/', '#2F');
  const embedded = `/Type /EmbeddedFile /Subtype /${subtype} /Params << /Size ${content.length} /ModDate (${pdfDate(createdAt)}) >>`;
  return [
    ...dictionaries.map((text) => Buffer.from(text)),
    stream(embedded, content),
    ...fontNames.map((name) => Buffer.from(fontOf(fonts[name]))),
    ...pages.flatMap((page, at) => pageOf(page, firstPage + 2 * at + 1)),
  ];
}

function ref(name: keyof typeof numbers): string {
  return `${numbers[name]} 0 R`;
}

function fontOf(font: string): string {
  return `<< /Type /Font /Subtype /Type1 /BaseFont /${font} /Encoding /WinAnsiEncoding >>`;
}

function pageOf(placed: readonly Placed[], contents: number): readonly Buffer[] {
  const known = fontNames.map((name) => `/${name} ${ref(name)}`);
  const resources = `<< /Font << ${known.join(' ')} >> >>`;
  const page = `<< /Type /Page /Parent ${ref('pages')} /MediaBox [0 0 ${pageSize.width} ${pageSize.height}] /Resources ${resources} /Contents ${contents} 0 R >>`;
  const drawn = placed.map(
    ({ font, size, x, y, text }) =>
      `/${font} ${size} Tf 1 0 0 1 ${x.toFixed(2)} ${y.toFixed(2)} Tm ${literal(text)} Tj`,
  );
  return [Buffer.from(page), stream('', Buffer.from(`BT\n${drawn.join('\n')}\nET`))];
}

function stream(entries: string, content: Buffer): Buffer {
  const head = Buffer.from(`<< ${entries} /Length ${content.length} >>\nstream\n`);
  return Buffer.concat([head, content, Buffer.from('\nendstream')]);
}

/** A text in the code page of the fonts, in ASCII. */
function literal(text: string): string {
  const characters = bytesOf(text).map((byte) => {
    if (byte > 0x7e) return `\\${byte.toString(8)}`;
    const character = String.fromCharCode(byte);
    return '()\\'.includes(character) ? `\\${character}` : character;
  });
  return `(${characters.join('')})`;
}

/** A text outside of pages, of any characters. */
function unicode(text: string): string {
  return `<${Buffer.from(`\uFEFF${text}`, 'utf16le').swap16().toString('hex')}>`;
}

function pdfDate(at: Date): string {
  return `D:${at.toISOString().replaceAll(/\D/g, '').slice(0, 14)}Z`;
}
