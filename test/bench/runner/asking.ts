/** Queries like a caller: through the function that answers `GET /tenants/{tenantId}/records`. */
import { createPacedBody } from '../../../shared/adapters/http/paced-body.ts';
import { createRecordPages } from '../../../shared/exports/record-pages.ts';
import { countRecordsHandler } from '../../../functions/records/count-records.ts';
import { listRecordsHandler } from '../../../functions/records/list-records.ts';
import { served } from '../../support/served.ts';
import { HttpRequest, InvocationContext } from '@azure/functions';
import * as z from 'zod';
import { createFakeHttpDeps } from '../../support/http-deps.ts';
import type { ask, findUsers, InputOf, repeat, ResultOf } from '../tasks.ts';
import type { Product } from './product.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';

const origin = 'https://auditkeep.example/api';
const answerSchema = z.object({
  jsonBody: z.object({
    value: z.array(z.looseObject({ userId: z.string().optional() })),
    nextLink: z.url().optional(),
  }),
  headers: z.object({
    'x-auditkeep-requests': z.coerce.number(),
    'x-auditkeep-rows-read': z.coerce.number(),
  }),
});
type Answer = z.infer<typeof answerSchema>;

/** Enough to meet every user of a generated tenant. */
const pagesForUsers = 3;

type Path = InputOf<typeof repeat>['path'];

/** @throws {Error} when the function answers with an error */
function createCaller(product: Product, apiKey: string, tenantId: string, path: Path = 'records') {
  // The query is measured: nothing is written at the same time.
  const deps = {
    ...createFakeHttpDeps(product.now),
    ...product,
    pages: createRecordPages(product),
    pacedBody: createPacedBody(),
    streamBudgetMs: 60_000,
    names: createFakeNameDirectory(),
  };
  const { handler } =
    path === 'records' ? served(deps, listRecordsHandler) : served(deps, countRecordsHandler);
  return async (url: string): Promise<Answer> => {
    const headers = { 'x-api-key': apiKey };
    const request = new HttpRequest({ method: 'GET', url, headers, params: { tenantId } });
    return answerSchema.parse(await handler(request, new InvocationContext()));
  };
}

function recordsUrl(
  tenantId: string,
  parameters: Readonly<Record<string, string>>,
  path: Path = 'records',
): string {
  return `${origin}/tenants/${tenantId}/${path}?${new URLSearchParams(parameters).toString()}`;
}

export async function listUsers(
  product: Product,
  { tenantId, apiKey }: InputOf<typeof findUsers>,
): Promise<ResultOf<typeof findUsers>> {
  const call = createCaller(product, apiKey, tenantId);
  const users = new Set<string>();
  let url: string | undefined = recordsUrl(tenantId, { top: '1000' });
  for (let page = 0; page < pagesForUsers && url !== undefined; page++) {
    const { jsonBody } = await call(url);
    for (const { userId } of jsonBody.value) if (userId !== undefined) users.add(userId);
    url = jsonBody.nextLink;
  }
  return { users: [...users] };
}

export async function askForUsers(
  product: Product,
  { pages, ...question }: InputOf<typeof ask>,
): Promise<ResultOf<typeof ask>> {
  const call = createCaller(product, question.apiKey, question.tenantId);
  const questions = firstPages(question);
  const durations: number[] = [];
  const totals = { rows: 0, rowsRead: 0, scans: 0 };
  let next: string | undefined;
  while (durations.length < pages) {
    const url = next ?? questions.next().value;
    const started = performance.now();
    const { jsonBody, headers } = await call(url);
    durations.push(performance.now() - started);
    totals.rows += jsonBody.value.length;
    totals.rowsRead += headers['x-auditkeep-rows-read'];
    totals.scans += headers['x-auditkeep-requests'];
    next = jsonBody.nextLink;
  }
  return { durations, ...totals };
}

/** One user after the other, and from the first one again. */
function* firstPages({
  tenantId,
  users,
  top,
  ...range
}: Omit<InputOf<typeof ask>, 'pages'>): Generator<string, never> {
  const [from, to] = [range.from, range.to].map((time) => new Date(time).toISOString());
  for (;;) {
    for (const user of users) {
      yield recordsUrl(tenantId, { users: user, from: from ?? '', to: to ?? '', top: String(top) });
    }
  }
}

const none = { scans: 0, rowsRead: 0, rows: 0, pages: 0 };

export async function repeatQuestion(
  product: Product,
  { tenantId, apiKey, path, parameters, allPages, times }: InputOf<typeof repeat>,
): Promise<ResultOf<typeof repeat>> {
  const call = createCaller(product, apiKey, tenantId, path);
  const durations: number[] = [];
  let once = none;
  while (durations.length < times) {
    once = { ...none };
    const started = performance.now();
    let url: string | undefined = recordsUrl(tenantId, parameters, path);
    while (url !== undefined) {
      const { jsonBody, headers } = await call(url);
      once.scans += headers['x-auditkeep-requests'];
      once.rowsRead += headers['x-auditkeep-rows-read'];
      once.rows += jsonBody.value.length;
      once.pages++;
      url = allPages ? jsonBody.nextLink : undefined;
    }
    durations.push(performance.now() - started);
  }
  return { durations, ...once };
}
