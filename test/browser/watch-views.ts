/** The views of watches. */
import type { Page } from 'playwright-core';
import { answering, heading, outage, type View } from './view.ts';

const id = '5a6b7c8d-1e2f-4a3b-8c4d-5e6f7a8b9c00';
const tenantId = '8f0d1a2b-3c4d-4e5f-8a9b-000000000000';
const made = { createdBy: 'key:494cd9d3', createdDateTime: '2026-11-01T08:00:00.000Z' };

const sigma = `title: Suspicious inbox rule
logsource:
  product: m365
detection:
  selection:
    Operation: New-InboxRule
    Parameters|contains: elsewhere.example
  condition: selection
`;

const suppression = {
  ...{ id: '0192f5c0-1111-4222-8333-000000000001', tenantId, member: 'clientIp', values: ['192.0.2.0/24'] },
  ...{ reason: 'Our own scanner, see ticket 4711.', createdBy: 'key:494cd9d3' },
  ...{ createdDateTime: '2026-11-01T08:00:00.000Z', endDateTime: '2099-06-01T00:00:00.000Z' },
};

const pack = {
  ...{ ...made, id, displayName: 'Everything that comes with Auditkeep', pack: ['*'], tenants: '*' },
  ...{ enabled: true, status: 'active' },
  suppressions: [
    suppression,
    {
      ...{
        ...suppression,
        id: '0192f5c0-1111-4222-8333-000000000002',
        endDateTime: '2026-11-20T00:00:00.000Z',
      },
      ...{ member: undefined, values: undefined, reason: 'The migration of all mailboxes.' },
    },
  ],
};

const failing = {
  ...{ ...made, id: '5a6b7c8d-1e2f-4a3b-8c4d-5e6f7a8b9c01', displayName: 'Rules of the SOC', sigma },
  ...{
    tenants: `tag:gold,${tenantId}`,
    enabled: true,
    status: 'failing',
    severity: 'high',
    suppressions: [],
  },
  lastError: "The rule 'Suspicious inbox rule' needs too many steps for a text of 20,000 characters.",
  failingSinceDateTime: '2026-11-30T07:10:00.000Z',
};

const paused = {
  ...{ ...made, id: '5a6b7c8d-1e2f-4a3b-8c4d-5e6f7a8b9c02', displayName: 'Downloads', tenants: 'tag:gold' },
  rule: { title: 'Many downloads', filter: "operation eq 'FileDownloaded'", severity: 'medium' },
  ...{ enabled: false, status: 'disabled', suppressions: [] },
};

const rule = (at: number, title: string, findings: number) => ({ id: `rule${at}`, title, findings });
const dryRun = {
  ...{ fromDateTime: '2026-11-01T08:00:00.000Z', toDateTime: '2026-12-01T08:00:00.000Z', failedRules: [] },
  value: ['Contoso GmbH', 'Fabrikam Ltd', 'Woodgrove Bank'].map((tenantDisplayName, at) => ({
    ...{ tenantId: `8f0d1a2b-3c4d-4e5f-8a9b-0000000000${at}0`, tenantDisplayName },
    ...{ findings: 3 - at, matches: 40 - at, recordsRead: at === 0 ? 5000 : 1200 },
    readFromDateTime: at === 0 ? '2026-11-21T08:00:00.000Z' : '2026-11-01T08:00:00.000Z',
    rules: [
      rule(1, 'Inbox rule forwards mail outside', 2 - at),
      rule(2, 'Wrong passwords for many users from one address', 1),
    ].filter(({ findings }) => findings > 0),
  })),
};

const refusedSigma = {
  error: {
    ...{ code: 'InvalidParameter', target: 'sigma' },
    message: "Line 7: 'Parameters|contains' names a field that no record has.",
  },
};

const watch = (body: object) => answering(`watches/${id}`, 200, body);

async function tryIt(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start the dry run' }).click();
  await page.getByRole('grid', { name: 'What it would have found' }).getByRole('row').nth(1).waitFor();
}

export const watchViews: readonly View[] = [
  { name: 'watches-none', path: () => '/watches', act: heading('There are no watches') },
  {
    name: 'watches',
    path: () => '/watches',
    arrange: answering('watches', 200, { value: [failing, pack, paused] }),
    act: heading('Rules of the SOC'),
  },
  {
    name: 'watches-failed',
    path: () => '/watches',
    arrange: answering('watches', 400, outage),
    act: (page) => page.getByText('The watches could not be loaded').waitFor(),
  },
  {
    name: 'watch',
    path: () => `/watches/${id}`,
    arrange: watch(pack),
    act: async (page) => {
      await page.getByText('Sign-in without modern authentication').first().waitFor();
      await page.getByText('Pass over more').click();
      await page.getByLabel('Why they are harmless').waitFor();
    },
  },
  {
    name: 'watch-dry-run',
    path: () => `/watches/${id}`,
    arrange: async (page) => {
      await watch({ ...failing, id })(page);
      await answering('dryRuns', 200, dryRun)(page);
    },
    act: tryIt,
  },
  {
    name: 'watch-delete',
    path: () => `/watches/${id}`,
    arrange: watch({ ...paused, id }),
    act: async (page) => {
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'watch-new',
    path: () => '/watches/new',
    act: async (page) => {
      await page.getByLabel('All rules, those included').click();
      await page.getByLabel('Sign-in without modern authentication').first().click();
      await page.getByText(/^1 of \d+ chosen$/).waitFor();
    },
  },
  {
    name: 'watch-new-sigma',
    path: () => '/watches/new?rules=sigma',
    arrange: answering('watches', 400, refusedSigma),
    act: async (page) => {
      await page.getByLabel('Name', { exact: true }).fill('Rules of the SOC');
      await page.getByLabel('Sigma rules and correlations').fill(sigma);
      await page.getByRole('button', { name: 'Create the watch' }).click();
      await page.getByRole('button', { name: 'Go to line 7' }).click();
      await page.evaluate('scrollTo(0, 0)');
    },
  },
  { name: 'watch-new-filter', path: () => '/watches/new?rules=filter', act: heading('Create a watch') },
];
