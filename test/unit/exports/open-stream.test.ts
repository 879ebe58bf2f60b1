/** A stream of records counts among the queries of its caller while it reads a page, and never breaks off for it. */
import { callerWith } from '../../../shared/access/caller.ts';
import { buffer } from 'node:stream/consumers';
import { InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { createCallLimits } from '../../../shared/access/call-limits.ts';
import type { Caller } from '../../../shared/access/caller.ts';
import { openStream } from '../../../shared/exports/open-stream.ts';
import type { RecordPages } from '../../../shared/exports/record-pages.ts';
import { plainAccess } from '../../support/access-defaults.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { exportedRecord, pagesOf } from '../../support/exports.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';
import { tenantNamed } from '../../support/tenants.ts';

const texts = Array.from({ length: 3 }, (_, at) => JSON.stringify({ n: at }));
const whole = texts.map((text) => `${text}\n`).join('');
const callerNamed = (id: string): Caller => callerWith(id, { tenants: '*', scopes: ['records.read'] });
const [ada, bo] = [callerNamed('ada'), callerNamed('bo')];

/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Each caller may have one query running, and two waiting. */
function createWorld() {
  const { now } = createClock();
  const limits = createCallLimits({ ...plainAccess.limits, queriesPerCaller: 1 }, now);
  const all = pagesOf(
    texts.map((text) => exportedRecord(text)),
    1,
  );
  const read = { pages: 0 };
  const page: RecordPages['page'] = (...asked) => {
    read.pages++;
    return all.page(...asked);
  };
  const deps = {
    ...{ access: limits, pages: { page }, names: createFakeNameDirectory(), now, streamBudgetMs: minuteMs },
    pacedBody: async function* (_: string, chunks: AsyncIterable<Uint8Array>) {
      yield* chunks;
    },
    completeness: () =>
      Promise.resolve({ contentTypes: [], open: [], gaps: [], unindexedLandings: 0, recordsIndexing: 0 }),
  };
  const open = async (caller: Caller) => {
    const invocation = new InvocationContext({ logHandler: () => undefined });
    const tenant = { ...tenantNamed('Contoso'), etag: '1', leasedUntil: undefined };
    return (await openStream(deps, { invocation, caller, tenant, filters: {}, format: 'ndjson' })).body;
  };
  return { limits, open, read };
}

describe('a stream of records', () => {
  it('waits for the queries of its caller before each page, however many there are', async () => {
    const { limits, open, read } = createWorld();
    const body = await open(ada);
    const running: (() => void)[] = [];
    const query = () => limits.query(ada, () => new Promise<void>((resolve) => running.push(resolve)));
    const queries = [query(), query(), query()];
    await expect(query()).rejects.toMatchObject({ status: 429 });
    const streamed = buffer(body);
    for (let ended = 0; ended < queries.length; ended++) {
      await settle();
      expect(read.pages).toBe(1);
      running[ended]?.();
    }
    expect((await streamed).toString()).toBe(whole);
    await Promise.all(queries);
  });

  it('does not wait for the queries of others', async () => {
    const { limits, open } = createWorld();
    const body = await open(bo);
    let end: () => void = () => undefined;
    const query = limits.query(ada, () => new Promise<void>((resolve) => (end = resolve)));
    expect((await buffer(body)).toString()).toBe(whole);
    end();
    await query;
  });

  it('takes no place while its reader has not taken what was read', async () => {
    const { limits, open } = createWorld();
    const body = await open(ada);
    for (const text of texts) {
      expect((await body.next()).value).toEqual(Buffer.from(`${text}\n`));
      expect(await limits.query(ada, () => Promise.resolve('answered'))).toBe('answered');
    }
  });
});
