/** The views of the console in each state that they can be in, for pictures and for checks of accessibility. */
import type { Page } from 'playwright-core';
import { adminViews } from './admin-views.ts';
import { ingestionViews } from './ingestion-views.ts';
import { answering, forbidden, heading, idOf, outage, row, type View } from './view.ts';
import type { ConsoleWorld } from './world.ts';

const tenantTab = (at: number, tab: string) => (world: ConsoleWorld) =>
  `/tenants/${idOf(world, at)}?tab=${tab}`;

const names = ['Contoso', 'Fabrikam', 'Woodgrove', 'Litware', 'Proseware'] as const;

/** Of 60 customers, as a partner has them: some of each kind. */
function manyTenants() {
  const value = Array.from({ length: 60 }, (_, at) => ({
    tenantId: `8f0d1a2b-3c4d-4e5f-8a9b-0000000000${String(at).padStart(2, '0')}`,
    displayName: `${names[at % names.length] ?? ''} ${at + 1} GmbH`,
    domain: `customer${at + 1}.example`,
    tags: at % 3 === 0 ? ['gold', 'emea'] : at % 3 === 1 ? ['silver'] : [],
    cloud: 'enterprise',
    state: at % 17 === 3 ? 'PendingConsent' : at === 40 ? 'Removing' : 'Active',
    checks: [],
    contentTypes: ['Audit.Exchange'],
    subscriptions: [],
    repairDrift: false,
    createdDateTime: '2026-01-05T08:00:00.000Z',
    nextPollDateTime: '2026-11-30T12:00:00.000Z',
    throttled: false,
  }));
  return value;
}

async function arrangeMany(page: Page): Promise<void> {
  const tenants = manyTenants();
  const active = tenants.filter(({ state }) => state === 'Active');
  const ingestion = active.map(({ tenantId, displayName, state }, at) => ({
    ...{ tenantId, displayName, state, idle: true, pending: 0, rejected: 0, rejectedParts: 0 },
    ...{ unindexedLandings: 0, recordsIndexing: 0, gaps: at % 13 === 5 ? 2 : 0, backfilled: [] },
    ...{ nextPollDateTime: '2026-11-30T12:00:00.000Z', throttled: false },
    ...{
      lagSeconds: at % 19 === 7 ? 26_000 : 300 + at * 7,
      disabledContentTypes: at % 23 === 2 ? ['DLP.All'] : [],
    },
  }));
  const postures = active.map(({ tenantId, displayName }, at) => ({
    ...{ tenantId, tenantDisplayName: displayName, checkedDateTime: '2026-11-30T03:00:00.000Z' },
    unifiedAuditLog: at % 11 !== 4,
    problems:
      at % 11 === 4
        ? ['The unified audit log is off.']
        : at % 7 === 3
          ? ['3 of 12 mailboxes are not audited as wanted.']
          : [],
    drift: [],
  }));
  await answering('tenants', 200, { value: tenants })(page);
  await answering('ingestion', 200, { value: ingestion })(page);
  await answering('posture', 200, { value: postures })(page);
}

async function preview(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Preview the changes' }).click();
  await page.getByText('The preview is complete').first().waitFor();
}

export const views: readonly View[] = [
  { name: 'tenants', path: () => '/tenants', act: row },
  { name: 'tenants-many', path: () => '/tenants', arrange: arrangeMany, act: row },
  {
    name: 'tenants-filtered',
    path: () => '/tenants?q=nothing+fits',
    act: heading('No tenant fits these filters'),
  },
  {
    name: 'tenants-none',
    path: () => '/tenants',
    arrange: answering('tenants', 200, { value: [] }),
    act: heading('There are no tenants yet'),
  },
  {
    name: 'tenants-loading',
    path: () => '/tenants',
    arrange: async (page) => {
      await page.route('**/api/tenants', () => undefined);
    },
    act: (page) => page.getByText('Loading tenants').waitFor(),
  },
  {
    name: 'tenants-failed',
    path: () => '/tenants',
    arrange: answering('tenants', 400, outage),
    act: (page) => page.getByText('The tenants could not be loaded').waitFor(),
  },
  {
    name: 'tenants-partly',
    path: () => '/tenants',
    arrange: answering('posture', 400, outage),
    act: (page) => page.getByText('could not be loaded').first().waitFor(),
  },
  {
    name: 'tenants-forbidden',
    path: () => '/tenants',
    arrange: answering('tenants', 403, forbidden),
    act: heading('Your sign-in does not allow this'),
  },
  { name: 'tenant', path: tenantTab(0, 'overview'), act: heading('Checks') },
  {
    name: 'tenant-without-consent',
    path: tenantTab(-1, 'overview'),
    act: async (page) => {
      await page.getByRole('button', { name: 'Create a consent link' }).click();
      await page.getByRole('button', { name: 'Copy' }).waitFor();
    },
  },
  { name: 'tenant-auditing', path: tenantTab(0, 'auditing'), act: heading('Turn auditing on') },
  { name: 'tenant-collection', path: tenantTab(0, 'collection'), act: heading('Content types') },
  { name: 'tenant-gaps', path: tenantTab(0, 'gaps'), act: heading('Nothing is known to be lost') },
  { name: 'enablement-preview', path: tenantTab(0, 'auditing'), act: preview },
  {
    name: 'enablement-confirm',
    path: tenantTab(0, 'auditing'),
    act: async (page) => {
      await preview(page);
      await page.getByRole('button', { name: 'Turn auditing on' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'onboard', path: () => '/tenants/onboard', act: heading('Onboard tenants') },
  { name: 'onboard-many', path: () => '/tenants/onboard?how=many', act: heading('Onboard tenants') },
  ...ingestionViews,
  ...adminViews,
  { name: 'later', path: () => '/reports', act: heading('Reports') },
  { name: 'nowhere', path: () => '/nowhere', act: heading('No such page') },
];
