/** The views of reports on several tenants. */
import type { Page } from 'playwright-core';
import { answering, forbidden, heading, outage, row, type View } from './view.ts';

const setId = '22222222-3333-4444-8555-666666666666';
const setPath = () => `/reports/sets/${setId}`;

const names = ['Contoso', 'Fabrikam', 'Woodgrove', 'Litware', 'Proseware'] as const;

const tenants = Array.from({ length: 42 }, (_, at) => ({
  ...{ tenantId: `8f0d1a2b-3c4d-4e5f-8a9b-0000000000${String(at).padStart(2, '0')}`, cloud: 'enterprise' },
  ...{ displayName: `${names[at % names.length] ?? ''} ${at + 1} GmbH`, domain: `customer${at + 1}.example` },
  ...{ tags: at % 3 === 0 ? ['gold', 'emea'] : ['silver'], state: 'Active', checks: [], contentTypes: [] },
  ...{ subscriptions: [], repairDrift: false, createdDateTime: '2026-01-05T08:00:00.000Z', throttled: false },
}));

const base = {
  ...{ id: setId, tenants: '*', kind: 'privilegedActivity', title: 'Activity of privileged users' },
  ...{ from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z', createdBy: 'k7x2m9p4q8w1z5t3' },
  options: { roles: ['globalAdministrator', 'exchangeAdministrator'] },
  ...{ createdDateTime: '2026-11-02T08:00:00.000Z', lastActionDateTime: '2026-11-02T08:01:00.000Z' },
  ...{ percentComplete: 100, tenantCount: 42, notStartedCount: 0, runningCount: 0, waitingCount: 0 },
  ...{ succeededCount: 0, partiallySucceededCount: 0, failedCount: 0, canceledCount: 0 },
};

const expires = { expiresDateTime: '2026-11-09T08:00:00.000Z' };

const sets = {
  done: { ...base, ...expires, status: 'Succeeded', succeededCount: 42 },
  partly: {
    ...{ ...base, ...expires, status: 'PartiallySucceeded' },
    ...{ succeededCount: 37, failedCount: 3, canceledCount: 2 },
  },
  running: {
    ...{ ...base, status: 'Running', percentComplete: 47, succeededCount: 19, failedCount: 1 },
    ...{ runningCount: 4, waitingCount: 2, notStartedCount: 16 },
  },
  failed: { ...base, status: 'Failed', canceledCount: 42, errorMessage: 'Storage did not answer for a day.' },
};

const tooLarge =
  'The snapshots of the range have more than 100,000 holders of the roles. Choose fewer roles.';
const notAllowed =
  'Nothing was started or read in the tenant: the client key that requested this has ended, or has no access to the tenant anymore. Request it again with another key.';

/** What became of them: this many of each, the worst first. */
function members(...groups: readonly (readonly [count: number, status: string, errorMessage?: string])[]) {
  const all = groups.flatMap(([count, status, errorMessage]) =>
    Array.from({ length: count }, () => ({
      ...{ status, ...(errorMessage === undefined ? {} : { errorMessage }) },
    })),
  );
  return all.map((one, at) => ({
    ...{ ...one, tenantId: tenants[at]?.tenantId, tenantDisplayName: tenants[at]?.displayName },
    ...(one.status === 'Succeeded' || one.status === 'Failed'
      ? {
          reportId: `33333333-4444-4555-8666-7777777777${String(at).padStart(2, '0')}`,
          recordCount: at * 977,
        }
      : {}),
  }));
}

/** @param nextLink of the table */
const showing = (set: object, value: readonly object[], nextLink?: string) => async (page: Page) => {
  await answering('tenants', 200, { value: tenants })(page);
  await answering(`reports/${setId}`, 200, set)(page);
  await answering(`reports/${setId}/tenants*`, 200, { value, nextLink })(page);
};

const listing =
  (value: readonly object[], nextLink?: string) =>
  async (page: Page): Promise<void> => {
    await answering('tenants', 200, { value: tenants })(page);
    await answering('reports*', 200, { value, nextLink })(page);
  };

const says = (text: string) => (page: Page) => page.getByText(text).first().waitFor();

export const reportSetViews: readonly View[] = [
  {
    name: 'report-sets',
    path: () => '/reports?tenant=*&kind=privilegedActivity',
    arrange: listing(
      [
        sets.running,
        { ...sets.partly, id: setId.replace(/^2/, '3'), tenants: 'tag:gold' },
        {
          ...{ ...sets.done, id: setId.replace(/^2/, '4') },
          tenants: tenants
            .slice(0, 9)
            .map(({ tenantId }) => tenantId)
            .join(','),
        },
        { ...sets.failed, id: setId.replace(/^2/, '5') },
      ],
      `https://audit.example/api/reports?skiptoken=abc`,
    ),
    act: async (page) => {
      await page.getByRole('button', { name: 'Start the reports' }).waitFor();
      await row(page);
    },
  },
  {
    name: 'report-sets-several',
    path: () => `/reports?tenant=several&several=tag%3Agold,${tenants[4]?.tenantId ?? ''}&kind=posture`,
    arrange: listing([]),
    act: says('A report on each of 15 tenants.'),
  },
  {
    name: 'report-sets-choose',
    path: () => '/reports?tenant=several',
    arrange: listing([]),
    act: says('Add tenants or tags first.'),
  },
  {
    name: 'report-sets-list-failed',
    path: () => '/reports?tenant=*',
    arrange: async (page) => {
      await listing([])(page);
      await answering('reports*', 400, outage)(page);
    },
    act: says('could not be loaded'),
  },
  {
    name: 'report-set-loading',
    path: setPath,
    arrange: async (page) => {
      await page.route(`**/api/reports/${setId}`, () => undefined);
    },
    act: says('Loading reports'),
  },
  {
    name: 'report-set-running',
    path: setPath,
    arrange: showing(
      sets.running,
      members(
        [1, 'Failed', tooLarge],
        [2, 'Waiting', 'Something failed in the tenant. It is retried for a day.'],
        ...([
          [4, 'Running'],
          [16, 'NotStarted'],
          [19, 'Succeeded'],
        ] as const),
      ),
    ),
    act: row,
  },
  { name: 'report-set', path: setPath, arrange: showing(sets.done, members([42, 'Succeeded'])), act: row },
  {
    name: 'report-set-partly',
    path: setPath,
    arrange: showing(
      sets.partly,
      members([3, 'Failed', tooLarge], [2, 'Canceled', notAllowed], [15, 'Succeeded']),
      `https://audit.example/api/reports/${setId}/tenants?skiptoken=abc`,
    ),
    act: row,
  },
  {
    name: 'report-set-failed',
    path: setPath,
    arrange: showing(sets.failed, members([42, 'Canceled'])),
    act: says('could not be computed'),
  },
  {
    name: 'report-set-csv',
    path: setPath,
    arrange: showing(sets.done, members([42, 'Succeeded'])),
    act: async (page) => {
      await page.getByLabel('Form', { exact: true }).selectOption('CSV');
      await page.getByLabel('Table', { exact: true }).waitFor();
    },
  },
  {
    name: 'report-set-none',
    path: setPath,
    arrange: showing({ ...sets.done, tenantCount: 0, succeededCount: 0 }, []),
    act: heading('There are no tenants that you see in these reports'),
  },
  { name: 'report-set-missing', path: setPath, act: says('could not be loaded') },
  {
    name: 'report-set-forbidden',
    path: setPath,
    arrange: answering(`reports/${setId}`, 403, forbidden),
    act: heading('Your sign-in does not allow this'),
  },
];
