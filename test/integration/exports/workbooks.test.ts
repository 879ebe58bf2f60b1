/** Workbooks in the programs that people open them with: openpyxl and LibreOffice, where they are installed. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createXlsxEncoder } from '../../../shared/exports/xlsx/xlsx-encoder.ts';
import { recordMembers } from '../../../shared/records/member-kinds.ts';
import { exportedRecord } from '../../support/exports.ts';

const run = promisify(execFile);
const awkward = [
  ...['=1+1', 'a<b>&"c\'', '_x0041_', 'tab\tand\nline', 'ü 😀 漢', ' spaces ', '\u0001control', '+49 30'],
];
const texts = awkward.map((operation, at) =>
  JSON.stringify({
    ...{ Id: `record-${at}`, CreationTime: `2026-03-01T09:00:0${at}`, RecordType: 6, UserId: `user${at}` },
    ...{ Operation: 'FileAccessed', ObjectId: operation },
  }),
);
const records = texts.map((text) => exportedRecord(text));
const header = [...recordMembers, 'AuditData'];
let file = '';

beforeAll(async () => {
  const encoder = createXlsxEncoder(undefined, { rows: 6, bytes: 1e9 });
  if (encoder === undefined) throw new Error('A new file needs no state.');
  const chunks = [encoder.begin()];
  for (const record of records) chunks.push(await encoder.add(record));
  file = path.join(await mkdtemp(path.join(tmpdir(), 'workbooks-')), 'records.xlsx');
  await writeFile(file, Buffer.concat([...chunks, encoder.end()]));
});

/** The first of the programs that works here. */
const installed = (programs: readonly string[], ...args: readonly string[]): string | undefined => {
  const found = programs.find((program) => spawnSync(program, args).status === 0);
  if (found === undefined)
    console.warn(`${programs.join(', ')} ${args.join(' ')}: skipped, none works here.`);
  return found;
};
const python = installed(['python3', '/usr/bin/python3'], '-c', 'import openpyxl');
const office = installed(['soffice', 'libreoffice'], '--version');

const sheetsSchema = z.array(
  z.object({
    ...{ name: z.string(), frozen: z.string(), filter: z.string(), types: z.array(z.string()) },
    rows: z.array(z.array(z.unknown())),
  }),
);

/** openpyxl leaves it to its users to read `_xHHHH_`. */
const decoded = (text: unknown) =>
  z
    .string()
    .parse(text)
    .replaceAll(/_x([\dA-F]{4})_/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));

const script = `
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
print(json.dumps([{
  "name": sheet.title, "frozen": sheet.freeze_panes, "filter": sheet.auto_filter.ref,
  "rows": [[cell.isoformat() if hasattr(cell, "isoformat") else cell for cell in row] for row in sheet.values],
  "types": sorted({cell.data_type for row in sheet.iter_rows() for cell in row}),
} for sheet in book.worksheets]))`;

describe('a workbook', () => {
  it.skipIf(python === undefined)(
    'is read by openpyxl as it was written, with dates, filters, and a header that stays',
    async () => {
      const { stdout } = await run(python ?? '', ['-c', script, file], { maxBuffer: 1e8 });
      const [first, second, ...rest] = sheetsSchema.parse(JSON.parse(stdout));
      expect([first?.name, second?.name, rest]).toEqual(['Records', 'Records 2', []]);
      for (const sheet of [first, second]) {
        expect([sheet?.frozen, sheet?.rows[0]]).toEqual(['A2', header]);
        expect(sheet?.types).not.toContain('f');
      }
      expect(first?.filter).toMatch(/^A1:[A-Z]+6$/);
      const rows = [first, second].flatMap((sheet) => sheet?.rows.slice(1) ?? []);
      const column = (name: string) => rows.map((row) => row[header.indexOf(name)]);
      expect(column('objectId').map(decoded)).toEqual(records.map(({ record }) => record.summary.objectId));
      expect(column('AuditData').map(decoded)).toEqual(texts);
      expect(column('createdDateTime')).toEqual(records.map((_, at) => `2026-03-01T09:00:0${at}`));
      expect(column('recordType')).toEqual(records.map(() => 6));
    },
  );

  it.skipIf(office === undefined)(
    'is opened by LibreOffice',
    async () => {
      const folder = path.dirname(file);
      const options = ['--headless', `-env:UserInstallation=file://${folder}/profile`];
      await run(office ?? '', [...options, '--convert-to', 'csv', '--outdir', folder, file]);
      const rows: string[][] = parse(await readFile(path.join(folder, 'records.csv')));
      const shown = rows.slice(1).map((row) => row[header.indexOf('objectId')]);
      expect(shown).toEqual(records.slice(0, 5).map(({ record }) => record.summary.objectId));
    },
    120_000,
  );
});
