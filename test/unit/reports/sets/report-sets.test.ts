/** Reports on several tenants, read together: each tenant is in each form, whatever became of it, and in the access log. */
import { buffer } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { createCallLog } from '../../../../shared/access/call-log.ts';
import { callerWith } from '../../../../shared/access/caller.ts';
import type { Member, MemberStatus } from '../../../../shared/batches/member.ts';
import type { TenantReport } from '../../../../shared/reports/document.ts';
import type { ReportFormat } from '../../../../shared/reports/forms/formats.ts';
import { renderReport } from '../../../../shared/reports/forms/render.ts';
import { headOf, kindOf } from '../../../../shared/reports/public-report.ts';
import { reportsOfTenants } from '../../../../shared/reports/sets/public-report-set.ts';
import type { Tenant } from '../../../../shared/tenants/tenant.ts';
import { createFakeAccessLog } from '../../../support/fakes/access-log.ts';
import { reportStart } from '../../../support/reports.ts';
import { tenantNamed } from '../../../support/tenants.ts';
import { createSetWorld, reportSetOf } from './set-world.ts';

const everyone = callerWith('key-1', { tenants: '*', scopes: ['records.read'] });
const inOrder = (tenants: readonly Tenant[]) =>
  tenants.toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : 1));

function documentOn({ tenantId, displayName }: Tenant): TenantReport {
  const flags = { isPartial: false, isPending: false, hasGaps: false, gaps: [], gapsOmitted: 0 };
  return { tenantId, displayName, ...flags, sections: [] };
}

interface Ended {
  readonly status: MemberStatus;
  readonly errorMessage?: string;
  /** What forms say of it. */
  readonly why: string;
}

const ended: readonly Ended[] = [
  { status: 'Failed', errorMessage: 'It would need more memory.', why: 'Failed. It would need more memory.' },
  { status: 'Canceled', why: 'Canceled.' },
  { status: 'GivenUp', why: 'Failed. Something failed in the tenant again and again' },
  { status: 'Removed', why: 'Canceled. The tenant was removed before this had finished.' },
  { status: 'NotAllowed', why: 'Canceled. Nothing was started or read in the tenant' },
  { status: 'Succeeded', why: 'it was deleted' },
];

async function withoutReports() {
  const tenants = inOrder(ended.map((_, at) => tenantNamed(`Tenant ${at}`)));
  const members = tenants.map(({ tenantId }, at) => ({ tenantId, status: ended[at]?.status ?? 'Failed' }));
  const set = reportSetOf(members);
  const world = createSetWorld(set, () => tenants);
  for (const [at, { errorMessage }] of ended.entries())
    if (errorMessage !== undefined)
      await world.end(tenants[at]?.tenantId ?? '', { status: 'Failed', errorMessage });
  const { tables } = kindOf(set.request);
  const read = await reportsOfTenants(world.deps, everyone, set);
  const form = async (format: ReportFormat, table?: string) =>
    await buffer(renderReport({ head: headOf(set), tables, tenants: read }, { format, table }));
  return { tenants, tables, form };
}

describe('tenants without a report', () => {
  it('are in each table as CSV, with the reason', async () => {
    const { tenants, tables, form } = await withoutReports();
    for (const { name, columns } of tables) {
      const rows: readonly (readonly string[])[] = parse(await form('csv', name));
      expect(rows.slice(1).map(([tenantId]) => tenantId)).toEqual(tenants.map(({ tenantId }) => tenantId));
      for (const [at, { why }] of ended.entries()) {
        expect(rows[at + 1]?.slice(1, 3)).toEqual([tenants[at]?.displayName, 'true']);
        expect(rows[at + 1]?.[3]).toContain(why);
        expect(rows[at + 1]).toHaveLength(3 + columns.length);
      }
    }
  });

  it('are in each sheet of a workbook, with the reason', async () => {
    const { tenants, tables, form } = await withoutReports();
    const parts = unzipSync(await form('xlsx'));
    // The first sheet is about the report.
    for (const at of [undefined, ...tables].keys()) {
      const sheet = Buffer.from(parts[`xl/worksheets/sheet${at + 2}.xml`] ?? []).toString('utf8');
      for (const { tenantId } of tenants) expect(sheet.split(`>${tenantId}<`)).toHaveLength(2);
      for (const { why } of ended) expect(sheet).toContain(why);
    }
  });

  it.each(['json', 'html'] as const)('are in a report as %s, with the reason', async (format) => {
    const { tenants, form } = await withoutReports();
    const text = (await form(format)).toString('utf8');
    for (const { tenantId } of tenants) expect(text).toContain(tenantId);
    for (const { why } of ended) expect(text).toContain(why);
  });
});

describe('a tenant that is not managed anymore', () => {
  const [gone, there] = [tenantNamed('Gone'), tenantNamed('There')];
  const members = inOrder([gone, there]).map(({ tenantId }): Member => ({ tenantId, status: 'Succeeded' }));
  const idsFor = async (tenants: string) => {
    const set = reportSetOf(members);
    const world = createSetWorld(set, () => [{ ...there, tags: ['gold'] }]);
    for (const tenant of [gone, there])
      await world.end(tenant.tenantId, { status: 'Succeeded' }, documentOn(tenant));
    const caller = callerWith('key-1', { tenants, scopes: ['records.read'] });
    const found = new Map<string, string | undefined>();
    const read = await reportsOfTenants(world.deps, caller, set);
    for await (const { tenantId, noReport } of read()) found.set(tenantId, noReport);
    return found;
  };

  it('is named, without its report, to callers who are bound to its ID or to none', async () => {
    for (const tenants of ['*', `${gone.tenantId},${there.tenantId}`])
      expect(await idsFor(tenants)).toEqual(
        new Map([
          [gone.tenantId, 'There is no report on this tenant: it is not managed anymore.'],
          [there.tenantId, undefined],
        ]),
      );
  });

  it('does not exist for callers who are bound to a tag', async () => {
    expect([...(await idsFor('tag:gold')).keys()]).toEqual([there.tenantId]);
  });
});

describe('the access log of a report on several tenants', () => {
  it('names each tenant that a call reads, also one that an earlier call could not', async () => {
    const tenants = inOrder([tenantNamed('Always'), tenantNamed('Again')]);
    const set = reportSetOf(tenants.map(({ tenantId }) => ({ tenantId, status: 'Canceled' })));
    let tagged = 1;
    const world = createSetWorld(set, () =>
      tenants.map((tenant, at) => ({ ...tenant, tags: at < tagged ? ['gold'] : [] })),
    );
    const log = createFakeAccessLog();
    const read = async (requestId: string) => {
      const caller = callerWith('key-1', { tenants: 'tag:gold', scopes: ['records.read'] });
      await reportsOfTenants(world.deps, caller, set);
      const about = { at: reportStart, requestId, action: 'content', tenantId: undefined };
      const call = createCallLog(log, { ...about, parameters: [], clientAddress: '192.0.2.1' });
      await call.accept(caller, world.openedBy(caller));
    };
    await read('first');
    tagged = 2;
    await read('second');
    const ids = tenants.map(({ tenantId }) => tenantId);
    expect(log.entries.flatMap(({ tenantId = [] }) => tenantId)).toEqual([...ids.slice(0, 1), ...ids]);
  });
});
