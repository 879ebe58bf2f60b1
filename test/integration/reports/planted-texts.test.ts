/**
 * Texts that strangers plant in records and names are texts in every form that the app makes, of every kind of report: in a browser,
 * in a parser of CSV, and in the program that reads workbooks, where they are installed.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { isObject, parseJson } from '../../../shared/json.ts';
import type { TenantReport } from '../../../shared/reports/document.ts';
import type { ReportFormat } from '../../../shared/reports/forms/formats.ts';
import { renderReport } from '../../../shared/reports/forms/render.ts';
import { reportKinds } from '../../../shared/reports/kinds/kinds.ts';
import type { Needed } from '../../../shared/reports/report-inputs.ts';
import { reportOfTenant } from '../../../shared/reports/report-of-tenant.ts';
import { findBrowser, openBrowser } from '../../support/browser.ts';
import { inventedReport } from '../../support/reports.ts';
import { driveKind, storedRecord, type StoredRecord } from '../../unit/reports/driven-kind.ts';
import * as mailboxes from '../../unit/reports/mailbox-access/mailbox-tenant.ts';
import * as roles from '../../unit/reports/privileged-activity/told-tenant.ts';
import * as logins from '../../unit/reports/sign-ins/sign-in-tenant.ts';
import * as person from '../../unit/reports/user-activity/person.ts';

const run = promisify(execFile);
const browserPath = await findBrowser();
const python = ['python3', '/usr/bin/python3'].find(
  (program) => spawnSync(program, ['-c', 'import openpyxl']).status === 0,
);
if (browserPath === undefined) console.warn('Chromium: skipped, it is not installed.');
if (python === undefined) console.warn('openpyxl: skipped, it is not installed.');

const kinds = await Promise.all(reportKinds.map((one) => one.load()));

const planted = [
  '<script>planted()</script><img src=x onerror=planted()>',
  '"\' onmouseover="planted()" style="x',
  '</style></title></svg><iframe srcdoc="planted">',
  '=HYPERLINK("https://planted.example","planted")',
  '+1+planted',
  '-1+planted',
  '@planted(1)',
  '\t\r\n=planted;=planted',
  'planted\u202Efdp.exe',
  '\u2067planted\u00AD\u3164\u{E0041}\u206A',
  `planted${'é'.repeat(65_536)}`,
  `planted${'\u200B'.repeat(65_536)}`,
];
/** What cannot be seen: a list of its own, so that the rule of the app is not its own measure. */
const hidden =
  /(?!\n)\p{Cc}|[\u00AD\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\u{E0000}-\u{E007F}]/u;

let records = 0;

/** The record with the text in place of one of its texts, for each of these. */
function* spoiledBy(text: string, { text: delivered }: StoredRecord): Generator<StoredRecord> {
  const whole = parseJson(delivered.toString('utf8'));
  for (const place of placesIn(whole)) {
    records += 1;
    const Id = `00000000-0000-4000-9000-${String(records).padStart(12, '0')}`;
    const spoiled = withText(whole, place, text);
    yield storedRecord(Buffer.from(JSON.stringify({ ...(isObject(spoiled) ? spoiled : {}), Id })));
  }
}

type Place = readonly (string | number)[];
/** Without these, a record has no place in a report, or in the order of records. */
const needed: ReadonlySet<unknown> = new Set(['Id', 'CreationTime']);

function placesIn(value: unknown, at: Place = []): readonly Place[] {
  if (typeof value === 'string') return needed.has(at[0]) ? [] : [at];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...at, name]));
}

function withText(value: unknown, [name, ...rest]: Place, text: string): unknown {
  if (name === undefined) return text;
  if (Array.isArray(value))
    return value.map((inner: unknown, at) => (String(at) === name ? withText(inner, rest, text) : inner));
  return isObject(value) ? { ...value, [name]: withText(value[name], rest, text) } : value;
}

const everyText = (samples: readonly StoredRecord[]) =>
  planted.flatMap((text) => samples.flatMap((sample) => [...spoiledBy(text, sample)]));

const anna = { id: 'a', type: 'user', assignment: 'active', userPrincipalName: person.anna } as const;
const spoiledHolders = planted.map((text) => ({
  ...anna,
  id: text,
  displayName: text,
  userPrincipalName: text,
}));
const limits = { rows: 10_000, keys: 10_000 };
const shared = {
  SourceFileName: 'plan.docx',
  UserAgent: 'Browser',
  TargetUserOrGroupName: 'guest@else.example',
  TargetUserOrGroupType: 'Guest',
  EventData: 'x',
};

/** By kind, what a report on a tenant of strangers is made of. */
const spoiled: Readonly<Record<string, () => ReturnType<typeof driveKind>['sections']>> = {
  userActivity: () => {
    const operations = [
      'FileDownloaded',
      'FileDeleted',
      'SharingInvitationCreated',
      'AnonymousLinkCreated',
      'SiteDeleted',
    ];
    const samples = operations.map((operation) => person.did('03-05T10:00', operation, shared));
    return person.report(everyText(samples), { limits }).sections;
  },
  mailboxAccess: () => {
    const samples = [
      mailboxes.used('05T10:00', 'HardDelete', {
        AffectedItems: [{ Subject: 'Plan', ParentFolder: { Path: '\\Inbox' } }],
      }),
      mailboxes.opened('05T10:01', { MailAccessType: 'Bind', IsThrottled: 'True' }),
      mailboxes.cmdlet('05T10:02', 'Add-MailboxPermission', { User: 'ben', AccessRights: 'FullAccess' }),
    ];
    return mailboxes.report(everyText(samples), { limits }).sections;
  },
  privilegedActivity: () => {
    const kind = kindNamed('privilegedActivity');
    const samples = [
      roles.roleRecord('05T10:00', person.anna, 'Add member to role.', {
        ...anna,
        id: 'b',
        userPrincipalName: 'b@x.example',
      }),
      roles.recordOf('05T10:01', person.anna, {
        Operation: 'Add-MailboxPermission',
        ObjectId: 'x',
        ClientIP: '192.0.2.1',
      }),
    ];
    const given = roles.given([['01', anna, ...spoiledHolders]], { limits });
    const own = planted.map((text) => roles.recordOf('05T10:02', text, { Operation: text, ObjectId: text }));
    return driveKind(kind, given, [...everyText(samples), ...own]).sections;
  },
  signIns: () => {
    const properties = { UserAgent: 'Browser', RequestType: 'OAuth2:Token' };
    const samples = [
      logins.signedIn('03-05T10:00:00', 'ada', '198.51.100.7', { ApplicationId: 'app', properties }),
      logins.failed('03-05T10:01:00', 'ada', '203.0.113.7', { ApplicationId: 'app', properties }),
      ...logins.manyFailures('03-05T11', { who: 'ben', count: 12 }),
    ];
    const names = planted.flatMap((text) => {
      const fields = { UserId: text, LogonError: text, ErrorNumber: text };
      return logins.manyFailures('03-05T12', { who: 'x', count: 12, fields });
    });
    return logins.report([...everyText(samples), ...names], { limits }).sections;
  },
  posture: () => {
    const { collection, ...given } = { ...person.given({ limits }), collection: spoiledCollection };
    const checks = { wrong: planted, unreadable: planted.length };
    const posture = {
      ...mailboxes.audited,
      mailboxes: { total: 50, asWanted: 1, wrong: [...checks.wrong] },
      bypasses: [...planted],
    };
    return driveKind(kindNamed('posture'), { ...given, options: {}, collection, postures: [posture] }, [])
      .sections;
  },
};

const spoiledCollection: Needed['collection'] = {
  ...{ state: 'Active', checks: [], contentTypes: [], pending: 1, rejected: 1, unindexedLandings: 0 },
  ...{ lastPollAt: undefined, lastError: planted.join(' ') },
};

function kindNamed(wanted: string) {
  const found = kinds.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`There is no kind ${wanted}.`);
  return found;
}

function formsOf(name: string) {
  const { tables, title } = kindNamed(name);
  const of = (displayName: string, sections: TenantReport['sections']) => {
    const one = inventedReport();
    return reportOfTenant({ ...one, state: { ...one.state, displayName } }, { sections, tables, limits });
  };
  const sections = spoiled[name]?.() ?? [];
  const reports = [of('Contoso', sections), ...planted.map((text) => of(text, []))];
  const moment = '2026-03-01T00:00:00.000Z';
  const head = {
    kind: name,
    title,
    from: moment,
    to: moment,
    createdBy: planted.join(' '),
    createdDateTime: moment,
  };
  async function* tenants() {
    for (const report of reports) yield await Promise.resolve(report);
  }
  return async (format: ReportFormat, table?: string) =>
    await buffer(renderReport({ head, tables, tenants }, { format, table }));
}

let browser: Browser | undefined;

beforeAll(async () => {
  browser = browserPath === undefined ? undefined : await openBrowser(browserPath);
});
afterAll(() => browser?.close());

const pageSchema = z.object({ tags: z.array(z.string()), attributes: z.array(z.string()), text: z.string() });
/** Without the policy, which would hide markup that does something. */
const readPage = `(() => {
  const all = [...document.querySelectorAll('*')];
  return {
    tags: [...new Set(all.map((one) => one.localName))],
    attributes: [...new Set(all.flatMap((one) => [...one.attributes].map(({ name }) => name)))],
    text: document.body.textContent,
  };
})()`;
const tags =
  'html head meta title style body header h1 dl dt dd main article h2 h3 p div span bdi time ul li section figure figcaption svg g line text rect polyline i table caption thead tbody tr th td'.split(
    ' ',
  );
const attributes =
  'lang charset name content http-equiv class datetime scope viewBox role aria-label x y x1 x2 y1 y2 width height points text-anchor'.split(
    ' ',
  );

const workbookSchema = z.array(z.object({ types: z.array(z.string()), texts: z.array(z.string()) }));
const script = `
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
cells = lambda sheet: [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
print(json.dumps([{
  "types": sorted({cell.data_type for cell in cells(sheet)}),
  "texts": [cell.value for cell in cells(sheet) if isinstance(cell.value, str)],
} for sheet in book.worksheets]))`;

it('is tried with every kind of report', () => {
  expect(Object.keys(spoiled).sort()).toEqual(reportKinds.map(({ name }) => name).sort());
});

describe.each(reportKinds.map(({ name }) => name))('planted texts in a report of the kind %s', (name) => {
  const form = formsOf(name);

  it('are in what it says, not only in names of tenants', () => {
    const said = JSON.stringify(spoiled[name]?.());
    for (const text of planted.slice(0, 7)) expect(said).toContain(JSON.stringify(text).slice(1, -1));
  });

  it.skipIf(browserPath === undefined)('are texts on its page', { timeout: 120_000 }, async () => {
    const page = await browser?.newPage();
    const dialogs: string[] = [];
    page?.on('dialog', (dialog) => dialogs.push(dialog.message()));
    const html = (await form('html')).toString('utf8').replace(/<meta http-equiv[^>]*>/, '');
    await page?.setContent(html);
    const found = pageSchema.parse(await page?.evaluate(readPage));
    expect(found.tags.filter((tag) => !tags.includes(tag))).toEqual([]);
    expect(found.attributes.filter((one) => !attributes.includes(one))).toEqual([]);
    for (const text of planted.slice(0, 7)) expect(found.text).toContain(text);
    expect(found.text).toContain('plantedU+202Efdp.exe');
    expect(hidden.exec(found.text)).toBeNull();
    expect(dialogs).toEqual([]);
    await page?.close();
  });

  it('are cells of its tables as CSV, and none is a formula', { timeout: 120_000 }, async () => {
    const all: string[] = [];
    for (const { name: table } of kindNamed(name).tables) {
      const rows: readonly (readonly string[])[] = parse(await form('csv', table));
      for (const cell of rows.flat()) {
        if (!/^-?\d/.test(cell)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        expect(hidden.exec(cell)).toBeNull();
        all.push(cell);
      }
    }
    for (const text of planted.slice(0, 2)) expect(all.some((cell) => cell.includes(text))).toBe(true);
    expect(all.some((cell) => cell.startsWith("'=HYPERLINK"))).toBe(true);
  });

  it.skipIf(python === undefined)('are texts in its workbook', { timeout: 120_000 }, async () => {
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'planted-')), 'report.xlsx');
    await writeFile(file, await form('xlsx'));
    const { stdout } = await run(python ?? '', ['-c', script, file], { maxBuffer: 1e9 });
    const sheets = workbookSchema.parse(JSON.parse(stdout));
    expect(sheets).toHaveLength(2 + kindNamed(name).tables.length);
    // No formula (f), and no error (e).
    for (const { types } of sheets)
      expect(types.filter((type) => !['s', 'n', 'd'].includes(type))).toEqual([]);
    const texts = sheets.flatMap((sheet) => sheet.texts);
    for (const text of planted.slice(0, 7)) expect(texts.some((cell) => cell.includes(text))).toBe(true);
    for (const text of texts) expect(hidden.exec(text)).toBeNull();
  });
});
