/** How lists of Microsoft are read page by page: one pager for the feed, Graph, and Exchange. */
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { readPages } from '../../../shared/adapters/microsoft/pages.ts';
import { startBudget, type Budget } from '../../../shared/budget.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { answerJson, tenant, useServers, type Apis, type Served } from './served-apis.ts';

const serve = useServers();
const window = { start: new Date('2026-03-10T00:00:00Z'), end: new Date('2026-03-11T00:00:00Z') };

interface ListedApi {
  readonly list: (apis: Apis, budget?: Budget) => Promise<unknown>;
  /** Answers an empty page with this link to the next one. */
  readonly answerPage: (response: ServerResponse, next: string | null | undefined) => void;
}

async function drain(pages: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const page of pages) count += page === undefined ? 0 : 1;
  return count;
}

const answerOData = (response: ServerResponse, next: string | null | undefined) => {
  answerJson(response, { value: [], '@odata.nextLink': next });
};

const apis: readonly (readonly [name: string, api: ListedApi])[] = [
  [
    'the feed',
    {
      list: ({ feed }, budget) => drain(feed.listContent(tenant, 'Audit.Exchange', window, budget)),
      answerPage: (response, next) => {
        if (typeof next === 'string') response.setHeader('NextPageUri', next);
        answerJson(response, []);
      },
    },
  ],
  [
    'Graph',
    { list: ({ directory }, budget) => directory.listOwnRoles(tenant, budget), answerPage: answerOData },
  ],
  [
    'Exchange',
    {
      list: ({ exchange }, budget) => drain(exchange.listMailboxes(tenant, { all: true }, budget)),
      answerPage: answerOData,
    },
  ],
];

/** The address of the page with this name. */
const pageUrl = ({ root }: Served, name: string | number) =>
  `${root}/api/v1/${fabrikamId}/activity/feed/subscriptions/content?nextPage=${name}`;

describe.each(apis)('a list of %s', (_name, { list, answerPage }) => {
  it('that links to a page that was read ends with an error', async () => {
    const { requests, apis: called } = await serve((response, served) => {
      if (served.at > 20) response.destroy();
      else answerPage(response, pageUrl(served, served.at % 2));
    });
    await expect(list(called)).rejects.toMatchObject({
      ...{ action: 'retry', code: 'UnexpectedAnswer' },
      message: expect.stringMatching(/links to a page that was read before/) as string,
    });
    expect(requests.count).toBeLessThan(6);
  });

  it('of empty pages that link on forever ends with an error after a hundred of them', async () => {
    const { requests, apis: called } = await serve((response, served) => {
      if (served.at > 1000) response.destroy();
      else answerPage(response, pageUrl(served, served.at));
    });
    await expect(list(called, startBudget(minuteMs))).rejects.toMatchObject({
      ...{ action: 'retry', code: 'UnexpectedAnswer' },
      message: expect.stringMatching(/more than 100 empty pages in a row/) as string,
    });
    expect(requests.count).toBe(101);
  });

  it('is read no further when its budget is spent, except for its first page', async () => {
    const clock = createClock();
    const budget = clock.startBudget(minuteMs);
    const { requests, apis: called } = await serve((response, served) => {
      if (served.at === 2) clock.advance(2 * minuteMs);
      if (served.at > 5) response.destroy();
      else answerPage(response, pageUrl(served, served.at));
    });
    await expect(list(called, budget)).rejects.toMatchObject({ action: 'retry', code: 'BudgetSpent' });
    expect(requests.count).toBe(3);
  });

  it.each([
    ['an empty text', ''],
    ['blanks', '  '],
    ['null', null],
    ['nothing', undefined],
  ] as const)('ends at a page whose next link is %s', async (_what, next) => {
    const { requests, apis: called } = await serve((response) => {
      answerPage(response, next);
    });
    await list(called);
    expect(requests.count).toBe(1);
  });
});

it('a list without an end, of pages that all differ and bring something, ends with an error after 10,000 pages', async () => {
  let read = 0;
  const pages = readPages({
    first: { url: '0' },
    read: () => Promise.resolve(++read),
    next: (page: number) => ({ url: String(page) }),
    isEmpty: () => false,
    budget: startBudget(10 * minuteMs),
    unexpected: (what) => new Error(what),
  });
  await expect(drain(pages)).rejects.toThrow('has more than 10000 pages');
  expect(read).toBe(10_000);
});
