/** Who was given the director's mailbox, whichever names the records use: from the feed to the answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMailboxNameStore } from '../../../shared/adapters/tables/mailbox-name-store.ts';
import { rememberMailboxes } from '../../../shared/tenants/mailbox-names.ts';
import { askPages, idsOf } from './asking.ts';
import { contentOf, guidOf, recordOf } from './invented-records.ts';
import { startPipeline, type Pipeline } from './pipeline.ts';

const hosted =
  'EURPR04A009.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/fabrikam.onmicrosoft.com';
const legacy = '/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=d1';
const address = 'director@fabrikam.example';
const id = guidOf('Director');
const anna = 'anna@fabrikam.example';

function permission(Identity: string, User: string, more: object = {}) {
  const Parameters = [
    ...[
      { Name: 'Identity', Value: Identity },
      { Name: 'User', Value: User },
    ],
    { Name: 'AccessRights', Value: 'FullAccess' },
  ];
  return { RecordType: 1, Operation: 'Add-MailboxPermission', UserType: 2, Parameters, ...more };
}

/** Record by record, another name of the mailbox, and of who was given it. */
const given = {
  canonical: permission(`${hosted}/Director`, `${hosted}/Anna`, { ObjectId: 'Director' }),
  address: permission(address, anna, { ObjectId: 'Director' }),
  alias: permission('director.old@fabrikam.example', 'anna', { ObjectId: undefined }),
  legacy: permission(legacy, anna, { ObjectId: legacy }),
  id: permission(id, anna, { ObjectId: id }),
};
const used = { inside: { RecordType: 2, Operation: 'Send', MailboxOwnerUPN: address, ObjectId: undefined } };
const others = {
  other: permission('boss@fabrikam.example', 'bo@fabrikam.example', { ObjectId: 'Boss' }),
  double: permission('Sales Team', 'bo@fabrikam.example', { ObjectId: 'Sales Team' }),
};

let pipeline: Pipeline;
let tenantId: string;

beforeAll(async () => {
  pipeline = await startPipeline();
  tenantId = await pipeline.addTenant('Mailboxes');
  const records = Object.entries({ ...given, ...used, ...others }).map(([name, fields]) =>
    recordOf(name, fields),
  );
  const content = contentOf('mailboxes', '2026-03-01T10:00:00Z', records);
  await pipeline.deliver(tenantId, [content], new Date('2026-03-01T11:00:00Z'));
  const deps = { mailboxNames: createMailboxNameStore(pipeline.tables), now: () => new Date() };
  await rememberMailboxes(deps, tenantId, [
    { id, names: [id, address, 'director.old@fabrikam.example', 'Director', legacy, `${hosted}/Director`] },
    { id: guidOf('Anna'), names: [guidOf('Anna'), anna, 'anna', 'Anna Berg'] },
    { id: guidOf('Sales'), names: [guidOf('Sales'), 'sales@fabrikam.example', 'Sales Team'] },
    { id: guidOf('Sales 2'), names: [guidOf('Sales 2'), 'sales2@fabrikam.example', 'Sales Team'] },
  ]);
});

afterAll(() => pipeline.stop());

const guidsOf = (records: object) => Object.keys(records).map(guidOf).sort();
const ask = async (query: Readonly<Record<string, string>>) =>
  idsOf(await askPages(pipeline, { tenantId, query })).toSorted();

describe("the director's mailbox", () => {
  it.each([address, id, legacy, 'Director', 'director.old@fabrikam.example'])(
    'is found as what was given, by every name, such as %s',
    async (name) => {
      expect(await ask({ target: name, operations: 'Add-MailboxPermission' })).toEqual(guidsOf(given));
      const mailbox = `"${name}"`;
      expect(await ask({ mailbox, operations: 'Add-MailboxPermission' })).toEqual(guidsOf(given));
      expect(await ask({ mailbox, operations: 'Send' })).toEqual(guidsOf(used));
    },
  );

  it.each([anna, 'Anna Berg', guidOf('Anna')])(
    'is found through who was given it, by every name, such as %s',
    async (target) => {
      for (const top of ['1', '100']) expect(await ask({ target, top })).toEqual(guidsOf(given));
    },
  );

  it('is not mixed up with a mailbox of the same name', async () => {
    expect(await ask({ target: 'sales@fabrikam.example' })).toEqual([]);
    expect(await ask({ target: 'Sales Team' })).toEqual([guidOf('double')]);
  });
});
