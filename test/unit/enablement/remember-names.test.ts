/** Listing all mailboxes keeps their names. */
import { expect, it } from 'vitest';
import { rememberingNames } from '../../../shared/enablement/remember-names.ts';
import { createClock } from '../../support/clock.ts';
import { createFakeExchange } from '../../support/fakes/exchange-admin.ts';
import { createFakeMailboxNameStore } from '../../support/fakes/mailbox-name-store.ts';
import { mailboxNamed } from '../../support/modeled-mailbox.ts';
import { tenantNamed } from '../../support/tenants.ts';

const tenant = tenantNamed('Fabrikam');

function createWorld() {
  const clock = createClock();
  const [fake, mailboxNames] = [createFakeExchange(clock.now), createFakeMailboxNameStore()];
  fake.pageSize = 1;
  fake.put(mailboxNamed('anna'), mailboxNamed('bo'));
  return { exchange: rememberingNames(fake, { mailboxNames, now: clock.now }), mailboxNames };
}

it('of all mailboxes, page by page, once the last page was read', async () => {
  const { exchange, mailboxNames } = createWorld();
  const pages = [];
  for await (const page of exchange.listMailboxes(tenant, { all: true })) {
    expect(await mailboxNames.list(tenant.tenantId)).toEqual([]);
    pages.push(page.mailboxes.map(({ id }) => id));
  }
  expect(pages).toEqual([['id-anna'], ['id-bo']]);
  const known = await mailboxNames.list(tenant.tenantId);
  expect(known.map(({ names }) => names[1])).toEqual(['anna@fabrikam.example', 'bo@fabrikam.example']);
});

it('unless only some are listed, or the list breaks off', async () => {
  const { exchange, mailboxNames } = createWorld();
  for await (const page of exchange.listMailboxes(tenant, { named: ['anna@fabrikam.example'] }))
    expect(page.mailboxes.length).toBeLessThanOrEqual(1);
  for await (const page of exchange.listMailboxes(tenant, { all: true }))
    if (page.mailboxes.length > 0) break;
  expect(await mailboxNames.list(tenant.tenantId)).toEqual([]);
});
