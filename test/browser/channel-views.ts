/** The views of channels. */
import { answering, forbidden, heading, row, type View } from './view.ts';

const id = '6a6b7c8d-1e2f-4a3b-8c4d-5e6f7a8b9c00';
const tenantId = '8f0d1a2b-3c4d-4e5f-8a9b-000000000000';
const made = {
  ...{ createdBy: 'key:494cd9d3', createdDateTime: '2026-11-01T08:00:00.000Z', tenants: '*' },
  ...{ minimumSeverity: 'medium', topics: ['findings'], floodLimit: 20 },
};

const teams = {
  ...{
    ...made,
    id,
    displayName: 'On call',
    kind: 'teams',
    settings: { url: 'channel-teams' },
    tenants: 'tag:gold',
  },
  ...{ status: 'active', lastSentDateTime: '2026-11-30T07:10:00.000Z', urgentFrom: 'critical' },
  quietHours: { timeZone: 'Europe/Berlin', from: '18:00', to: '07:30' },
};
const desk = {
  ...{ ...made, id: '6a6b7c8d-1e2f-4a3b-8c4d-5e6f7a8b9c01', displayName: 'Service desk', kind: 'haloPsa' },
  settings: {
    url: 'https://contoso.halopsa.com',
    clientSecret: 'channel-halo',
    companies: { [tenantId]: 42 },
  },
  ...{ status: 'misconfigured', lastError: 'The server refused the client secret.' },
  nextStep: 'Check the secret channel-halo in the vault.',
  ...{ failingSinceDateTime: '2026-11-30T07:10:00.000Z', nextAttemptDateTime: '2026-11-30T08:25:00.000Z' },
  topics: ['findings', 'drift', 'gaps', 'enablements'],
};
const mail = {
  ...{ ...made, id: '6a6b7c8d-1e2f-4a3b-8c4d-5e6f7a8b9c02', displayName: 'Daily mail', kind: 'graphMail' },
  ...{ settings: {}, status: 'paused', digest: { every: 'day', timeZone: 'Europe/Berlin', at: '08:00' } },
};

const delivery = {
  ...{ id: 'finding-1', tenantId, title: 'Inbox rule forwards email outside', severity: 'high' },
  ...{ topic: 'findings', result: 'sent', together: 1, perhapsTwice: false, closed: false },
  sentDateTime: '2026-11-30T07:10:00.000Z',
};
const deliveries = [
  delivery,
  { ...delivery, id: 'finding-2', tenantId: undefined, together: 12, perhapsTwice: true, severity: 'medium' },
  {
    ...delivery,
    id: 'finding-3',
    result: 'refused',
    cause: 'The tenant has no company in the settings of the channel.',
  },
  { ...delivery, id: 'finding-4', result: 'obsolete', severity: 'critical' },
];
const test = {
  ...{ succeeded: false, detail: 'The server refused the client secret.' },
  nextStep: 'Check the secret channel-halo in the vault.',
};

export const channelViews: readonly View[] = [
  { name: 'channels-none', path: () => '/channels', act: heading('There are no channels') },
  {
    name: 'channels',
    path: () => '/channels',
    arrange: answering('channels', 200, { value: [desk, teams, mail] }),
    act: heading('On call'),
  },
  {
    name: 'channels-forbidden',
    path: () => '/channels',
    arrange: answering('channels', 403, forbidden),
    act: (page) => page.getByText(forbidden.error.message).first().waitFor(),
  },
  {
    name: 'channel',
    path: () => `/channels/${id}`,
    arrange: async (page) => {
      await answering(`channels/${id}`, 200, teams)(page);
      await answering(`channels/${id}/deliveries`, 200, { value: deliveries })(page);
    },
    act: row,
  },
  {
    name: 'channel-test',
    path: () => `/channels/${id}`,
    arrange: async (page) => {
      await answering(`channels/${id}`, 200, { ...desk, id })(page);
      await answering(`channels/${id}/deliveries`, 200, { value: [] })(page);
      await answering(`channels/${id}/test`, 200, test)(page);
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Send a test message' }).click();
      await page.getByText(test.nextStep).nth(1).waitFor();
    },
  },
  { name: 'channel-new', path: () => '/channels/new', act: heading('Create a channel') },
  {
    name: 'channel-new-desk',
    path: () => '/channels/new?kind=haloPsa',
    act: async (page) => {
      await page.getByText('More settings').click();
      await page.getByText('When it is sent').click();
      await page.getByLabel('Quiet from').waitFor();
      await page.evaluate('scrollTo(0, 0)');
    },
  },
  {
    name: 'channel-new-refused',
    path: () => '/channels/new?kind=webhook',
    act: async (page) => {
      await page.getByLabel('Name', { exact: true }).fill('SOAR');
      await page.getByLabel('Address').fill('http://soar.contoso.example');
      await page.getByRole('button', { name: 'Create the channel' }).click();
      await page.getByText('The channel could not be created').waitFor();
    },
  },
];
