/**
 * The main job with types that openapi-typescript made: list tenants, page to the end, dry run, export, download.
 * Arguments: address of the interface, client key. Prints what it did as JSON.
 */
import { setTimeout } from 'node:timers/promises';
import createClient from 'openapi-fetch';

const [, , baseUrl = '', key = ''] = process.argv;
/** @type {import('openapi-fetch').Client<import('./api.d.ts').paths>} */
const client = createClient({ baseUrl, headers: { 'x-api-key': key } });
/** @typedef {import('./api.d.ts').components['schemas']} Schemas */

/**
 * @template T
 * @param {{ data?: T, error?: Schemas['Error'] }} answer
 * @returns {T}
 */
function dataOf({ data, error }) {
  if (error !== undefined) throw new Error(`${error.error.code}: ${error.error.message}`);
  if (data === undefined) throw new Error('An answer without content.');
  return data;
}

const { value: tenants } = dataOf(await client.GET('/tenants'));
const [tenant] = tenants;
if (tenant === undefined) throw new Error('There is no tenant.');
const path = { tenantId: tenant.tenantId };

/** @returns {Promise<string[]>} IDs of all records */
async function readAll() {
  const ids = [];
  /** @type {string | undefined} */
  let skiptoken;
  do {
    const query = { top: 20, service: ['SharePoint'], ...(skiptoken === undefined ? {} : { skiptoken }) };
    const page = dataOf(await client.GET('/tenants/{tenantId}/records', { params: { path, query } }));
    ids.push(...page.value.map(({ id }) => id));
    skiptoken =
      page.nextLink === undefined ? undefined : (new URL(page.nextLink).searchParams.get('skiptoken') ?? '');
  } while (skiptoken !== undefined);
  return ids;
}

const ids = await readAll();
const started = await client.POST('/tenants/{tenantId}/enablements', {
  params: { path },
  body: { dryRun: true, workloads: ['organization'], mailboxes: { all: true } },
});
const { id: enablementId } = dataOf(started);
const enablement = await ended(async () =>
  dataOf(
    await client.GET('/tenants/{tenantId}/enablements/{enablementId}', {
      params: { path: { ...path, enablementId } },
    }),
  ),
);

const requested = await client.POST('/tenants/{tenantId}/exports', {
  params: { path },
  body: { format: 'ndjson', service: ['SharePoint'] },
});
const inExport = { path: { ...path, exportId: dataOf(requested).id } };
const exported = await ended(async () =>
  dataOf(await client.GET('/tenants/{tenantId}/exports/{exportId}', { params: inExport })),
);
const file = await client.GET('/tenants/{tenantId}/exports/{exportId}/content', {
  params: inExport,
  parseAs: 'text',
});

/**
 * @template {{ status: string }} T
 * @param {() => Promise<T>} read
 */
async function ended(read) {
  for (;;) {
    const one = await read();
    if (one.status !== 'NotStarted' && one.status !== 'Running') return one;
    await setTimeout(250);
  }
}

const refused = await client.GET('/tenants/{tenantId}', {
  params: { path: { tenantId: '00000000-0000-4000-8000-000000000000' } },
});
console.log(
  JSON.stringify({
    tenants: tenants.length,
    records: ids.length,
    distinct: new Set(ids).size,
    enablement: [enablement.status, enablement.dryRun],
    exported: [exported.status, exported.recordCount],
    lines: dataOf(file).trimEnd().split('\n').length,
    refused: refused.error?.error.code,
  }),
);
