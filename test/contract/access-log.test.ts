/** The promises about the access log and the ids of webhooks, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AccessLog, AccessLogEntry, AccessLogQuery } from '../../shared/access/access-log.ts';
import { createAccessLog, createWebhookLog } from '../../shared/adapters/tables/access-log.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { hourMs, minuteMs } from '../support/clock.ts';
import { createFakeAccessLog, createFakeWebhookLog } from '../support/fakes/access-log.ts';
import { adatumId, fabrikamId } from '../support/tenants.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const noon = new Date('2026-03-10T12:00:00.000Z');
const after = (ms: number) => new Date(noon.getTime() + ms);

const entryAt = (at: Date, changes: Partial<AccessLogEntry> = {}): AccessLogEntry => ({
  ...{ at, requestId: randomUUID(), caller: 'key', action: 'list-records', tenantId: fabrikamId },
  ...{ outcome: 'accepted', parameters: ['from', 'users'] },
  ...changes,
});

const range = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-04-01T00:00:00Z') };
const everything = { ...range, onlyInsiders: false, top: 100 };

/** Entries of all pages, and how many pages that took. */
async function readAll(log: AccessLog, query: AccessLogQuery) {
  const entries: AccessLogEntry[] = [];
  let [after, pages] = [query.after, 0];
  do {
    const page = await log.list({ ...query, after });
    expect(page.entries.length).toBeLessThanOrEqual(query.top);
    entries.push(...page.entries);
    after = page.next;
    pages += 1;
  } while (after !== undefined && pages < 100);
  return { entries, pages };
}

describe.each([
  { where: 'in memory', open: createFakeAccessLog },
  { where: 'on Table Storage', open: () => createAccessLog(createTables(storage())) },
])('the access log $where', ({ open }) => {
  it('returns every entry as written, newest first, including those with the same timestamp', async () => {
    const log = open();
    const caller = randomUUID();
    const entries = [
      entryAt(after(26 * hourMs), { caller }),
      entryAt(after(minuteMs), { caller, outcome: 'refused', code: 'Forbidden', tenantId: undefined }),
      entryAt(noon, { caller, requestId: `${'0'.repeat(8)}-1111-4111-8111-111111111111` }),
      entryAt(noon, { caller, requestId: `${'1'.repeat(8)}-1111-4111-8111-111111111111`, parameters: [] }),
      entryAt(after(-200 * hourMs), { caller, outcome: 'failed', code: 'InternalError' }),
    ];
    for (const entry of [...entries].reverse()) await log.append(entry);
    expect((await readAll(log, { ...everything, caller })).entries).toEqual(entries);
    expect((await readAll(log, { ...everything, caller, top: 2 })).entries).toEqual(entries);
    expect((await readAll(log, { ...everything, caller, top: 1 })).entries).toEqual(entries);
  });

  it('keeps one entry per request and tenant: the last one written', async () => {
    const log = open();
    const caller = randomUUID();
    const entry = entryAt(noon, { caller });
    const other = { ...entry, tenantId: adatumId };
    const refused: AccessLogEntry = { ...entry, outcome: 'refused', code: 'RecordNotFound' };
    for (const each of [entry, other, refused]) await log.append(each);
    const { entries } = await readAll(log, { ...everything, caller });
    expect(entries).toHaveLength(2);
    expect(entries).toEqual(expect.arrayContaining([refused, other]));
  });

  it('knows which files were marked, of which callers and operations, and lists no marks', async () => {
    const log = open();
    const caller = randomUUID();
    const reading = { caller, action: 'get-bundle-content', fileId: randomUUID(), day: noon };
    expect(await log.isFileMarked(reading)).toBe(false);
    await log.markFile(reading);
    await log.markFile(reading);
    expect(await log.isFileMarked({ ...reading, day: after(11 * hourMs) })).toBe(true);
    for (const other of [{ caller: 'b' }, { action: 'b' }, { fileId: 'b' }, { day: after(12 * hourMs) }])
      expect(await log.isFileMarked({ ...reading, ...other })).toBe(false);
    expect((await readAll(log, { ...everything, caller })).entries).toEqual([]);
    expect((await log.list({ ...everything, tenantId: reading.fileId })).entries).toEqual([]);
  });

  it('reads a half-open range', async () => {
    const log = open();
    const caller = randomUUID();
    const entries = [after(1), noon, after(-1)].map((at) => entryAt(at, { caller }));
    for (const entry of entries) await log.append(entry);
    const within = { ...everything, caller, from: noon, to: after(1) };
    expect((await readAll(log, within)).entries).toEqual(entries.slice(1, 2));
  });

  it('filters by tenant and caller, and shows a tenant only calls of callers with access to it', async () => {
    const log = open();
    const [caller, tenantId] = [randomUUID(), randomUUID()];
    const own = entryAt(noon, { caller, tenantId });
    const stranger = entryAt(after(-1), { caller, tenantId, outcome: 'refused', code: 'TenantNotFound' });
    const unknown = entryAt(after(-2), {
      caller: undefined,
      tenantId,
      outcome: 'refused',
      code: 'Unauthorized',
      ...{ clientAddress: '2001:db8::/64', count: 1_000_000 },
    });
    const elsewhere = entryAt(after(-3), { caller });
    for (const entry of [own, stranger, unknown, elsewhere]) await log.append(entry);
    const asked = { ...everything, tenantId };
    expect((await readAll(log, asked)).entries).toEqual([own, stranger, unknown]);
    expect((await readAll(log, { ...asked, caller })).entries).toEqual([own, stranger]);
    expect((await readAll(log, { ...asked, onlyInsiders: true })).entries).toEqual([own]);
    expect((await readAll(log, { ...everything, caller })).entries).toEqual([own, stranger, elsewhere]);
  });

  it('ends over a long range without entries', async () => {
    const log = open();
    const caller = randomUUID();
    const old = entryAt(new Date('2025-06-01T10:00:00Z'), { caller });
    await log.append(old);
    const year = { ...everything, caller, from: new Date('2025-05-01T00:00:00Z') };
    const { entries, pages } = await readAll(log, year);
    expect(entries).toEqual([old]);
    expect(pages).toBeLessThan(10);
  });

  it('accepts any text as a caller and matches it literally', async () => {
    const log = open();
    for (const caller of ["'; or 1 eq 1", "a'b", 'ü/\\#?']) {
      const entry = entryAt(noon, { caller });
      await log.append(entry);
      expect((await readAll(log, { ...everything, caller })).entries).toEqual([entry]);
    }
  });
});

describe.each([
  { where: 'in memory', open: createFakeWebhookLog },
  { where: 'on Table Storage', open: () => createWebhookLog(createTables(storage())) },
])('ids of webhooks $where', ({ open }) => {
  it('are remembered for a day with what they started, whatever they contain', async () => {
    const log = open();
    for (const id of ['msg_1', 'a/b\\c#d?e', 'Ü'.repeat(256), `'; or 1 eq 1`]) {
      expect(await log.remember(id, 'first', noon)).toBeUndefined();
      expect(await log.remember(id, 'second', after(24 * hourMs))).toBe('first');
    }
    expect(await log.remember('MSG_1', 'other', noon)).toBeUndefined();
  });

  it('are forgotten after a day, and on request', async () => {
    const log = open();
    await log.remember('late', 'first', noon);
    expect(await log.remember('late', 'second', after(24 * hourMs + 1))).toBeUndefined();
    expect(await log.remember('late', 'third', after(25 * hourMs))).toBe('second');
    await log.forget('late');
    await log.forget('never seen');
    expect(await log.remember('late', 'fourth', after(25 * hourMs))).toBeUndefined();
  });

  it('received many times at once are new once', async () => {
    const [log, id] = [open(), randomUUID()];
    await log.remember(randomUUID(), 'warm', noon);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => log.remember(id, String(index), noon)),
    );
    const first = answers.indexOf(undefined);
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
    expect(new Set(answers)).toEqual(new Set([undefined, String(first)]));
  });
});

describe('unreachable logs', () => {
  it('fail', async () => {
    const tables = createTables(lockedOut(storage()));
    await expect(createWebhookLog(tables).remember('any', 'any', noon)).rejects.toThrow();
    await expect(createAccessLog(tables).append(entryAt(noon))).rejects.toThrow();
    await expect(createAccessLog(tables).list(everything)).rejects.toThrow();
  });
});
