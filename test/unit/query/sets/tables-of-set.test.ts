/** Tables about many tenants, over HTTP: the worst first, in pages of bounded work. */
import { describe, expect, it } from 'vitest';
import type { Posture } from '../../../../shared/enablement/posture.ts';
import { forgetTenant, tenantNamed } from '../../../support/tenants.ts';
import { createServedSet } from './served-set.ts';
import { tenantIdOf } from './set-world.ts';

async function createWorld(count: number, tags: readonly string[] = []) {
  const ids = Array.from({ length: count }, (_, at) => tenantIdOf(at)).sort();
  const tenants = ids.map((tenantId, at) =>
    tenantNamed(`Tenant ${at}`, { tenantId, tags, contentTypes: ['Audit.Exchange'] }),
  );
  const world = createServedSet(tenants);
  return { ...world, ids, key: await world.keyFor('*') };
}

const wanted = {
  unifiedAuditLog: true,
  mailboxAuditingDisabled: false,
  mailboxes: { total: 10, asWanted: 10, wrong: [] },
  bypasses: [],
  subscriptionsMissing: [],
};

const postureOn = (day: number, changes: Partial<Posture> = {}): Posture => ({
  ...wanted,
  takenAt: `2026-03-0${day}T06:00:00Z`,
  ...changes,
});

describe('the audit postures of several tenants', () => {
  it('begin with those whose auditing is off, then what got worse, what is wrong, and what is not known', async () => {
    const world = await createWorld(6);
    const [fine, wrong, worse, off, , many] = world.ids;
    const bypasses = ['Backup'];
    await world.postures.save(fine ?? '', postureOn(1));
    for (const day of [1, 2]) await world.postures.save(wrong ?? '', postureOn(day, { bypasses }));
    for (const day of [1, 2])
      await world.postures.save(many ?? '', postureOn(day, { bypasses: ['A', 'B', 'C'] }));
    await world.postures.save(worse ?? '', postureOn(1));
    await world.postures.save(worse ?? '', postureOn(2, { bypasses }));
    for (const day of [1, 2])
      await world.postures.save(off ?? '', postureOn(day, { unifiedAuditLog: false }));
    const [page, ...others] = await world.pages('postures', '', world.key);
    expect(others).toEqual([]);
    const rows = page?.value.map(({ tenantDisplayName, checkedDateTime, problems, drift }) => ({
      tenantDisplayName,
      checkedDateTime,
      problems: Array.isArray(problems) ? problems.length : problems,
      drift,
    }));
    const backup = 'What Backup does in mailboxes is not audited (bypass).';
    const on = (day: number) => `2026-03-0${day}T06:00:00Z`;
    expect(rows).toEqual([
      { tenantDisplayName: 'Tenant 3', checkedDateTime: on(2), problems: 1, drift: [] },
      { tenantDisplayName: 'Tenant 2', checkedDateTime: on(2), problems: 1, drift: [backup] },
      { tenantDisplayName: 'Tenant 5', checkedDateTime: on(2), problems: 3, drift: [] },
      { tenantDisplayName: 'Tenant 1', checkedDateTime: on(2), problems: 1, drift: [] },
      { tenantDisplayName: 'Tenant 4', checkedDateTime: undefined, problems: 0, drift: [] },
      { tenantDisplayName: 'Tenant 0', checkedDateTime: on(1), problems: 0, drift: [] },
    ]);
  });

  it('are the worst of all first, however many there are, with at most 200 read for a page', async () => {
    const world = await createWorld(1001);
    for (const [at, id] of world.ids.entries()) {
      const names = Array.from({ length: (at * 37) % 50 }, (_, one) => `Bypass ${one}`);
      for (const day of [1, 2]) await world.postures.save(id, postureOn(day, { bypasses: names }));
    }
    const reads: number[] = [];
    const count = () => {
      reads.push(world.counts.postures);
      world.counts.postures = 0;
    };
    const pages = await world.pages('postures', '?tenants=*', world.key, count);
    count();
    const rows = pages.flatMap(({ value }) => value);
    const problems = rows.map(({ problems: texts }) => (Array.isArray(texts) ? texts.length : -1));
    expect(problems).toEqual(problems.toSorted((a, b) => b - a));
    expect(new Set(rows.map(({ tenantId }) => tenantId)).size).toBe(1001);
    expect(rows).toHaveLength(1001);
    expect(pages.slice(0, 5).every(({ value }) => value.length === 0)).toBe(true);
    for (const one of reads) expect(one).toBeLessThanOrEqual(200);
    expect(reads.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(2 * 1001);
    for (const { value } of pages) expect(value.length).toBeLessThanOrEqual(200);
  });
});

describe('the states of ingestion of several tenants', () => {
  it('are the worst of all first, however many there are', async () => {
    const world = await createWorld(450);
    const now = world.clock.now().getTime();
    for (const [at, id] of world.ids.entries()) {
      const listedThrough = new Date(now - ((at * 53) % 450) * 60_000);
      await world.ledger.advance(id, { contentType: 'Audit.Exchange', listedThrough });
    }
    const reads: number[] = [];
    const count = () => {
      reads.push(world.counts.completeness);
      world.counts.completeness = 0;
    };
    const pages = await world.pages('ingestion', '?tenants=*', world.key, count);
    count();
    const lags = pages.flatMap(({ value }) => value).map(({ lagSeconds }) => Number(lagSeconds));
    expect(lags).toHaveLength(450);
    expect(lags).toEqual(lags.toSorted((a, b) => b - a));
    for (const one of reads) expect(one).toBeLessThanOrEqual(200);
  });
});

describe('the role holders of several tenants', () => {
  const holder = (name: string) =>
    ({ id: name, type: 'user', displayName: name, assignment: 'active' }) as const;

  it('are one row each with their tenants, whole tenants on pages of bounded work', async () => {
    const world = await createWorld(450);
    const takenAt = world.clock.now();
    for (const [at, id] of world.ids.entries()) {
      if (at % 9 === 0) continue;
      const holders = Array.from({ length: at % 3 === 0 ? 20 : 2 }, (_, one) => holder(`${at} ${one}`));
      await world.roleHolders.save(id, { takenAt, holders });
    }
    world.clock.advance(1000);
    const pages = await world.pages('roleHolders', '', world.key, () => {
      world.clock.advance(60_000);
    });
    const seen = new Set<string>();
    for (const { value, tenants } of pages) {
      const own = new Set(tenants.map(({ tenantId }) => tenantId));
      expect(own.size).toBeLessThanOrEqual(200);
      expect(value.length).toBeLessThanOrEqual(1000 + 16 * 20);
      for (const id of own) expect(seen.has(id)).toBe(false);
      for (const id of own) seen.add(id);
      for (const { tenantId, tenantDisplayName } of value) {
        expect(own.has(tenantId)).toBe(true);
        expect(tenantDisplayName).toBe(`Tenant ${world.ids.indexOf(tenantId)}`);
      }
      for (const { tenantId, generatedDateTime } of tenants)
        expect(generatedDateTime === undefined).toBe(world.ids.indexOf(tenantId) % 9 === 0);
    }
    expect(seen.size).toBe(450);
    const holders = pages.flatMap(({ value }) => value).map(({ id }) => id);
    expect(new Set(holders).size).toBe(holders.length);
    expect(holders).toHaveLength(100 * 20 + 300 * 2);
  });
});

describe.each(['postures', 'ingestion', 'roleHolders'] as const)('pages of %s', (route) => {
  it('leave out who was removed or taken from the caller, name only what they read, and are bound to set and list', async () => {
    const world = await createWorld(403, ['gold']);
    const takenAt = world.clock.now();
    const holders = [{ id: 'ada', type: 'user', assignment: 'active' }] as const;
    for (const id of world.ids) await world.roleHolders.save(id, { takenAt, holders });
    world.clock.advance(1000);
    const key = await world.keyFor('tag:gold');
    const [removed = '', untagged = ''] = world.ids.slice(-2);
    const pages = await world.pages(route, '?tenants=*', key, async (page) => {
      expect(world.loggedTenants().length).toBeLessThanOrEqual(200);
      if (page !== 1) return;
      await forgetTenant(world.store, removed);
      await world.store.update(untagged, { tags: [] });
    });
    const shown = new Set(pages.flatMap(({ value }) => value.map(({ tenantId }) => tenantId)));
    expect(shown).toEqual(new Set(world.ids.slice(0, -2)));
    const { nextLink = '' } = await world.page(route, '?tenants=*', key);
    const skiptoken = new URL(nextLink).searchParams.get('skiptoken') ?? '';
    const others = (['postures', 'ingestion', 'roleHolders'] as const).filter((one) => one !== route);
    for (const other of others)
      expect(await world.ask(other, `?tenants=*&skiptoken=${skiptoken}`, key)).toMatchObject({ status: 400 });
    expect(await world.ask(route, nextLink, world.key)).toMatchObject({ status: 400 });
  });
});
