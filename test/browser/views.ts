/** The views of the console in each state that they can be in, for pictures and for checks of accessibility. */
import type { Page } from 'playwright-core';
import { adminViews } from './admin-views.ts';
import { channelViews } from './channel-views.ts';
import { destinationViews } from './destination-views.ts';
import { findingViews } from './finding-views.ts';
import { ingestionViews } from './ingestion-views.ts';
import { investigationViews } from './investigation-views.ts';
import { reportSetViews } from './report-set-views.ts';
import { signInViews } from './sign-in-views.ts';
import { answering, forbidden, heading, idOf, outage, row, type View } from './view.ts';
import { watchViews } from './watch-views.ts';
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

/** The tenant in which an administrator reads the mail of another person. */
const storyTenant = ({ tenants }: ConsoleWorld) =>
  tenants.find(({ displayName }) => displayName.startsWith('Fabrikam'))?.tenantId ?? '';

const privilegedReport = (world: ConsoleWorld) =>
  `/reports?tenant=${storyTenant(world)}&kind=privilegedActivity&range=days30`;

const anyReport = '/reports/8f0d1a2b-3c4d-4e5f-8a9b-000000000000/11111111-2222-4333-8444-555555555555';

const reportBase = {
  id: '11111111-2222-4333-8444-555555555555',
  tenantId: '8f0d1a2b-3c4d-4e5f-8a9b-000000000000',
  ...{ kind: 'privilegedActivity', title: 'Activity of privileged users' },
  ...{ from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z', createdBy: 'k7x2m9p4q8w1z5t3' },
  options: { roles: ['globalAdministrator', 'exchangeAdministrator'] },
  ...{ createdDateTime: '2026-11-02T08:00:00.000Z', lastActionDateTime: '2026-11-02T08:01:00.000Z' },
  ...{ ingestedThrough: '2026-11-02T08:00:00.000Z', isPartial: true, isPending: true, hasGaps: true },
};

const longColumns = [
  { name: 'severity', title: 'Severity', kind: 'severity' },
  { name: 'createdDateTime', title: 'Time', kind: 'moment' },
  { name: 'person', title: 'Person', kind: 'person' },
  { name: 'act', title: 'What was done', kind: 'sentence' },
  { name: 'records', title: 'Records', kind: 'count' },
  { name: 'recordId', title: 'Record', kind: 'record' },
];

function longRow(at: number) {
  return [
    (['critical', 'warning', 'notice', 'ok'] as const)[at % 4] ?? 'ok',
    new Date(Date.UTC(2026, 9, 1, at)).toISOString(),
    `person${at}@contoso.example`,
    `Someone shared "invoice\u202Efdp.exe" ${'with many people and their friends '.repeat(at % 9)}in room ${at}.`,
    at * 37,
    `aaaaaaaa-0000-4000-8000-00000000${String(at).padStart(4, '0')}`,
  ];
}

function reportContent() {
  const rows = Array.from({ length: 600 }, (_, at) => longRow(at));
  const table = { name: 'acts', title: 'Dangerous and rare acts', columns: longColumns };
  const chart = (kind: string, count: number) => ({
    ...{ name: kind, title: `Records by day, as ${kind}`, kind },
    x: {
      title: 'Day',
      values: Array.from({ length: count }, (_, at) => `2026-10-${String(at + 1).padStart(2, '0')}`),
    },
    series: ['Dangerous', 'Rare', 'Routine'].map((title, of) => ({
      ...{ name: title.toLowerCase(), title },
      values: Array.from({ length: count }, (_, at) => ((at * 7 + of * 11) % 23) * (of + 1)),
    })),
  });
  const section = { paragraphs: ['600 records of what was done while holding the role.'], charts: [] };
  return {
    ...reportBase,
    tenants: [
      {
        ...{ tenantId: reportBase.tenantId, displayName: 'Contoso 1 GmbH', isPartial: true, isPending: true },
        ...{ completeThrough: '2026-10-31T22:00:00.000Z', hasGaps: true, gapsOmitted: 3 },
        gaps: [
          {
            ...{ from: '2026-10-05T00:00:00.000Z', to: '2026-10-06T00:00:00.000Z' },
            reason: 'Microsoft did not list this content in time.',
          },
        ],
        sections: [
          {
            ...section,
            name: 'few',
            title: 'The worst',
            tables: [{ ...table, rows: rows.slice(0, 5), omitted: 0 }],
          },
          {
            ...{ ...section, name: 'days', title: 'Day by day', tables: [] },
            charts: [chart('stackedBars', 31), chart('lines', 31)],
          },
          { ...section, name: 'acts', title: 'Acts', tables: [{ ...table, rows, omitted: 1234 }] },
        ],
      },
    ],
  };
}

async function arrangeReport(page: Page): Promise<void> {
  const done = {
    ...{ status: 'Succeeded', recordCount: 123_456, expiresDateTime: '2026-11-09T08:00:00.000Z' },
  };
  await answering('tenants/*', 200, { ...manyTenants()[0] })(page);
  await answering('tenants/*/reports/*', 200, { ...reportBase, ...done })(page);
  await answering('tenants/*/reports/*/content', 200, reportContent())(page);
}

const table = (page: Page) => page.getByRole('table').first().waitFor();

const reportViews: readonly View[] = [
  { name: 'reports', path: privilegedReport, act: heading('There are no reports about this tenant') },
  {
    name: 'reports-custom',
    path: (world) =>
      `${privilegedReport(world)}&range=custom&from=2026-10-05&to=2026-10-01`.replace('&range=days30', ''),
    act: (page) => page.getByText('Choose a day after').waitFor(),
  },
  { name: 'reports-choose', path: () => '/reports', act: heading('Choose tenants') },
  {
    name: 'report-running',
    path: () => anyReport,
    arrange: async (page) => {
      await arrangeReport(page);
      await answering('tenants/*/reports/*', 200, { ...reportBase, status: 'Running', recordCount: 12_345 })(
        page,
      );
    },
    act: (page) => page.getByText('read so far').waitFor(),
  },
  {
    name: 'report-failed',
    path: () => anyReport,
    arrange: async (page) => {
      const failed = {
        status: 'Failed',
        errorMessage: 'It needs more memory than it may have. Choose a shorter range.',
      };
      await arrangeReport(page);
      await answering('tenants/*/reports/*', 200, { ...reportBase, ...failed, recordCount: 12_345 })(page);
    },
    act: (page) => page.getByText('could not be computed').waitFor(),
  },
  { name: 'report-gaps', path: () => anyReport, arrange: arrangeReport, act: table },
  {
    name: 'report-charts',
    path: () => anyReport,
    arrange: arrangeReport,
    act: async (page) => {
      await page.getByText('Numbers').first().click();
      await page.getByRole('heading', { name: 'Day by day' }).scrollIntoViewIfNeeded();
      await page.evaluate('document.querySelector("figure").scrollIntoView()');
    },
  },
  {
    name: 'report-long',
    path: () => anyReport,
    arrange: arrangeReport,
    act: async (page) => {
      await page.getByRole('grid').waitFor();
      await page.evaluate('document.querySelector("[role=grid]").scrollIntoView()');
    },
  },
  {
    name: 'report-row',
    path: () => anyReport,
    arrange: arrangeReport,
    act: async (page) => {
      await page.getByRole('button', { name: 'All of row 4', exact: true }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
];

/** As a link that is opened in a page that is there already. */
async function followLink(page: Page): Promise<void> {
  await row(page);
  await page.evaluate("location.hash = '#key=ak_0123456789abcdef_another'");
  await page.getByRole('dialog').waitFor();
}

async function openAccount(page: Page): Promise<void> {
  await page.locator('.account summary').click();
  await page.getByText('All tenants').waitFor();
}

const reader = {
  ...{ id: '494cd9d3a1b2c3d4', kind: 'ClientKey', displayName: 'Contoso' },
  access: [{ tenants: '8f0d1a2b-3c4d-4e5f-8a9b-000000000000', scopes: ['records.read'] }],
};

/** Of the app: people may sign in with Microsoft Entra ID. */
export const viewSettings = { AUDITKEEP_CONSOLE_SIGN_IN: 'enterprise' } as const;

/** For a world with {@link viewSettings}. */
export const views: readonly View[] = [
  ...signInViews,
  { name: 'account', path: () => '/nowhere', act: openAccount },
  { name: 'link-of-another', path: () => '/tenants', act: followLink },
  {
    name: 'reader-tenant',
    path: (world) => `/tenants/${idOf(world, -1)}`,
    arrange: answering('me', 200, reader),
    act: heading('Consent is missing'),
  },
  {
    name: 'reader-access',
    path: () => '/access',
    arrange: answering('me', 200, reader),
    act: heading('Your sign-in does not allow this'),
  },
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
  ...investigationViews,
  ...adminViews,
  ...destinationViews,
  ...channelViews,
  ...findingViews,
  ...watchViews,
  ...reportViews,
  ...reportSetViews,
  { name: 'nowhere', path: () => '/nowhere', act: heading('No such page') },
];
