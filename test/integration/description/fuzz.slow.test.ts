/**
 * Many requests made from the description, valid, borderline and nonsense: no answer is a defect of ours, and
 * none is undeclared. AUDITKEEP_FUZZ_REQUESTS sets their number, AUDITKEEP_FUZZ_SEED repeats a run.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newApiKey, scopes } from '../../../shared/access/api-keys.ts';
import { allOperations } from '../../../shared/api/all.ts';
import { undeclared } from '../../support/described.ts';
import { sized } from '../../support/sizes.ts';
import { guidOf, oddFeed } from '../pipeline/invented-records.ts';
import type { Ingredients } from './requests.ts';
import { requestsTo } from './tidy-requests.ts';
import { startWholeApp, type Given, type Sent, type WholeApp } from './whole-app.ts';

const operations = allOperations();

/** 500 are still several of each operation, others in every run. */
const requests = Number(process.env['AUDITKEEP_FUZZ_REQUESTS'] ?? sized(500, 10_000));
/** They call Microsoft, which never answers here, and retry for seconds: sent in every fourth round only. */
const retrying: ReadonlySet<string> = new Set(['CheckTenant', 'RegisterTenant']);
const seed = Number(process.env['AUDITKEEP_FUZZ_SEED'] ?? Date.now() % 2 ** 31);
/** Much longer than a run takes on two busy cores. */
const longMs = 60_000 + requests * 200;

let app: WholeApp;
let tenantIds: readonly string[];
let ingredients: Ingredients;

beforeAll(async () => {
  app = await startWholeApp();
  const { pipeline } = app;
  tenantIds = [await pipeline.addTenant('Fuzzed'), await pipeline.addTenant('Empty')];
  await pipeline.deliver(tenantIds[0] ?? '', oddFeed(), new Date('2026-03-02T10:00:00Z'));
  const issue = async (tenants: string) => {
    const { key, text } = newApiKey({ name: 'Fuzzer', tenants, scopes }, new Date());
    await pipeline.keys.create(key);
    return { id: key.id, text };
  };
  const [partner, bound, spare] = [await issue('*'), await issue(tenantIds[1] ?? ''), await issue('*')];
  const callers = [
    { 'x-api-key': partner.text },
    { 'x-api-key': bound.text },
    { 'x-api-key': 'ak_nothing' },
    { authorization: 'Bearer e30.e30.e30' },
    {},
  ];
  ingredients = { callers, known: knownValues(spare.id) };
});

afterAll(() => app.stop());

function knownValues(keyId: string): Ingredients['known'] {
  const ids = [...tenantIds, guidOf('unknown')];
  return {
    tenantId: ids,
    ...{ tenant: ids, tenants: ['*', ...ids, tenantIds.join(',')] },
    recordId: [guidOf('plain 1'), guidOf('shared'), guidOf('nothing')],
    ids: [guidOf('plain 1'), `${guidOf('plain 2')},${guidOf('shared')}`],
    keyId: [keyId, '0123456789abcdef'],
    name: ['deletions', 'other'],
    search: ['deletions', 'nothing'],
    recordType: ['6', 'SharePointFileOperation', '999'],
    users: ['ada@contoso.example'],
    operations: ['FileAccessed', 'FileAccessed,FileDeleted'],
    service: ['SharePoint', 'Exchange'],
    clientIp: ['192.0.2.1', '192.0.2.0/24', '2001:db8::/32'],
    userType: ['Regular', '2'],
    siteUrl: ['https://contoso.example/*'],
    objectId: ['https://contoso.example/plain 1', '*plain*'],
    filter: ["operation eq 'FileAccessed'", "recordType ne 6 and startswith(userId,'a')"],
    groupBy: ['operation', 'user,day', 'hour'],
    select: ['id', 'id,operation'],
    // Never an address that could be reached.
    targetUrl: ['https://localhost/hook', 'https://127.0.0.1/hook', 'http://flow.example/', 'nonsense'],
    domain: ['contoso.example', 'nowhere'],
    exportId: [],
  };
}

/** Ids in answers are used in later requests. */
const found: Record<string, string[]> = { exportId: [], enablementId: [], subscriptionId: [], removalId: [] };

function learn({ url, status, body }: Given): void {
  if (status !== 201 && status !== 202) return;
  const kind = /(export|enablement|subscription|removal)s/.exec(new URL(url).pathname)?.[1] ?? 'removal';
  const id = /"id":"([0-9a-f-]{36})"/.exec(Buffer.from(body).toString())?.[1];
  const ids = found[`${kind}Id`];
  if (id !== undefined && ids !== undefined && ids.length < 20) ids.push(id);
}

/** What was removed is created again: later requests need it. */
async function restore({ status }: Given, { method }: Sent): Promise<void> {
  if (method !== 'DELETE' || status !== 202) return;
  for (const tenantId of tenantIds) await app.pipeline.tenants.update(tenantId, { state: 'Active' });
}

describe('any request', () => {
  it(
    'is answered as described, and never with an internal error',
    async () => {
      console.log(`${requests} requests with AUDITKEEP_FUZZ_SEED=${seed}`);
      const quiet = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
      const statuses = new Map<number, number>();
      const wrong: object[] = [];
      const rounds = Math.ceil(requests / operations.length);
      for (let round = 0; round < rounds; round++) {
        for (const [at, operation] of operations.entries()) {
          if (retrying.has(operation.id) && round % 4 > 0) continue;
          const known = { ...ingredients.known, ...found };
          const arbitrary = requestsTo(operation, { ...ingredients, known });
          const [sent] = fc.sample(arbitrary, { numRuns: 1, seed: seed + round * operations.length + at });
          if (sent === undefined) continue;
          const given = await app.send(sent);
          learn(given);
          await restore(given, sent);
          statuses.set(given.status, (statuses.get(given.status) ?? 0) + 1);
          const problems = [...undeclared(given), ...defects(given)];
          if (problems.length > 0) wrong.push({ operation: operation.id, sent, problems });
        }
      }
      quiet.mockRestore();
      console.log(
        [...statuses]
          .sort()
          .map(([status, count]) => `${status}: ${count}`)
          .join(', '),
      );
      expect(wrong.slice(0, 5)).toEqual([]);
      // Otherwise only refusals would have been checked.
      expect(statuses.get(200)).toBeGreaterThan(requests / 10);
    },
    longMs,
  );
});

/** Characters that keys of tables and names of blobs cannot have, or that are read as something else. */
const oddIds = [
  'a/b',
  'a\\b',
  'a#b',
  'a?b',
  "a'b",
  '%2F',
  'a\u0000b',
  'a\u007fb',
  '\u202e',
  'x'.repeat(1200),
];

describe('an invalid id', () => {
  it('is not found', async () => {
    const quiet = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const wrong: object[] = [];
    for (const { id: operationId, method, route } of operations.filter((each) => each.route.includes('{'))) {
      for (const id of oddIds) {
        const hasOther = route.replace('{tenantId}', '').includes('{');
        const path = route
          .replace('{tenantId}', hasOther ? (tenantIds[0] ?? '') : '{odd}')
          .replace(/\{\w+\}/g, encodeURIComponent(id));
        const sent = {
          method,
          path,
          headers: { ...ingredients.callers[0], 'content-type': 'application/json' },
        };
        const given = await app.send({ ...sent, ...(method === 'GET' ? {} : { body: '{}' }) });
        const problems = [...undeclared(given), ...defects(given)];
        if (problems.length > 0) wrong.push({ operationId, id, problems });
        await restore(given, sent);
      }
    }
    quiet.mockRestore();
    expect(wrong).toEqual([]);
  });
});

/** 503 is expected where an operation needs a service that is not running here. */
function defects({ status, logged }: Given): readonly string[] {
  return status >= 500 && status !== 503 ? [`status ${status}`, ...logged.slice(0, 1)] : [];
}
