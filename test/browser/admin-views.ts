/** The views of delivery and access. */
import { answering, forbidden, heading, idOf, row, type View } from './view.ts';

const subscriptions = {
  value: [
    {
      ...{ id: '8f0d1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b', status: 'active', targetHost: 'siem.example' },
      ...{ content: 'records', tenants: 'tag:gold', filters: { service: ['Exchange'] }, failures: 0 },
      ...{ createdBy: 'key:494cd9d3', createdDateTime: '2026-11-01T08:00:00.000Z' },
      lastDeliveryDateTime: '2026-11-30T08:00:00.000Z',
    },
    {
      ...{ id: '8f0d1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5c', status: 'disabled', disabledReason: 'gone' },
      ...{ targetHost: 'flows.example', content: 'ids', search: 'sign-ins', failures: 3 },
      ...{ createdBy: 'key:494cd9d3', createdDateTime: '2026-11-01T08:00:00.000Z' },
      lastError: 'The receiver answered 410.',
    },
  ],
};

const searches = {
  value: [
    {
      ...{ name: 'sign-ins', displayName: 'Failed sign-ins', tenants: '*', createdBy: 'key:494cd9d3' },
      filters: { operation: ['UserLoginFailed'] },
      lastModifiedDateTime: '2026-11-30T08:00:00.000Z',
    },
  ],
};

export const adminViews: readonly View[] = [
  { name: 'delivery-none', path: () => '/delivery', act: heading('There are no webhook subscriptions') },
  {
    name: 'delivery',
    path: () => '/delivery',
    arrange: answering('subscriptions', 200, subscriptions),
    act: heading('siem.example'),
  },
  {
    name: 'delivery-searches',
    path: () => '/delivery?tab=searches',
    arrange: answering('searches', 200, searches),
    act: heading('Saved searches'),
  },
  { name: 'delivery-subscribe', path: () => '/delivery/subscribe', act: heading('Subscription') },
  { name: 'access', path: () => '/access', act: row },
  {
    name: 'access-revoke',
    path: () => '/access',
    act: async (page) => {
      await page.getByRole('button', { name: 'Revoke console' }).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'access-forbidden',
    path: () => '/access',
    arrange: answering('keys', 403, forbidden),
    act: heading('Your sign-in does not allow this'),
  },
  { name: 'access-log', path: () => '/access?tab=log', act: row },
  {
    name: 'access-new-key',
    path: () => '/access/keys/new',
    act: (page) => page.getByLabel('Name', { exact: true }).waitFor(),
  },
  {
    name: 'access-created-key',
    path: () => '/access/keys/new',
    act: async (page) => {
      await page.getByLabel('Name', { exact: true }).fill('SIEM of Contoso');
      await page.getByLabel('Tenants', { exact: true }).selectOption({ index: 2 });
      await page.getByRole('button', { name: 'Create the key' }).click();
      await page.getByRole('button', { name: 'Copy: Client key' }).waitFor();
    },
  },
  {
    name: 'delivery-of-a-tenant',
    path: (world) => `/delivery?of=${idOf(world, 0)}`,
    act: heading('There are no webhook subscriptions'),
  },
];
