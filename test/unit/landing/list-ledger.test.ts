/** The ledger, over HTTP: every content blob that was listed, and what became of it. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ContentBlob } from '../../../shared/activity/activity-feed.ts';
import { contentTypes } from '../../../shared/activity/content-types.ts';
import type { OpenContent, SettledContent } from '../../../shared/landing/ledger.ts';
import { contentNamed } from '../../support/content.ts';
import { createFaults } from '../../support/faults.ts';
import { createIngestionWorld } from './ingestion-world.ts';

const entrySchema = z.looseObject({ contentId: z.string(), state: z.string() });
const listSchema = z.object({ value: z.array(entrySchema), nextLink: z.string().optional() });
const at = (day: number, hour = 0, ms = 0) => new Date(Date.UTC(2026, 2, day, hour, 0, 0, ms));
const receipt = { records: 3, bytes: 100, sha256: 'ab'.repeat(32) };
const landed = (content: ContentBlob, changes: Partial<SettledContent> = {}): SettledContent => ({
  ...{ content, state: 'landed', attempts: 1, landingId: 'some-landing', receipt },
  ...changes,
});
const open = (content: ContentBlob, changes: Partial<OpenContent> = {}): OpenContent => ({
  ...{ content, state: 'pending', attempts: 2, nextAttemptAt: at(20), code: 'AF50000' },
  ...changes,
});

interface Rows {
  readonly settled?: readonly SettledContent[];
  readonly open?: readonly OpenContent[];
}

async function createWorld(rows: Rows = {}) {
  const faults = createFaults();
  const world = await createIngestionWorld({ faults });
  await world.ledger.settle(world.tenantId, rows.settled ?? []);
  await world.ledger.defer(world.tenantId, rows.open ?? []);
  const list = async (query = '') => listSchema.parse((await world.get('ledger', query)).jsonBody);
  /** Ids on each page, to the last. */
  const pages = async (query: string) => {
    const found: string[][] = [];
    for (let next: string | undefined = query; next !== undefined;) {
      const { value, nextLink } = await list(next);
      found.push(value.map(({ contentId }) => contentId));
      next = nextLink === undefined ? undefined : new URL(nextLink).search;
    }
    return found;
  };
  return { ...world, faults, list, pages };
}

describe('the ledger', () => {
  it('says of a content blob what was received, and where it is', async () => {
    const content = contentNamed('first', at(3, 8));
    const world = await createWorld({ settled: [landed(content)] });
    expect(await world.list()).toEqual({
      value: [
        {
          contentType: 'Audit.Exchange',
          contentId: content.contentId,
          contentCreatedDateTime: '2026-03-03T08:00:00.000Z',
          state: 'landed',
          attempts: 1,
          ...receipt,
          landingId: 'some-landing',
          expirationDateTime: '2026-03-10T08:00:00.000Z',
        },
      ],
    });
  });

  it('has what is open, with why and when it is fetched next; after a crash in between, it is settled', async () => {
    const [waiting, rejected, both] = ['waiting', 'rejected', 'both'].map((name, hour) =>
      contentNamed(name, at(3, hour)),
    );
    if (!waiting || !rejected || !both) throw new Error('There are three.');
    const world = await createWorld({
      settled: [landed(both)],
      open: [open(waiting), open(rejected, { state: 'rejected', code: 'byte 7' }), open(both)],
    });
    expect((await world.list()).value).toMatchObject([
      {
        contentId: waiting.contentId,
        state: 'pending',
        code: 'AF50000',
        nextAttemptDateTime: at(20).toISOString(),
      },
      { contentId: rejected.contentId, state: 'retrying', code: 'byte 7' },
      { contentId: both.contentId, state: 'landed' },
    ]);
  });

  it('is paged in order of publication across content types, each content blob once, whatever the page size', async () => {
    const contents = contentTypes.flatMap((type, kind) =>
      [0, 1, 2, 3].flatMap((day) => [
        contentNamed(`a${kind}${day}`, at(1 + day, kind), type),
        contentNamed(`b${kind}${day}`, at(1 + day, 7), type),
      ]),
    );
    const world = await createWorld({
      settled: contents.slice(0, -5).map((content) => landed(content)),
      open: contents.slice(-9).map((content) => open(content)),
    });
    const [all] = await world.pages('?top=1000');
    expect(all?.toSorted()).toEqual(contents.map(({ contentId }) => contentId).toSorted());
    const times = (await world.list('?top=1000')).value.map((entry) => entry['contentCreatedDateTime']);
    expect(times).toEqual(times.toSorted());
    for (const top of [1, 2, 3, 7, 39, 40]) {
      const pages = await world.pages(`?top=${top}`);
      expect(pages.flat()).toEqual(all);
      expect(pages.every((page, n) => page.length === top || n === pages.length - 1)).toBe(true);
    }
  });

  it('can be limited to a content type, a state, a landing, and a range, which is half-open', async () => {
    const world = await createWorld({
      settled: [
        landed(contentNamed('a', at(1))),
        landed(contentNamed('b', at(2)), { landingId: 'other' }),
        landed(contentNamed('c', at(2), 'DLP.All'), {
          state: 'gone',
          landingId: undefined,
          receipt: undefined,
        }),
        landed(contentNamed('d', at(3))),
      ],
      open: [open(contentNamed('e', at(2, 1)))],
    });
    const found = async (query: string) =>
      (await world.pages(query))
        .flat()
        .map((id) => id.slice(0, 1))
        .join('');
    expect(await found('?contentType=Audit.Exchange')).toBe('abed');
    expect(await found('?state=landed')).toBe('abd');
    expect(await found('?state=gone')).toBe('c');
    expect(await found('?state=pending')).toBe('e');
    expect(await found('?landingId=other')).toBe('b');
    expect(await found(`?from=${at(2).toISOString()}&to=${at(3).toISOString()}`)).toHaveLength(3);
    expect(await found(`?from=${at(2, 0, 1).toISOString()}&top=1`)).toBe('ed');
    expect(await world.get('ledger', '?state=lost')).toMatchObject({
      status: 400,
      jsonBody: { error: { target: 'state' } },
    });
    expect(await world.get('ledger', '?skiptoken=nonsense')).toMatchObject({
      status: 400,
      jsonBody: { error: { code: 'InvalidSkipToken' } },
    });
  });

  it('reads a bounded part of the ledger for a page, however rare the wanted state is', async () => {
    const count = 12_001;
    const settled = Array.from({ length: count }, (_, n) =>
      landed(contentNamed(`c${n}`, new Date(at(1).getTime() + n)), n === count - 1 ? { state: 'gone' } : {}),
    );
    const world = await createWorld({ settled });
    const pages = await world.pages('?state=gone&top=1000');
    expect(pages).toEqual([[], [], [`c${count - 1}$audit_exchange`]]);
  });
});
