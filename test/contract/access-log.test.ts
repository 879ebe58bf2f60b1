/** The promises about the access log and the ids of webhooks, kept in memory and on Table Storage alike. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AccessLogEntry } from '../../shared/access/access-log.ts';
import { createAccessLog, createWebhookLog } from '../../shared/adapters/tables/access-log.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { hourMs, minuteMs } from '../support/clock.ts';
import { createFakeAccessLog, createFakeWebhookLog } from '../support/fakes/access-log.ts';
import { fabrikamId } from '../support/tenants.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const noon = new Date('2026-03-10T12:00:00.000Z');
const after = (ms: number) => new Date(noon.getTime() + ms);

const entryRow = z.object({
  at: z.string().transform((text) => new Date(text)),
  action: z.string(),
  outcome: z.enum(['accepted', 'refused']),
  caller: z.string().optional(),
  tenantId: z.string().optional(),
  code: z.string().optional(),
});

function openReal() {
  const tables = createTables(storage());
  return {
    log: createAccessLog(tables),
    /** Entries of a day, newest first, as an operator would look them up. */
    entriesOf: async (day: string): Promise<readonly AccessLogEntry[]> =>
      (await tables.all('AccessLog', { filter: `PartitionKey eq '${day}'` })).map((row) =>
        entryRow.parse(row),
      ),
  };
}

function openFake() {
  const log = createFakeAccessLog();
  return {
    log,
    entriesOf: async (day: string): Promise<readonly AccessLogEntry[]> => {
      const own = log.entries.filter(({ at }) => at.toISOString().startsWith(day));
      return await Promise.resolve([...own].sort((a, b) => b.at.getTime() - a.at.getTime()));
    },
  };
}

describe.each([
  { where: 'in memory', open: openFake },
  { where: 'on Table Storage', open: openReal },
])('the access log $where', ({ open }) => {
  it('keeps every entry of a day, newest first, also those of one moment', async () => {
    const { log, entriesOf } = open();
    const entry: AccessLogEntry = { at: noon, action: 'enablement.start', outcome: 'accepted' };
    const full: AccessLogEntry = {
      ...{ at: after(minuteMs), action: 'enablement.start', outcome: 'refused' },
      ...{ caller: 'webhook', tenantId: fabrikamId, code: 'Forbidden' },
    };
    for (const each of [entry, full, entry, { ...entry, at: after(24 * hourMs) }]) await log.append(each);
    expect(await entriesOf('2026-03-10')).toEqual([full, entry, entry]);
    expect(await entriesOf('2026-03-11')).toHaveLength(1);
  });
});

describe.each([
  { where: 'in memory', open: createFakeWebhookLog },
  { where: 'on Table Storage', open: () => createWebhookLog(createTables(storage())) },
])('ids of webhooks $where', ({ open }) => {
  it('are remembered for a day with what they started, whatever stands in them', async () => {
    const log = open();
    for (const id of ['msg_1', 'a/b\\c#d?e', 'Ü'.repeat(256), `'; or 1 eq 1`]) {
      expect(await log.remember(id, 'first', noon)).toBeUndefined();
      expect(await log.remember(id, 'second', after(24 * hourMs))).toBe('first');
    }
    expect(await log.remember('MSG_1', 'other', noon)).toBeUndefined();
  });

  it('are forgotten after it, and when that is asked', async () => {
    const log = open();
    await log.remember('late', 'first', noon);
    expect(await log.remember('late', 'second', after(24 * hourMs + 1))).toBeUndefined();
    expect(await log.remember('late', 'third', after(25 * hourMs))).toBe('second');
    await log.forget('late');
    await log.forget('never seen');
    expect(await log.remember('late', 'fourth', after(25 * hourMs))).toBeUndefined();
  });

  it('seen many times at once are new once', async () => {
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

describe('logs that cannot be reached', () => {
  it('fail', async () => {
    const tables = createTables(lockedOut(storage()));
    await expect(createWebhookLog(tables).remember('any', 'any', noon)).rejects.toThrow();
    const entry: AccessLogEntry = { at: noon, action: 'enablement.start', outcome: 'accepted' };
    await expect(createAccessLog(tables).append(entry)).rejects.toThrow();
  });
});
