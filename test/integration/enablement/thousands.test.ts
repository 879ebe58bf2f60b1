import { describe, expect, it } from 'vitest';
import { stepOf } from '../../support/enablement-world.ts';
import { sized } from '../../support/sizes.ts';
import { useEnabling } from './enabling.ts';

const newTenant = useEnabling();
/** 2,000 are still two pages of mailboxes and many batches of writes. */
const count = sized(2000, 5000);

const thousands = {
  auditingEnabled: false,
  exchange: {
    ...{ unifiedAuditLog: false, auditDisabled: true },
    generate: { counts: { UserMailbox: count }, unaudited: 0.6, bypassed: 0.002 },
  },
};

describe('a tenant of thousands of mailboxes', () => {
  it('is enabled and verified with few requests', async () => {
    const tenant = await newTenant(thousands);
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
});
