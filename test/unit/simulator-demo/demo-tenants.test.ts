/** The demo tenants are realistic, complete, and reproducible. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { demoTenants, personOfInterest } from '../../simulator/demo/demo-tenants.ts';
import type { SimulatedTenant } from '../../simulator/tenant.ts';

const now = new Date('2026-09-15T13:20:00Z');
const fourWeeksMs = 28 * 24 * 3_600_000;
const hourMs = 3_600_000;

const recordSchema = z.looseObject({
  Id: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  CreationTime: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
  Operation: z.string().min(1),
  OrganizationId: z.string(),
  RecordType: z.int(),
  UserId: z.string(),
  UserKey: z.string(),
  UserType: z.int(),
  Version: z.literal(1),
  Workload: z.string(),
});

interface Delivered {
  readonly tenant: SimulatedTenant;
  readonly text: string;
  readonly contentType: string;
  readonly delayMs: number;
  readonly createdMs: number;
  readonly record: z.infer<typeof recordSchema>;
}

const deliveredOf = (tenant: SimulatedTenant): readonly Delivered[] =>
  tenant.records.map(({ text, contentType, availableAt }) => {
    const record = recordSchema.parse(JSON.parse(text));
    const createdMs = Date.parse(`${record.CreationTime}Z`);
    return { tenant, text, contentType, record, createdMs, delayMs: availableAt.getTime() - createdMs };
  });

const countBy = <T>(items: readonly T[], keyOf: (item: T) => string): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
};

const share = (items: readonly Delivered[], test: (item: Delivered) => boolean): number =>
  items.filter(test).length / items.length;

describe('the demo tenants', () => {
  let tenants: readonly SimulatedTenant[];
  let all: readonly Delivered[];

  beforeAll(() => {
    tenants = demoTenants(now);
    all = tenants.flatMap(deliveredOf);
  });

  it('are three companies with 6,000 records in all', () => {
    expect(tenants.map(({ domain, records }) => [domain, records.length])).toEqual([
      ['fabrikam.example', 4000],
      ['adatum.example', 1400],
      ['tailspin.example', 600],
    ]);
    expect(tenants.map(({ directory }) => directory.users.length)).toEqual([60, 15, 8]);
    expect(tenants.every(({ auditingEnabled }) => auditingEnabled)).toBe(true);
  });

  it('are the same for the same time, and have new records for another', () => {
    expect(demoTenants(now)).toEqual(tenants);
    const tomorrow = demoTenants(new Date(now.getTime() + 24 * hourMs));
    expect(tomorrow.map(({ directory }) => directory)).toEqual(tenants.map(({ directory }) => directory));
    const ids = new Set(all.map(({ record }) => record.Id));
    expect(tomorrow.flatMap(deliveredOf).filter(({ record }) => ids.has(record.Id))).toEqual([]);
  });

  it('are generated in less than a second', () => {
    // CPU time, and the best of three, as other processes may be using the machine.
    const durations = [1, 2, 3].map(() => {
      const begin = process.cpuUsage();
      demoTenants(now);
      return process.cpuUsage(begin).user / 1000;
    });
    expect(Math.min(...durations)).toBeLessThan(1000);
  });

  it('have a unique Id and their own OrganizationId in every record', () => {
    expect(new Set(all.map(({ record }) => record.Id)).size).toBe(all.length);
    expect(all.filter(({ tenant, record }) => record.OrganizationId !== tenant.tenantId)).toEqual([]);
  });

  it.each(['2026-03-01T00:00:00Z', '2026-03-02T05:00:00Z', '2026-12-31T23:59:59Z'])(
    'have all their events within the four weeks before %s',
    (moment) => {
      const end = Date.parse(moment);
      const created = demoTenants(new Date(moment)).flatMap(deliveredOf);
      const outside = created.filter(({ createdMs }) => createdMs >= end || createdMs < end - fourWeeksMs);
      expect(outside.map(({ record }) => record.CreationTime)).toEqual([]);
    },
  );

  it('have records of about the size of real ones', () => {
    const bytes = all.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    expect(bytes / all.length).toBeGreaterThan(900);
    expect(bytes / all.length).toBeLessThan(1300);
  });

  it('cover every content type, and deliver DLP events as DLP.All', () => {
    const counts = countBy(all, ({ contentType }) => contentType);
    expect(counts['Audit.SharePoint']).toBeGreaterThan(1800);
    expect(counts['Audit.Exchange']).toBeGreaterThan(900);
    expect(counts['Audit.AzureActiveDirectory']).toBeGreaterThan(700);
    expect(counts['Audit.General']).toBeGreaterThan(700);
    expect(counts['DLP.All']).toBeGreaterThan(20);
    const isDlp = ({ record }: Delivered): boolean => [11, 13].includes(record.RecordType);
    expect(all.filter(isDlp)).toEqual(all.filter(({ contentType }) => contentType === 'DLP.All'));
  });

  it('cover every record type of the everyday workloads', () => {
    const counts = countBy(all, ({ record }) => String(record.RecordType));
    const wanted = [8, 15, 9, 1, 2, 3, 50, 4, 6, 14, 36, 37, 25, 28, 41, 40, 20, 30, 18, 24, 261, 11, 13];
    expect(wanted.filter((recordType) => (counts[String(recordType)] ?? 0) < 5)).toEqual([]);
    expect(Object.keys(counts).filter((recordType) => Number(recordType) > 476).length).toBeGreaterThan(0);
  });

  it('become available mostly within an hour, nearly all within a day, and at the latest in a week', () => {
    expect(share(all, ({ delayMs }) => delayMs <= hourMs)).toBeCloseTo(0.8, 1);
    expect(share(all, ({ delayMs }) => delayMs <= 24 * hourMs)).toBeGreaterThan(0.93);
    expect(share(all, ({ delayMs }) => delayMs <= 24 * hourMs)).toBeLessThan(0.97);
    expect(all.filter(({ delayMs }) => delayMs < 5 * 60_000 || delayMs > 7 * 24 * hourMs)).toEqual([]);
  });

  it('are quiet on weekends', () => {
    const weekend = share(all, ({ createdMs }) => [0, 6].includes(new Date(createdMs).getUTCDay()));
    expect(weekend).toBeGreaterThan(0.005);
    expect(weekend).toBeLessThan(0.08);
  });
});

describe('the people of interest', () => {
  const tenants = demoTenants(now);
  const recordsOf = (tenant: SimulatedTenant, userId: string): readonly Delivered[] =>
    deliveredOf(tenant).filter(({ record }) => record.UserId.toLowerCase() === userId.toLowerCase());

  it('hold Global Administrator directly, through a group, as a service principal, or could activate it', () => {
    const [fabrikam, adatum, tailspin] = tenants.map(({ directory }) => directory);
    const groups = fabrikam?.groups.filter(({ id }) => fabrikam.globalAdministratorIds.includes(id)) ?? [];
    expect(groups.map(({ memberIds }) => memberIds.length)).toEqual([1]);
    expect(fabrikam?.globalAdministratorIds).toContain(fabrikam?.servicePrincipals[0]?.id);
    expect(adatum?.eligibleGlobalAdministratorIds).toHaveLength(1);
    expect(tailspin).not.toHaveProperty('eligibleGlobalAdministratorIds');
  });

  it('include global administrators with 20 to 80 records of many kinds', () => {
    for (const tenant of tenants) {
      const { users, groups, servicePrincipals, ...roles } = tenant.directory;
      const direct = [...roles.globalAdministratorIds, ...(roles.eligibleGlobalAdministratorIds ?? [])];
      const holders = groups.filter(({ id }) => direct.includes(id)).flatMap(({ memberIds }) => memberIds);
      const isHolder = ({ id }: { readonly id: string }): boolean => [...direct, ...holders].includes(id);
      for (const { userPrincipalName } of users.filter(isHolder)) {
        const records = recordsOf(tenant, userPrincipalName);
        const operations = new Set(records.map(({ record }) => record.Operation));
        expect([userPrincipalName, records.length >= 20 && records.length <= 80]).toEqual([
          userPrincipalName,
          true,
        ]);
        expect(operations.size).toBeGreaterThan(10);
      }
      for (const { id } of servicePrincipals.filter(isHolder)) {
        expect(recordsOf(tenant, `ServicePrincipal_${id}`).length).toBeGreaterThanOrEqual(20);
      }
    }
  });

  it('include a person with varied SharePoint activity in every tenant', () => {
    for (const tenant of tenants) {
      const userId = personOfInterest.get(tenant.tenantId) ?? '';
      const inSharePoint = recordsOf(tenant, userId).filter(
        ({ contentType }) => contentType === 'Audit.SharePoint',
      );
      const operations = new Set(inSharePoint.map(({ record }) => record.Operation));
      expect(tenant.directory.users.map(({ userPrincipalName }) => userPrincipalName)).toContain(userId);
      expect(operations.size).toBeGreaterThanOrEqual(5);
    }
  });
});
