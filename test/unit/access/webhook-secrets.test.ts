import { describe, expect, it } from 'vitest';
import {
  createLiveWebhookSecrets,
  renewWebhookSecret,
  webhookSecret,
} from '../../../shared/access/webhook-secrets.ts';
import { createClock, hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeWebhookGenerationStore } from '../../support/fakes/webhook-generation-store.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

function createSecrets() {
  const clock = createClock();
  const deps = {
    signingKeys: [Buffer.alloc(32, 7)] as const,
    generations: createFakeWebhookGenerationStore(),
    now: clock.now,
  };
  const live = createLiveWebhookSecrets(deps);
  return {
    clock,
    secretOf: (tenants: string) => webhookSecret(deps, tenants),
    renew: (tenants: string, overlapMs: number) => renewWebhookSecret(deps, tenants, overlapMs),
    /** Which of these work for the tenant now. */
    working: async (tenantId: string, secrets: readonly string[]) => {
      clock.advance(minuteMs + 1);
      const texts = (await live.of(tenantId)).map((secret) => `whsec_${secret.toString('base64')}`);
      return secrets.map((secret) => texts.includes(secret));
    },
  };
}

describe('the secret of a signed webhook', () => {
  it('that was never renewed is the one that earlier versions derived', async () => {
    expect(await createSecrets().secretOf(fabrikamId)).toBe(
      'whsec_X+mAPW/3AoBWcyqQU68Jl52m45W0GwiLO8SI2+1gt08=',
    );
  });

  it('is renewed for one tenant; two are live at once, until the overlap ends', async () => {
    const { clock, secretOf, renew, working } = createSecrets();
    const [old, others] = [await secretOf(fabrikamId), [await secretOf(adatumId), await secretOf('*')]];
    const { secret } = await renew(fabrikamId, 24 * hourMs);
    expect([await secretOf(fabrikamId), secret === old]).toEqual([secret, false]);
    expect(await working(fabrikamId, [old, secret])).toEqual([true, true]);
    clock.advance(24 * hourMs);
    expect(await working(fabrikamId, [old, secret])).toEqual([false, true]);
    expect([await secretOf(adatumId), await secretOf('*')]).toEqual(others);
    expect(await working(fabrikamId, others)).toEqual([false, true]);
  });

  it('ends with the second renewal, and at once without an overlap', async () => {
    const { secretOf, renew, working } = createSecrets();
    const first = await secretOf('*');
    const { secret: second } = await renew('*', hourMs);
    const { secret: third } = await renew('*', hourMs);
    expect(await working(fabrikamId, [first, second, third])).toEqual([false, true, true]);
    const { secret: fourth } = await renew('*', 0);
    expect(await working(adatumId, [second, third, fourth])).toEqual([false, false, true]);
  });
});
