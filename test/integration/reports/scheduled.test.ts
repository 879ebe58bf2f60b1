/** A report of each kind by schedule: the mail has the rows of the report that the console shows, and the files are its forms. */
import { buffer } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contains } from '../../../shared/access/tenant-set.ts';
import type { Table, TenantReport } from '../../../shared/reports/document.ts';
import { cellText } from '../../../shared/reports/forms/cell-text.ts';
import { plainText } from '../../../shared/reports/forms/html-text.ts';
import { renderReport } from '../../../shared/reports/forms/render.ts';
import { reportKinds } from '../../../shared/reports/kinds/kinds.ts';
import { personOfInterest } from '../../simulator/demo/demo-tenants.ts';
import { scheduleOf } from '../../support/report-schedules.ts';
import { useStorage } from '../../contract/storage.ts';
import { startReceivers, type Receivers } from '../channels/receivers.ts';
import { companies, createScheduledWorld, sentAt, type ScheduledWorld } from './scheduled-world.ts';

const storage = useStorage('azurite');
let receivers: Receivers;
let world: ScheduledWorld;
const addressAt = (tenantId: string) => `it-${tenantId}@customer.example`;

beforeAll(async () => {
  receivers = await startReceivers();
  world = await createScheduledWorld(storage(), receivers);
  for (const { tenantId } of companies) await world.addChannel(tenantId, addressAt(tenantId));
});
afterAll(() => receivers.stop());

/** What each row of a table shows in a mail, in order; IDs of records are not shown. */
function rowsOf({ columns, rows }: Table): readonly (readonly string[])[] {
  return rows.map((row) =>
    row.flatMap((cell, at) => {
      const kind = columns[at]?.kind ?? 'text';
      return kind === 'record' ? [] : [plainText(cellText(cell, kind))];
    }),
  );
}

const tablesOf = ({ sections }: TenantReport) => sections.flatMap(({ tables }) => tables);

/** The cells of rows in a mail: rows of headings have others. */
function rowsIn(html: string): readonly (readonly string[])[] {
  const rows = [...html.matchAll(/<tr>((?:<td align="(?:left|right)" [^>]*>[^<]*<\/td>)+)<\/tr>/g)];
  return rows.map(([, cells = '']) =>
    [...cells.matchAll(/<td [^>]*>([^<]*)<\/td>/g)].map(([, text = '']) => text),
  );
}

/** Each table has its first rows, and a number of those that are not shown. */
function expectFirstRows(html: string, tables: readonly Table[]): void {
  const shown = rowsIn(html);
  let at = 0;
  for (const table of tables) {
    const rows = rowsOf(table);
    const end = rows.findIndex((row, place) => !isDeepStrictEqual(row, shown[at + place]));
    const count = end === -1 ? rows.length : end;
    expect(count > 0 || rows.length === 0 || html.length > 60_000).toBe(true);
    const left = rows.length - count + table.omitted;
    if (left > 0) expect(html).toContain(`>${left.toLocaleString('en-US')} more row`);
    at += count;
  }
  expect(at).toBe(shown.length);
  // Some programs cut longer ones.
  expect(Buffer.byteLength(html)).toBeLessThan(102_400);
}

/** A report about someone is on one customer. */
function scheduleOfKind(kind: string) {
  const common = { kind, nextDueDateTime: sentAt, formats: ['xlsx', 'csv', 'html'] } as const;
  if (kind !== 'userActivity') return scheduleOf(common);
  const [[tenants, user] = ['', '']] = personOfInterest;
  return scheduleOf({ ...common, tenants, options: { user } });
}

type Mail = Receivers['mail']['mails'][number];
type Shown = Awaited<ReturnType<ScheduledWorld['documentOf']>>;

/** The files are the forms that the console offers. */
async function expectFiles({ attachments }: Mail, { document, head, tables }: Shown): Promise<void> {
  async function* tenants() {
    yield await Promise.resolve(document);
  }
  const form = async (format: 'csv' | 'html', table?: string) =>
    (await buffer(renderReport({ head, tables, tenants }, { format, table }))).toString();
  const fileNamed = (text: string) => attachments.find(({ name }) => name.includes(text))?.content;
  expect(fileNamed('.html')?.toString()).toBe(await form('html'));
  for (const { name } of tables)
    expect(fileNamed(`${head.kind}-${name}-`)?.toString()).toBe(await form('csv', name));
  const workbook = unzipSync(fileNamed('.xlsx') ?? Buffer.alloc(0));
  const sheets = Object.keys(workbook).filter((part) => part.startsWith('xl/worksheets/'));
  // The first ones are about the report, and about its tenants.
  expect(sheets).toHaveLength(tables.length + 2);
}

describe.each(reportKinds)('a scheduled report of the kind $name', ({ name, title }) => {
  it('is mailed to each customer, with its own rows, as the console shows them', async () => {
    const before = receivers.mail.mails.length;
    const schedule = scheduleOfKind(name);
    await world.deps.schedules.create(schedule);
    await world.settle();
    const mails = receivers.mail.mails.slice(before);
    const recipients = companies.filter(({ tenantId }) => contains(schedule.tenants, { tenantId }));
    expect(mails).toHaveLength(recipients.length);
    for (const { tenantId, displayName } of recipients) {
      const mail = mails.find(({ to }) => to[0] === addressAt(tenantId));
      if (mail === undefined) throw new Error(`There is no mail to ${displayName}.`);
      expect(mail.subject).toBe(`Report: ${title}, 2026-03-23 to 2026-03-29 · ${displayName}`);
      const shown = await world.documentOf(schedule, tenantId);
      expectFirstRows(mail.html, tablesOf(shown.document));
      for (const other of companies.filter((one) => one.tenantId !== tenantId))
        expect(mail.html).not.toContain(other.domain);
      await expectFiles(mail, shown);
    }
  }, 240_000);
});
