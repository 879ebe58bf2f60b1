import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { stepOf } from '../../support/enablement-world.ts';
import { useEnabling } from './enabling.ts';

const newTenant = useEnabling();
const count = 5000;
const kills = 10;

const thousands = (changes: object = {}) => ({
  exchange: {
    unifiedAuditLog: false,
    auditDisabled: true,
    generate: {
      counts: { UserMailbox: count },
      ...{ unaudited: 0.6, trapped: 0.1, bypassed: 0.002 },
      ...changes,
    },
  },
  auditingEnabled: false,
});

describe('a tenant of five thousand mailboxes', () => {
  it('is enabled and verified in few requests', async () => {
    const tenant = await newTenant(thousands({ trapped: 0 }));
    const done = await tenant.run({ removeBypasses: true });
    expect(done.status).toBe('Succeeded');
    expect(stepOf(done, 'verification').after).toMatchObject({
      mailboxes: { total: count, asWanted: count },
    });
    expect(stepOf(done, 'mailboxes').changes).toHaveLength(count);
    const { exchange } = tenant.simulator.counters.snapshot();
    expect(exchange.mailboxWrites).toEqual({ total: count, mailboxes: count, mostToOneMailbox: 1 });
    const commands = Object.values(exchange.commands).reduce((sum, each) => sum + each, 0);
    expect(commands / count).toBeLessThanOrEqual(1.3);
    expect(exchange.requests / count).toBeLessThanOrEqual(0.13);
  });

  it('is enabled all the same when the process is killed again and again', { timeout: 120_000 }, async () => {
    const tenant = await newTenant(thousands());
    const trapped = new Set(
      tenant.exchange
        .mailboxes()
        .flatMap((each) => (each.auditEnabled && !each.foundAsAudited ? [each.guid] : [])),
    );
    tenant.simulator.changeSettings({ exchangeLatencyMs: 5 });
    const { enablementId } = await tenant.start({ removeBypasses: true });
    const written = () => tenant.simulator.counters.snapshot().exchange.mailboxWrites.total;
    let midway = 0;
    for (let killed = 0; killed < kills; killed++) {
      const working = tenant.work({ work: { enablementId } }).catch(() => undefined);
      const ended = working.then(() => true);
      // Some at any moment, even before anything is written; the others after some more writes.
      const enough = killed % 3 === 0 ? 0 : written() + Math.floor(Math.random() * 600);
      await Promise.race([ended, setTimeout(Math.random() * 500)]);
      while (written() < enough && !(await Promise.race([ended, setTimeout(5, false)])));
      if (written() > 0 && written() < count) midway += 1;
      await tenant.kill();
      await working;
    }
    expect(midway).toBeGreaterThan(2);
    tenant.simulator.changeSettings({ exchangeLatencyMs: 0 });
    const done = await tenant.drain(enablementId);
    expect(done.status).toBe('Succeeded');
    expect(stepOf(done, 'mailboxes')).toMatchObject({
      ...{ status: 'Succeeded', before: { mailboxes: count, toChange: count } },
      after: { mailboxes: count, toChange: 0 },
    });
    expect(stepOf(done, 'mailboxes').changes).toHaveLength(count + trapped.size);
    for (const { guid, writes, ...mailbox } of tenant.exchange.mailboxes()) {
      expect(writes).toBeLessThanOrEqual(trapped.has(guid) ? 4 : 2);
      expect(mailbox).toMatchObject({ auditEnabled: true, foundAsAudited: true, bypassed: false });
    }
  });
});
