/** A log of 100,000 records at the simulated Graph, with all its limits: what the feed has, and what only Graph has. */
import { afterEach, expect, it } from 'vitest';
import { parseJson } from '../../../shared/json.ts';
import { recordIdOf } from '../../../shared/records/audit-record.ts';
import { generateRecords } from '../../simulator/synthetic-records.ts';
import { minuteMs } from '../../support/clock.ts';
import { serveAuditSearch } from '../../support/served-audit-search.ts';
import { sized } from '../../support/sizes.ts';
import { createBackfillWorld, daysAgo, now, tenantId } from '../../unit/backfills/backfill-world.ts';

/** The smaller log has splits, slow queries, and refusals as well: its limits are smaller by the same factor. */
const count = sized(5_000, 100_000);
const failsAfter = sized(1_000, 20_000);
const limit = sized(1_500, 30_000);

let stop: () => Promise<void> = () => Promise.resolve();
afterEach(() => stop());

const fieldsOf = (text: string) => Object.fromEntries(Object.entries(parseJson(text) as object));
const idOf = (text: string) => recordIdOf(fieldsOf(text)['Id']) ?? '';

/** Landed by the feed in pieces, as it does. */
async function deliver(world: ReturnType<typeof createBackfillWorld>, texts: readonly string[]) {
  for (let at = 0; at < texts.length; at += 10_000)
    await world.feed(texts.slice(at, at + 10_000), new Date(now.getTime() - at));
}

it(`a backfill of ${count} records equals the feed where both have them, and is whole where only Graph has`, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`seed ${seed}`);
  const records = [...generateRecords({ tenantId, count, seed, now: daysAgo(8) })];
  const ofFeed = records.filter((_, at) => at % 5 < 2);
  const searchOnly = records.filter((_, at) => at % 5 >= 2).map(({ text }) => text);
  const settings = {
    ...{ auditSearchMs: 12 * minuteMs, auditSearchLimit: limit, auditSearchFailsAfter: failsAfter },
    ...{ auditSearchConcurrency: 3, auditSearchFailures: 1, auditSearchUnsteadyReads: 1 },
  };
  const served = await serveAuditSearch({
    tenant: {
      ...{ tenantId, displayName: 'Contoso', domain: 'contoso.example', auditingEnabled: true },
      ...{ records: ofFeed, searchOnly },
      directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
    },
    now: () => world.clock.now(),
    settings,
  });
  ({ stop } = served);
  const world = createBackfillWorld([], { search: served.search, landingBytes: 16 * 1024 * 1024 });
  await deliver(
    world,
    ofFeed.map(({ text }) => text),
  );
  const begun = performance.now();
  const { id } = await world.start({ from: daysAgo(45) });
  await world.settle();
  const seconds = Math.round((performance.now() - begun) / 1000);
  const result = await world.endOf(id);
  expect(result).toMatchObject({ status: 'Succeeded', addedCount: searchOnly.length, unfinished: [] });
  expect(result.readCount).toBe(result.landedCount);
  const found = await world.found();
  // Each record once, under its own ID: none is there twice because Graph spells it differently.
  expect(found.map((record) => record.id).sort()).toEqual(records.map(({ text }) => idOf(text)).sort());
  const idsFrom = (source: string) =>
    found
      .filter((record) => record.source === source)
      .map((record) => record.id)
      .sort();
  expect(idsFrom('feed')).toEqual(ofFeed.map(({ text }) => idOf(text)).sort());
  expect(idsFrom('backfill')).toEqual(searchOnly.map(idOf).sort());
  expectSameContent(world, records);
  const { requests, created } = served.counts;
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`${count} records in ${seconds} s: ${created} queries, ${requests} requests, ${peakMb} MB`);
  expect(result.queryCount).toBe(created);
}, 1_200_000);

/** What the backfill landed says what the feed says, for both parts. */
function expectSameContent(
  { raw }: ReturnType<typeof createBackfillWorld>,
  records: readonly { readonly text: string }[],
) {
  const landed = raw.names().filter((name) => !name.startsWith('feed'));
  const lines = landed.flatMap((name) => raw.lines(name) ?? []);
  const byId = new Map(lines.map((text) => [idOf(text), text] as const));
  for (const { text } of records) {
    const { AssociatedAdminUnits, ...same } = fieldsOf(byId.get(idOf(text)) ?? '{}');
    expect([same, AssociatedAdminUnits]).toEqual([fieldsOf(text), []]);
  }
}
