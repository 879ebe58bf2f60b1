/** What an onboarding makes of its rows, wherever its hosts are killed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import { startRemoval } from '../../../shared/offboarding/start-removal.ts';
import { mostWaits, pauseMs, rowsPerRun } from '../../../shared/onboardings/onboarding-work.ts';
import { cancelOperation } from '../../../shared/operations/end-operation.ts';
import { OperationInProgressError } from '../../../shared/operations/start-operation.ts';
import { crashAt, createFaults } from '../../support/faults.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { createPartner, domainOf, idOf, rowsOf, runOnboarding, type Partner } from './onboarding-world.ts';

const registeredBefore = (customer: number) =>
  tenantNamed(`Customer ${customer}`, { tenantId: idOf(customer), state: 'PendingConsent', tags: ['old'] });

describe('an onboarding', () => {
  it('registers each tenant as its row says, and gives each row a result', async () => {
    const partner = createPartner({ tenants: [registeredBefore(7)] });
    partner.signIn.missing.add(idOf(3));
    const result = await runOnboarding(partner, {
      tenants: [
        { domain: domainOf(1), displayName: 'One', tags: ['Gold'], retention: { indexMonths: 12 } },
        { tenantId: idOf(2) },
        { domain: domainOf(7), displayName: 'Seven' },
        { domain: 'unknown.example' },
        { tenantId: idOf(1) },
        { tenantId: idOf(3) },
      ],
    });
    expect(result).toMatchObject({
      ...{ status: 'Succeeded', tenantCount: 6, doneCount: 6 },
      ...{ registeredCount: 2, alreadyRegisteredCount: 1, refusedCount: 3, consentRefusedCount: 0 },
    });
    const pending = { tenantState: 'PendingConsent' };
    expect(result.tenants).toMatchObject([
      {
        row: 1,
        status: 'Registered',
        domain: domainOf(1),
        displayName: 'One',
        tenantId: idOf(1),
        ...pending,
      },
      { row: 2, status: 'Registered', tenantId: idOf(2), ...pending },
      { row: 3, status: 'AlreadyRegistered', tenantId: idOf(7), ...pending },
      { row: 4, status: 'Refused', domain: 'unknown.example', errorCode: 'UnknownDomain' },
      { row: 5, status: 'Refused', tenantId: idOf(1), errorCode: 'DuplicateTenant' },
      { row: 6, status: 'Refused', tenantId: idOf(3), errorCode: 'UnknownTenant' },
    ]);
    expect(result.tenants[5]?.errorMessage).toMatch(/^Microsoft has no tenant with this ID: check it/);
    expect(await partner.tenants.get(idOf(3))).toBeUndefined();
    expect(result.tenants[3]?.errorMessage).toContain('Check its spelling');
    expect(result.tenants[4]?.errorMessage).toContain('Row 1 ');
    expect(await partner.stored(idOf(1))).toMatchObject({
      ...{ displayName: 'One', domain: domainOf(1), tags: ['gold'], retention: { indexMonths: 12 } },
    });
    expect(await partner.stored(idOf(7))).toMatchObject({ displayName: 'Seven', tags: ['old'] });
  });

  it('of a dry run says the same of each row, and registers and changes nothing', async () => {
    const partner = createPartner({ tenants: [registeredBefore(7)] });
    partner.signIn.missing.add(idOf(3));
    const tenants = [
      { domain: domainOf(1), tags: ['gold'] },
      { domain: domainOf(7), displayName: 'Seven' },
      { domain: 'unknown.example' },
      { tenantId: idOf(3) },
      { tenantId: idOf(1) },
    ];
    const before = await partner.tenants.list();
    const planned = await runOnboarding(partner, { tenants, dryRun: true });
    expect(await partner.tenants.list()).toEqual(before);
    expect(partner.queues.tenantChecks).toEqual([]);
    expect(planned).toMatchObject({ dryRun: true, status: 'Succeeded', refusedCount: 3 });
    expect(planned.tenants[4]).toMatchObject({ errorCode: 'DuplicateTenant', sameTenantAsRow: 1 });
    const made = await runOnboarding(partner, { tenants });
    const said = ({ tenants: rows }: typeof made) =>
      rows.map(({ row, status, tenantId, errorCode, errorMessage }) => ({
        ...{ row, status, tenantId, errorCode, errorMessage },
      }));
    expect(said(planned)).toEqual(said(made));
  });

  it('of a dry run refuses a tenant that is being removed, and makes no pauses', async () => {
    const partner = createPartner({ tenants: [registeredBefore(8)] });
    await startRemoval(partner.depsOf(), { tenantId: idOf(8), purge: false, createdBy: 'key-1' });
    const removals = partner.queues.operations.length;
    const customers = Array.from({ length: rowsPerRun + 1 }, (_, at) => at);
    const { tenants } = await runOnboarding(partner, { tenants: rowsOf(...customers), dryRun: true });
    expect(tenants[8]).toMatchObject({ status: 'Refused', errorCode: 'TenantBeingRemoved' });
    const delays = partner.queues.operations.slice(removals).map(({ delayMs }) => delayMs);
    expect(delays).toEqual([0, 0]);
  });

  it('activates tenants that have consented before', async () => {
    const partner = createPartner();
    partner.signIn.grantAll();
    const { tenants } = await runOnboarding(partner, { tenants: rowsOf(1, 2) });
    expect(tenants.map(({ tenantState }) => tenantState)).toEqual(['Active', 'Active']);
    expect(partner.queues.pollRequests.map(({ tenantId }) => tenantId)).toEqual([idOf(1), idOf(2)]);
  });

  it('refuses a tenant that is being removed, and registers the next one', async () => {
    const partner = createPartner({ tenants: [registeredBefore(8)] });
    await startRemoval(partner.depsOf(), { tenantId: idOf(8), purge: false, createdBy: 'key-1' });
    const removals = partner.queues.operations.length;
    const { id } = await partner.start({ tenants: rowsOf(8, 1) });
    for (const { message } of partner.queues.operations.slice(removals)) await partner.host(message);
    const { tenants } = await partner.read(id);
    expect(tenants).toMatchObject([
      { status: 'Refused', errorCode: 'TenantBeingRemoved' },
      { status: 'Registered', tenantId: idOf(1) },
    ]);
  });

  it('saves after each row, and leaves room for other work', async () => {
    const partner = createPartner();
    const customers = Array.from({ length: 2 * rowsPerRun + 1 }, (_, at) => at);
    const faults = createFaults();
    const { id } = await partner.start({ tenants: rowsOf(...customers) });
    await partner.settle([faults]);
    expect(faults.steps.filter((step) => step === 'tenants.create')).toHaveLength(rowsPerRun);
    // The first one is the takeover; the last one hands over.
    expect(faults.steps.filter((step) => step === 'onboardings.replace')).toHaveLength(rowsPerRun + 2);
    expect(partner.queues.operations.map(({ delayMs }) => delayMs)).toEqual([0, pauseMs, pauseMs]);
    expect((await partner.read(id)).registeredCount).toBe(customers.length);
  });

  it('ends its run when its budget is spent, after a row at least', async () => {
    const partner = createPartner();
    partner.signIn.meanwhile(() => {
      partner.clock.advance(5 * 60_000);
      return Promise.resolve();
    });
    const { id } = await partner.start({ tenants: rowsOf(1, 2, 3) });
    await partner.settle();
    expect(partner.queues.operations).toHaveLength(3);
    expect((await partner.read(id)).registeredCount).toBe(3);
  });

  it('does the other rows while one waits for Microsoft, as long as it asks for, and gives it up in the end', async () => {
    const partner = createPartner();
    partner.signIn.hideDomains(new UpstreamError('retry', 'ECONNREFUSED', 'Could not reach Microsoft.'));
    const { id } = await partner.start({ tenants: [{ domain: domainOf(1) }, { tenantId: idOf(2) }] });
    const [first] = partner.queues.operations;
    if (first !== undefined) await partner.host(first.message);
    expect((await partner.read(id)).tenants.map(({ status }) => status)).toEqual([
      'NotStarted',
      'Registered',
    ]);
    await partner.settle();
    expect(await partner.read(id)).toMatchObject({
      status: 'Succeeded',
      tenants: [
        { status: 'Refused', errorCode: 'ECONNREFUSED' },
        { status: 'Registered', tenantId: idOf(2) },
      ],
    });
    expect(partner.signIn.askedClouds).toHaveLength(1 + mostWaits);
  });

  it('registered again changes nothing', async () => {
    const partner = createPartner();
    const body = { tenants: [...rowsOf(1, 2), { tenantId: idOf(3), displayName: 'Three', tags: ['gold'] }] };
    await runOnboarding(partner, body);
    const before = (await partner.tenants.list()).map((tenant) => ({ ...tenant, etag: '', checks: [] }));
    partner.clock.advance(60_000);
    const again = await runOnboarding(partner, body);
    expect(again.tenants.map(({ status }) => status)).toEqual(Array(3).fill('AlreadyRegistered'));
    const after = (await partner.tenants.list()).map((tenant) => ({ ...tenant, etag: '', checks: [] }));
    expect(after).toEqual(before);
  });

  it('can be canceled, and keeps what it has registered', async () => {
    const partner = createPartner();
    const customers = Array.from({ length: rowsPerRun + 1 }, (_, at) => at);
    const { id } = await partner.start({ tenants: rowsOf(...customers) });
    const [first] = partner.queues.operations;
    if (first !== undefined) await partner.host(first.message);
    const found = await partner.onboardings.get({ id });
    if (found !== undefined) await cancelOperation(partner.depsOf(), { store: partner.onboardings }, found);
    await partner.settle();
    const { status, doneCount, tenants } = await partner.read(id);
    expect({ status, doneCount }).toEqual({ status: 'Canceled', doneCount: rowsPerRun });
    expect(tenants.at(-1)?.status).toBe('NotStarted');
    expect(await partner.tenants.list()).toHaveLength(rowsPerRun);
  });
});

describe('starting an onboarding', () => {
  it('continues the one that is running if the request is the same', async () => {
    const partner = createPartner();
    const first = await partner.start({ tenants: rowsOf(1, 2) });
    const again = await partner.start({ consent: 'link', tenants: rowsOf(1, 2) });
    expect(again.id).toBe(first.id);
    await expect(partner.start({ tenants: rowsOf(2, 1) })).rejects.toThrow(OperationInProgressError);
    await expect(partner.start({ tenants: rowsOf(2, 1) })).rejects.toThrow(
      `The onboarding ${first.id} is still running. Wait for it or cancel it.`,
    );
    await partner.settle();
    expect((await partner.start({ tenants: rowsOf(2, 1) })).id).not.toBe(first.id);
  });
});

describe('wherever a host is killed', () => {
  const body = {
    tenants: [...rowsOf(1, 7), { domain: 'unknown.example' }, { tenantId: idOf(1) }, ...rowsOf(2)],
  };
  const outcome = async (partner: Partner, id: string) => {
    const { tenants, status } = await partner.read(id);
    const stored = await partner.tenants.list();
    return { tenants, status, stored: stored.map((tenant) => ({ ...tenant, etag: '' })) };
  };

  it('an onboarding comes to the same', async () => {
    const calm = createPartner({ tenants: [registeredBefore(7)] });
    const { id } = await calm.start(body);
    const counting = createFaults();
    await calm.settle([counting]);
    const expected = await outcome(calm, id);
    expect(expected.status).toBe('Succeeded');
    for (let at = 0; at < counting.steps.length; at++) {
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        const partner = createPartner({ tenants: [registeredBefore(7)] });
        const started = await partner.start(body);
        await partner.settle([crashAt(at, fault)]);
        const where = `${fault} ${at} ${counting.steps[at] ?? ''}`;
        expect([where, await outcome(partner, started.id)]).toEqual([where, expected]);
      }
    }
  });

  const row = fc.oneof(
    fc.integer({ min: 0, max: 9 }).map((each) => ({ domain: domainOf(each) })),
    fc.integer({ min: 0, max: 9 }).map((each) => ({ tenantId: idOf(each), displayName: `Customer ${each}` })),
    fc.constant({ domain: 'unknown.example' }),
  );

  it('or two hosts run it at once, any rows come to the same', async () => {
    const rows = fc.array(row, { minLength: 1, maxLength: 30 });
    const kills = fc.array(fc.nat({ max: 60 }), { maxLength: 6 });
    const hosts = fc.constantFrom(1, 2, 3);
    await fc.assert(
      fc.asyncProperty(rows, kills, hosts, async (tenants, killedAt, count) => {
        const calm = createPartner();
        const expected = await runOnboarding(calm, { tenants });
        const partner = createPartner();
        const { id } = await partner.start({ tenants });
        await partner.settle(
          killedAt.map((at) => crashAt(at, 'crashAfter')),
          count,
        );
        const result = await partner.read(id);
        expect(result.tenants).toEqual(expected.tenants);
        expect(result.status).toBe('Succeeded');
        const ids = async (one: Partner) => (await one.tenants.list()).map(({ tenantId }) => tenantId);
        expect(await ids(partner)).toEqual(await ids(calm));
      }),
      { numRuns: 60 },
    );
  });
});
