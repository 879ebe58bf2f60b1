/** What is permanently lost, over HTTP. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { gapReasons } from '../../../shared/landing/gap-reasons.ts';
import { gapOf, gapSchema, type Gap } from '../../../shared/landing/ledger.ts';
import { rejectedId } from '../../../shared/landing/rejected-content.ts';
import { contentNamed } from '../../support/content.ts';
import { createIngestionWorld } from './ingestion-world.ts';

const listSchema = z.object({ value: z.array(z.looseObject({})), nextLink: z.string().optional() });
const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 2, day, hour));
const range = (start: Date, end: Date, changes: Partial<Gap> = {}): Gap => ({
  ...{ contentType: 'Audit.Exchange', window: { start, end }, reason: 'feedExpired', code: 'AF20055' },
  recordedAt: at(20),
  ...changes,
});

async function createWorld(gaps: readonly Gap[] = []) {
  const world = await createIngestionWorld();
  await world.ledger.recordGaps(world.tenantId, gaps);
  const list = async (query = '') => listSchema.parse((await world.get('gaps', query)).jsonBody);
  return { ...world, list };
}

describe('the list of gaps', () => {
  it('says of a range what is lost, why, since when, and what to do', async () => {
    const world = await createWorld([range(at(3), at(5, 12))]);
    expect(await world.list()).toEqual({
      value: [
        {
          contentType: 'Audit.Exchange',
          from: '2026-03-03T00:00:00.000Z',
          to: '2026-03-05T12:00:00.000Z',
          reason: 'feedExpired',
          code: 'AF20055',
          ...gapReasons.feedExpired,
          recordedDateTime: '2026-03-20T00:00:00.000Z',
        },
      ],
    });
  });

  it('names a content blob, its rejected body, and who gave it up, when and why', async () => {
    const content = contentNamed('part', at(4, 8));
    const lost = gapOf(content, { reason: 'contentRejected', code: 'byte 7', recordedAt: at(11) });
    const decision = { givenUpAt: at(12), givenUpBy: 'k2c4e6g8', givenUpReason: 'It is empty.' };
    const world = await createWorld([{ ...lost, ...decision }]);
    expect((await world.list()).value).toEqual([
      {
        contentType: content.contentType,
        contentId: content.contentId,
        from: '2026-03-04T08:00:00.000Z',
        to: '2026-03-04T08:00:00.001Z',
        reason: 'contentRejected',
        code: 'byte 7',
        ...gapReasons.contentRejected,
        bodyId: rejectedId(content),
        recordedDateTime: '2026-03-11T00:00:00.000Z',
        givenUpDateTime: '2026-03-12T00:00:00.000Z',
        givenUpBy: 'k2c4e6g8',
        givenUpReason: 'It is empty.',
      },
    ]);
  });

  it('is as long as the state of ingestion says', async () => {
    const world = await createWorld([range(at(3), at(4)), range(at(8), at(9))]);
    expect((await world.get('ingestion')).jsonBody).toMatchObject({ gaps: 2 });
    expect((await world.list()).value).toHaveLength(2);
    expect((await (await createWorld()).list()).value).toEqual([]);
  });

  it('is paged, newest first, each once, also those that begin at the same moment', async () => {
    const same = ['a', 'b', 'c'].map((name) =>
      gapOf(contentNamed(name, at(6)), { reason: 'contentGone', code: 'AF20051', recordedAt: at(7) }),
    );
    const world = await createWorld([range(at(2), at(3)), ...same, range(at(8), at(9))]);
    const all = (await world.list()).value;
    expect(all.map(({ from }) => from)).toEqual(
      [at(8), at(6), at(6), at(6), at(2)].map((date) => date.toISOString()),
    );
    const paged: unknown[] = [];
    for (let query: string | undefined = '?top=2'; query !== undefined;) {
      const page = await world.list(query);
      paged.push(...page.value);
      query = page.nextLink === undefined ? undefined : new URL(page.nextLink).search;
    }
    expect(paged).toEqual(all);
    expect(await world.get('gaps', '?skiptoken=nonsense')).toMatchObject({
      status: 400,
      jsonBody: { error: { code: 'InvalidSkipToken' } },
    });
  });

  it('can be limited to a content type, also on the following pages', async () => {
    const other = { contentType: 'Audit.SharePoint' } as const;
    const world = await createWorld([
      ...[range(at(2), at(3)), range(at(4), at(5), other)],
      ...[range(at(6), at(7)), range(at(8), at(9), other)],
    ]);
    const first = await world.list('?contentType=Audit.Exchange&top=1');
    const { search } = new URL(first.nextLink ?? '');
    const second = await world.list(search);
    expect([...first.value, ...second.value].map(({ from }) => from)).toEqual([
      at(6).toISOString(),
      at(2).toISOString(),
    ]);
    expect(second.nextLink).toBeUndefined();
    expect(await world.get('gaps', '?contentType=Audit.Fax')).toMatchObject({
      status: 400,
      jsonBody: { error: { target: 'contentType' } },
    });
  });

  it('can be limited to what answers about a range of time lack, which may be published a week later', async () => {
    const world = await createWorld([range(at(10), at(11))]);
    const isIn = async (from: Date, to?: Date) => {
      const until = to === undefined ? '' : `&to=${to.toISOString()}`;
      return (await world.list(`?from=${from.toISOString()}${until}`)).value.length === 1;
    };
    expect(await isIn(at(10, 23))).toBe(true);
    expect(await isIn(at(11))).toBe(false);
    expect(await isIn(at(2), at(3))).toBe(false);
    expect(await isIn(at(2), at(3, 1))).toBe(true);
    expect((await world.list(`?to=${at(3).toISOString()}`)).value).toEqual([]);
    expect((await world.get('gaps', '?from=2026-03-02&to=2026-03-01')).status).toBe(400);
  });

  it('is for callers who may read records', async () => {
    const manager = await createIngestionWorld({ scopes: ['tenants.manage'] });
    expect((await manager.get('gaps')).status).toBe(403);
  });
});

describe('the reasons of gaps', () => {
  /** As readers see it. */
  const plain = (cell: string) => cell.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('`', '');

  it('are explained in docs/operations.md as in answers', () => {
    const text = readFileSync('docs/operations.md', 'utf8');
    const [, table = ''] =
      /\| reason \| what happened \| what to do \|\n\|[ -|]+\|\n((?:\|.*\|\n)+)/.exec(text) ?? [];
    const rows = table.trimEnd().split('\n');
    const cells = rows.map((row) => row.slice(2, -2).split(' | ').map(plain));
    const declared = gapSchema.shape.reason.options.map((reason) => {
      const { message, cure } = gapReasons[reason];
      return [reason, message, cure];
    });
    expect(cells).toEqual(declared);
  });
});
