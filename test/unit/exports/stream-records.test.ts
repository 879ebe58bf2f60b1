/** Records as one answer: whole, or visibly broken. */
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { streamRecords, StreamTooLongError } from '../../../shared/exports/stream-records.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { exportedRecord, pagesOf } from '../../support/exports.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';

const texts = Array.from({ length: 10 }, (_, at) => JSON.stringify({ n: at }));
const pages = pagesOf(
  texts.map((text) => exportedRecord(text)),
  3,
);
const inTurn = <T>(work: () => Promise<T>) => work();
const names = createFakeNameDirectory();
const question = {
  tenantId: 'contoso',
  filters: {},
  completeThrough: undefined,
  bom: false,
  inTurn,
} as const;

describe('streamed records', () => {
  it('are all of them, page after page', async () => {
    const deps = { names, pages, now: createClock().now, streamBudgetMs: minuteMs };
    const { body, format } = await streamRecords(deps, { ...question, format: 'ndjson' });
    expect((await buffer(body)).toString()).toBe(texts.map((text) => `${text}\n`).join(''));
    expect(format.mediaType).toContain('application/x-ndjson');
  });

  it('fail when they take too long', async () => {
    const clock = createClock();
    const slow = {
      page: (...asked: Parameters<typeof pages.page>) => {
        clock.advance(minuteMs);
        return pages.page(...asked);
      },
    };
    const deps = { names, pages: slow, now: clock.now, streamBudgetMs: 2 * minuteMs };
    const { body } = await streamRecords(deps, { ...question, format: 'csv' });
    await expect(buffer(body)).rejects.toThrow(StreamTooLongError);
  });

  it('fail before anything is sent when storage is down', async () => {
    const broken = { page: () => Promise.reject(new Error('Storage is down.')) };
    const deps = { names, pages: broken, now: createClock().now, streamBudgetMs: minuteMs };
    await expect(streamRecords(deps, { ...question, format: 'csv' })).rejects.toThrow('Storage');
  });
});
