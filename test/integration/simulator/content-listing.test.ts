/** Listing content blobs: windows, items, and pages. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  contentPath,
  fabrikam,
  itemsOf,
  json,
  nextPageOf,
  feedPath,
  refusalOf,
  startClient,
  type ContentItem,
  type SimulatorClient,
} from './simulator-client.ts';

const hourMs = 60 * 60 * 1000;

let client: SimulatorClient;

beforeEach(async () => {
  client = await startClient();
  await client.subscribe('Audit.Exchange');
});

afterEach(() => client.stop());

const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

const publish = (contentCreated?: string): string =>
  client.simulator
    .addContent(fabrikam, {
      kind: 'records',
      contentType: 'Audit.Exchange',
      texts: ['{"Id":"1"}'],
      contentCreated,
    })
    .join('');

const publishMany = (blobs: number): void => {
  client.simulator.addContent(fabrikam, {
    kind: 'generated',
    blobs,
    recordsPerBlob: 1,
    contentTypes: ['Audit.Exchange'],
  });
};

const listAll = async (path: string): Promise<{ items: ContentItem[]; pages: number[] }> => {
  const items: ContentItem[] = [];
  const pages: number[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const response = await client.get(next);
    const page = itemsOf(response);
    items.push(...page);
    pages.push(page.length);
    next = nextPageOf(response);
  }
  return { items, pages };
};

describe('the window', () => {
  it('includes its start and excludes its end', async () => {
    const [start, end] = [ago(3 * hourMs), ago(2 * hourMs)];
    const first = publish(start);
    publish(end);
    const { items } = await listAll(contentPath('Audit.Exchange', { start, end }));
    expect(items.map(({ contentId }) => contentId)).toEqual([first]);
  });

  it('is optional and defaults to the last 24 hours', async () => {
    publish(ago(25 * hourMs));
    const recent = publish(ago(23 * hourMs));
    const { items } = await listAll(feedPath('subscriptions/content?contentType=Audit.Exchange'));
    expect(items.map(({ contentId }) => contentId)).toEqual([recent]);
  });

  it.each([
    ['only a start', { startTime: ago(hourMs) }],
    ['only an end', { endTime: ago(hourMs) }],
    ['more than 24 hours', { startTime: ago(25 * hourMs), endTime: ago(hourMs - 1) }],
    [
      'more than 7 days ago',
      { startTime: ago(7 * 24 * hourMs + 60_000), endTime: ago(7 * 24 * hourMs - 60_000) },
    ],
    ['an end before the start', { startTime: ago(hourMs), endTime: ago(2 * hourMs) }],
  ])('is refused: %s', async (_case, times) => {
    const query = new URLSearchParams({ contentType: 'Audit.Exchange', ...times });
    expect(refusalOf(await client.get(feedPath(`subscriptions/content?${query.toString()}`)))).toBe(
      '400 AF20055',
    );
  });

  it('is refused if a time is invalid', async () => {
    const window = { start: 'yesterday', end: ago(0) };
    expect(refusalOf(await client.get(contentPath('Audit.Exchange', window)))).toBe('400 AF20002');
  });

  it.each(['', ':00', ':00.1230000', ':00Z'])('treats times that end in "%s" as UTC', async (suffix) => {
    const hour = ago(3 * hourMs).slice(0, 13);
    const contentId = publish(`${hour}:00:00.000Z`);
    const window = { start: `${hour}:00`, end: `${ago(2 * hourMs).slice(0, 13)}:00${suffix}` };
    const { items } = await listAll(contentPath('Audit.Exchange', window));
    expect(items.map((item) => item.contentId)).toEqual([contentId]);
  });

  it('includes content that was published before the subscription started', async () => {
    client.simulator.addContent(fabrikam, {
      kind: 'records',
      contentType: 'Audit.General',
      texts: ['{}'],
      contentCreated: ago(20 * hourMs),
    });
    await client.subscribe('Audit.General');
    const { items } = await listAll(contentPath('Audit.General'));
    expect(items).toHaveLength(1);
  });

  it('never includes content before it is available', async () => {
    publish(ago(-0.5 * hourMs));
    expect(json(await client.get(contentPath('Audit.Exchange')))).toEqual([]);
    client.simulator.moveClock(0.6 * hourMs);
    expect(itemsOf(await client.get(contentPath('Audit.Exchange')))).toHaveLength(1);
  });
});

describe('content items', () => {
  it('look like those of the service', async () => {
    publish();
    const [item] = itemsOf(await client.get(contentPath('Audit.Exchange')));
    expect(item?.contentId).toMatch(
      /^\d{23}\$\d{23}\$audit_exchange\$Audit_Exchange\$(?:na0020|emea0012|apac0012)$/,
    );
    expect(item?.contentUri).toBe(
      `${client.simulator.baseUrl}${feedPath('audit/')}${item?.contentId ?? 'nothing listed'}`,
    );
    const lifeMs = Date.parse(item?.contentExpiration ?? '') - Date.parse(item?.contentCreated ?? '');
    expect(lifeMs).toBe(20 * 24 * hourMs);
  });

  it('come from several regions, in order of availability', async () => {
    publishMany(40);
    const { items } = await listAll(contentPath('Audit.Exchange'));
    const regions = new Set(items.map(({ contentId }) => contentId.split('$').at(-1)));
    expect(regions.size).toBe(3);
    const times = items.map(({ contentCreated }) => contentCreated);
    expect(times).toEqual(times.toSorted());
  });
});

describe('paging', () => {
  it('continues with NextPageUri under /api/v1/ until the header is absent', async () => {
    publishMany(5);
    client.simulator.changeSettings({ pageSize: 2 });
    const first = await client.get(contentPath('Audit.Exchange'));
    expect(nextPageOf(first)).toMatch(
      new RegExp(
        `^${client.simulator.baseUrl}/api/v1/${fabrikam}/activity/feed/subscriptions/content\\?.*nextPage=`,
      ),
    );
    const { items, pages } = await listAll(contentPath('Audit.Exchange'));
    expect(pages).toEqual([2, 2, 1]);
    expect(new Set(items.map(({ contentId }) => contentId)).size).toBe(5);
  });

  it('has 200 items per page', async () => {
    publishMany(201);
    expect((await listAll(contentPath('Audit.Exchange'))).pages).toEqual([200, 1]);
  });

  it('neither loses nor repeats content that is published in the meantime', async () => {
    publishMany(3);
    client.simulator.changeSettings({ pageSize: 2 });
    const first = await client.get(contentPath('Audit.Exchange'));
    publish(ago(22 * hourMs));
    const second = await client.get(nextPageOf(first) ?? '');
    const ids = [...itemsOf(first), ...itemsOf(second)].map(({ contentId }) => contentId);
    expect(new Set(ids).size).toBe(3);
  });

  it('can start with an empty page that has a next page', async () => {
    publishMany(3);
    client.simulator.changeSettings({ emptyFirstPage: true });
    expect((await listAll(contentPath('Audit.Exchange'))).pages).toEqual([0, 3]);
  });

  it('can have an empty page before each further one', async () => {
    publishMany(5);
    client.simulator.changeSettings({ pageSize: 2, emptyPagesBetween: true });
    expect((await listAll(contentPath('Audit.Exchange'))).pages).toEqual([2, 0, 2, 0, 1]);
    expect(client.simulator.emptyPages(fabrikam)).toBe(2);
  });

  it('can expire before a further page is requested', async () => {
    publishMany(3);
    client.simulator.changeSettings({ pageSize: 2 });
    client.simulator.faults.add({
      ...{ match: { operation: 'content', isNextPage: true }, times: 1 },
      effect: { kind: 'error', status: 400, code: 'AF20031' },
    });
    const first = await client.get(contentPath('Audit.Exchange'));
    expect(first.status).toBe(200);
    expect(refusalOf(await client.get(nextPageOf(first) ?? ''))).toBe('400 AF20031');
  });

  it('is remembered, and whether content was still growing', async () => {
    publish(ago(hourMs));
    publish(ago(1000));
    client.simulator.changeSettings({ settleMs: 60_000 });
    await listAll(contentPath('Audit.Exchange'));
    await listAll(contentPath('Audit.Exchange'));
    expect(client.simulator.published(fabrikam)).toMatchObject([
      { timesListed: 2, timesListedGrowing: 0, isMissed: false },
      { timesListed: 2, timesListedGrowing: 2, isMissed: false },
    ]);
  });

  it.each(['NextPageUri', 'nextpageuri', 'NEXTPAGEURI'] as const)(
    'can spell its header %s',
    async (spelling) => {
      publishMany(2);
      client.simulator.changeSettings({ pageSize: 1, nextPageHeader: spelling });
      const response = await client.get(contentPath('Audit.Exchange'));
      const schema = z.object({ res: z.object({ rawHeaders: z.array(z.string()) }) });
      expect(schema.parse(response.request).res.rawHeaders).toContain(spelling);
    },
  );

  it('refuses a page that it did not offer', async () => {
    const path = `${contentPath('Audit.Exchange')}&nextPage=second`;
    expect(refusalOf(await client.get(path))).toBe('400 AF20031');
  });
});
