import { describe, expect, it } from 'vitest';
import { enablementKind } from '../../../shared/enablement/enablement.ts';
import { messageFor } from '../../../shared/operations/operation.ts';
import { hourMs, minuteMs, secondMs } from '../../support/clock.ts';
import { createEnablementWorld, stepOf } from '../../support/enablement-world.ts';
import { makeWrong, refusal } from '../../support/wrong-world.ts';

const everything = { removeBypasses: true };

describe('waiting', () => {
  it('requests once what takes hours, and checks until it has taken effect', async () => {
    const world = createEnablementWorld();
    makeWrong(world);
    Object.assign(world.exchange.delays, { customizationMs: 40 * minuteMs, unifiedAuditLogMs: hourMs });
    const { id } = await world.start(everything);
    await world.deliver();
    expect(stepOf(await world.read(id), 'customization')).toMatchObject({
      ...{ status: 'Waiting', errorCode: 'NotInEffectYet', attempts: 1 },
      nextAttemptDateTime: new Date(world.clock.now().getTime() + 15 * secondMs).toISOString(),
      ...{ before: { isDehydrated: true }, after: { isDehydrated: true } },
    });
    await world.drain();
    const done = await world.read(id);
    expect(done.status).toBe('Succeeded');
    expect(stepOf(done, 'customization')).toMatchObject({
      status: 'Succeeded',
      before: { isDehydrated: true },
    });
    expect(stepOf(done, 'customization').errorMessage).toBeUndefined();
    const once = ['Enable-OrganizationCustomization', 'Set-AdminAuditLogConfig', 'Set-OrganizationConfig'];
    expect(world.exchange.writes.slice(0, 3)).toEqual(once);
    expect(world.exchange.writes.filter((write) => once.includes(write))).toHaveLength(3);
  });

  it('grows with every attempt up to half an hour, and ends after about twelve hours', async () => {
    const world = createEnablementWorld();
    world.exchange.refuse('readOrganization', refusal('retry', 'HTTP503'));
    const { id } = await world.start({ workloads: ['organization'] });
    const starts = [world.clock.now().getTime()];
    while (stepOf(await world.read(id), 'customization').status !== 'Failed') {
      await world.deliver();
      starts.push(world.clock.now().getTime());
    }
    const waits = starts.slice(1).map((at, index) => (at - (starts[index] ?? 0)) / secondMs);
    expect(waits.slice(1, 9)).toEqual([15, 30, 60, 120, 240, 480, 960, 1800]);
    expect(Math.max(...waits)).toBe(1800);
    const hours = ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / hourMs;
    expect(hours).toBeGreaterThan(10);
    expect(hours).toBeLessThan(13);
    expect(stepOf(await world.read(id), 'customization').errorMessage).toBe(
      [
        'It is refused with HTTP503.',
        'By hand:',
        'Install-Module ExchangeOnlineManagement -Scope CurrentUser',
        `Connect-ExchangeOnline -DelegatedOrganization ${world.tenant.tenantId}`,
        'Enable-OrganizationCustomization',
      ].join('\n'),
    );
  });

  it('lasts as long as Microsoft requests', async () => {
    const world = createEnablementWorld();
    world.exchange.refuse('readOrganization', refusal('pause', 'ExchangeBusy', 7 * minuteMs), 1);
    await world.start();
    await world.deliver();
    const [next] = world.queues.waiting();
    expect(next?.due).toEqual(new Date(world.clock.now().getTime() + 7 * minuteMs));
    await world.drain();
    expect(world.telemetry.of('operations.operation.finished')).toMatchObject([{ status: 'Succeeded' }]);
  });

  it('leaves a quarter of an hour between requests to start a subscription', async () => {
    const world = createEnablementWorld({ contentTypes: ['Audit.Exchange'] });
    world.feed.refuse('start', '*', refusal('waitForAuditing', 'TenantDoesNotExist'), 3);
    const { id } = await world.start({ workloads: ['feed'] });
    const at: number[] = [];
    while (await world.deliver())
      if (world.feed.started.length > at.length) at.push(world.clock.now().getTime());
    expect((await world.read(id)).status).toBe('Succeeded');
    expect(at).toHaveLength(4);
    at.reduce((before, next) => {
      expect(next - before).toBeGreaterThanOrEqual(15 * minuteMs);
      return next;
    });
  });

  it('tolerates a role that was just assigned, for an hour from the start', async () => {
    const world = createEnablementWorld();
    world.exchange.refuse('readOrganization', refusal('fail', 'ExchangeForbidden'), 5);
    expect((await world.run()).status).toBe('Succeeded');
    world.exchange.refuse('readOrganization', refusal('fail', 'ExchangeForbidden'));
    const started = world.clock.now().getTime();
    const done = await world.run({ workloads: ['organization'] });
    expect(stepOf(done, 'customization')).toMatchObject({ status: 'Failed', errorCode: 'ExchangeForbidden' });
    expect(world.clock.now().getTime() - started).toBeGreaterThan(hourMs / 2);
    expect(world.clock.now().getTime() - started).toBeLessThan(2 * hourMs);
  });

  it('is not cut short by a second message', async () => {
    const world = createEnablementWorld();
    world.exchange.refuse('readOrganization', refusal('pause', 'ExchangeBusy', hourMs), 1);
    const { id } = await world.start();
    await world.deliver();
    const message = messageFor(enablementKind, await world.read(id));
    const due = new Date(world.clock.now().getTime() + hourMs);
    await world.queues.requestOperationRun(message, 0);
    await world.deliver();
    expect(stepOf(await world.read(id), 'customization')).toMatchObject({ attempts: 1 });
    expect(world.queues.waiting().map((each) => each.due)).toEqual([due, due]);
    await world.drain();
    expect((await world.read(id)).status).toBe('Succeeded');
  });
});
