/** The views of destinations. */
import type { Page } from 'playwright-core';
import { answering, forbidden, heading, type View } from './view.ts';

const id = '8f0d1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a61';
const made = {
  createdBy: 'key:494cd9d3',
  createdDateTime: '2026-11-01T08:00:00.000Z',
  startDateTime: '2026-11-01T07:00:00.000Z',
};

const sentinel = {
  ...made,
  ...{ id: '8f0d1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a60', displayName: 'Sentinel of Contoso', kind: 'logAnalytics' },
  ...{ settings: {}, tenants: 'tag:gold', filters: {}, status: 'active' },
};
const database = {
  ...made,
  ...{ id, displayName: 'Database for Power BI', kind: 'postgresql', settings: {}, tenants: '*' },
  ...{ filters: { service: ['Exchange'] }, status: 'misconfigured' },
  lastError: 'The server refused the password of auditkeep.',
  nextStep: 'Check the secret destination-database in the vault.',
  failingSinceDateTime: '2026-11-30T07:10:00.000Z',
  nextAttemptDateTime: '2026-11-30T08:25:00.000Z',
};
const others = [
  {
    ...{ ...made, id: '8f0d1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a62', displayName: 'SIEM', kind: 'httpsNdjson' },
    ...{ settings: {}, tenants: '*', filters: {}, status: 'failing' },
    lastError: 'The destination answered 503.',
    failingSinceDateTime: '2026-11-30T08:10:00.000Z',
    nextAttemptDateTime: '2026-11-30T08:12:00.000Z',
  },
  {
    ...{ ...made, id: '8f0d1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a63', displayName: 'Archive', kind: 'httpsNdjson' },
    ...{ settings: {}, tenants: '*', filters: {}, status: 'paused' },
  },
];

const tenantNames = ['Contoso GmbH', 'Fabrikam Ltd', 'Woodgrove Bank', 'Litware', 'Proseware'] as const;
const progress = tenantNames.map((tenantDisplayName, at) => ({
  tenantId: `8f0d1a2b-3c4d-4e5f-8a9b-0000000000${at}0`,
  tenantDisplayName,
  status: at === 1 ? 'undecided' : at < 3 ? 'behind' : 'current',
  ...(at < 3 && at !== 1 ? { oldestPendingDateTime: '2026-11-30T07:10:00.000Z' } : {}),
  lastSentDateTime: '2026-11-30T07:09:00.000Z',
  ...{ sent: 12_480 * (at + 1), duplicates: 0, rejected: at === 0 ? 2 : 0 },
}));
const letters = [0, 1].map((at) => ({
  tenantId: progress[0]?.tenantId,
  recordId: `5b6c1de4-5c55-4f1b-9f3a-08de5a1c2b7${at}`,
  cause: 'The destination answered 400.',
  refusedDateTime: '2026-11-30T07:00:00.000Z',
}));
const steps = [
  { step: 'connect', succeeded: true, detail: 'Connected by TLS.' },
  {
    ...{ step: 'authenticate', succeeded: false, detail: 'The server refused the password of auditkeep.' },
    nextStep: 'Check the secret destination-database in the vault.',
  },
];

async function arrangeOne(page: Page): Promise<void> {
  await answering(`destinations/${id}`, 200, database)(page);
  await answering(`destinations/${id}/tenants`, 200, { value: progress })(page);
  await answering(`destinations/${id}/deadLetters`, 200, { value: letters })(page);
  await answering(`destinations/${id}/test`, 200, { succeeded: false, steps })(page);
}

export const destinationViews: readonly View[] = [
  { name: 'destinations-none', path: () => '/destinations', act: heading('There are no destinations') },
  {
    name: 'destinations',
    path: () => '/destinations',
    arrange: answering('destinations', 200, { value: [sentinel, database, ...others] }),
    act: heading('Sentinel of Contoso'),
  },
  {
    name: 'destination',
    path: () => `/destinations/${id}`,
    arrange: arrangeOne,
    act: async (page) => {
      await page.getByRole('grid', { name: 'Refused records' }).getByRole('row').nth(1).waitFor();
      await page.getByRole('button', { name: 'Test', exact: true }).click();
      await page.getByText('Sign in: failed.').waitFor();
    },
  },
  {
    name: 'destinations-forbidden',
    path: () => '/destinations',
    arrange: answering('destinations', 403, forbidden),
    act: (page) => page.getByText(forbidden.error.message).first().waitFor(),
  },
];
