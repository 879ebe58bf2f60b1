/** The views of ingestion. */
import { answering, forbidden, heading, idOf, outage, row, type View } from './view.ts';

const of =
  (tab: string, at = 0) =>
  (world: Parameters<typeof idOf>[0]) =>
    `/ingestion/${idOf(world, at)}?tab=${tab}`;

/** Of 60 tenants: some of each kind. */
const many = Array.from({ length: 60 }, (_, at) => ({
  tenantId: `8f0d1a2b-3c4d-4e5f-8a9b-0000000000${String(at).padStart(2, '0')}`,
  displayName: `${['Contoso', 'Fabrikam', 'Woodgrove', 'Litware'][at % 4] ?? ''} ${at + 1} GmbH`,
  ...{ state: at === 50 ? 'PendingConsent' : 'Active', idle: at > 20, throttled: at === 7 },
  ...{ pending: at < 20 ? 4000 - at * 150 : 0, rejected: at === 2 ? 3 : 0, rejectedParts: 0 },
  ...{ unindexedLandings: 0, recordsIndexing: 0, gaps: at % 13 === 5 ? 2 : 0, backfilled: [] },
  nextPollDateTime: '2026-11-30T12:00:00.000Z',
  ...(at === 0 ? { lastError: 'ConsentMissing', lastErrorCure: 'Send a consent link.' } : {}),
  ...(at === 50 ? {} : { lagSeconds: 90_000 - at * 1500, completeThrough: '2026-11-29T11:00:00.000Z' }),
  disabledContentTypes: at === 3 ? ['DLP.All'] : [],
}));

const bodyOf = (state: string) => ({
  bodyId: `8f0d1a2b-3c4d-4e5f-8a9b-${state.padEnd(12, '0').replace(/[^a-f0-9]/g, 'a')}`,
  ...{ contentType: 'Audit.Exchange', contentId: '2026$audit', state, attempts: 2, recordsLanded: 41 },
  contentCreatedDateTime: '2026-11-29T08:00:00.000Z',
  fault: 'invalid JSON: a value ends before it is complete, at byte 12,345',
  ...{ rejectedParts: 1, bytes: 20_480 },
  ...(state === 'retrying' ? { nextAttemptDateTime: '2026-11-30T09:00:00.000Z' } : {}),
  ...(state === 'givenUp' ? { givenUpReason: 'Microsoft confirmed that it is damaged.' } : {}),
});

const ledgerStates = ['landed', 'landed', 'landed', 'pending', 'retrying', 'gone', 'rejected'] as const;

const blobOf = (at: number) => {
  const state = ledgerStates[at % ledgerStates.length] ?? 'landed';
  return {
    ...{ contentType: 'Audit.Exchange', contentId: `2026112900${at}$audit`, state, attempts: 1 + (at % 3) },
    contentCreatedDateTime: `2026-11-29T${String(at % 24).padStart(2, '0')}:05:00.000Z`,
    expirationDateTime: '2026-12-06T08:00:00.000Z',
    ...(state === 'landed' ? { records: 40 + at, sha256: 'ab12'.repeat(16) } : { code: 'AF20031' }),
  };
};

const verification = {
  ...{ id: '8f0d1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b', tenantId: '8f0d1a2b-3c4d-4e5f-8a9b-000000000001' },
  ...{ mode: 'full', landingCount: 1200, comparedCount: 1200, pendingCount: 3, recordCount: 480_123 },
  ...{ indexRowCount: 2_400_615, checkedRowCount: 2_400_615, linkCount: 1200 },
  ...{ createdBy: 'console', createdDateTime: '2026-11-30T08:00:00.000Z' },
  ...{ lastActionDateTime: '2026-11-30T08:10:00.000Z', toDateTime: '2026-11-30T07:45:00.000Z' },
};

const different = {
  ...{ ...verification, status: 'Succeeded', differenceCount: 21 },
  differenceKinds: [
    {
      ...{ kind: 'rowMissing', count: 21, message: 'A record has no row in the index.' },
      cure: 'Index the landing again.',
    },
  ],
};

const place = (page: Parameters<typeof row>[0]) =>
  page.getByRole('heading', { name: 'Differences by place' }).waitFor();

export const ingestionViews: readonly View[] = [
  { name: 'ingestion', path: () => '/ingestion', act: row },
  {
    name: 'ingestion-many',
    path: () => '/ingestion',
    arrange: answering('ingestion?*', 200, { value: many }),
    act: row,
  },
  {
    name: 'ingestion-none',
    path: () => '/ingestion',
    arrange: answering('ingestion?*', 200, { value: [] }),
    act: heading('Nothing is collected yet'),
  },
  {
    name: 'ingestion-failed',
    path: () => '/ingestion',
    arrange: answering('ingestion?*', 400, outage),
    act: (page) => page.getByText('The states of ingestion could not be loaded').waitFor(),
  },
  {
    name: 'ingestion-forbidden',
    path: () => '/ingestion',
    arrange: answering('ingestion?*', 403, forbidden),
    act: heading('Your sign-in does not allow this'),
  },
  { name: 'ingestion-types', path: of('types'), act: heading('Content types') },
  { name: 'ingestion-rejected-none', path: of('rejected'), act: heading('Every body could be read') },
  {
    name: 'ingestion-rejected',
    path: of('rejected'),
    arrange: answering('tenants/*/rejectedBodies', 200, {
      value: ['retrying', 'lost', 'givenUp'].map(bodyOf),
    }),
    act: heading('Rejected bodies, newest first'),
  },
  {
    name: 'ingestion-ledger',
    path: of('ledger'),
    arrange: answering('tenants/*/ingestion/ledger*', 200, {
      value: Array.from({ length: 200 }, (_, at) => blobOf(at)),
      nextLink: 'https://app.example/api/ledger?skiptoken=next',
    }),
    act: (page) => page.getByRole('grid', { name: 'Ledger' }).waitFor(),
  },
  {
    name: 'ingestion-ledger-none',
    path: of('ledger'),
    arrange: answering('tenants/*/ingestion/ledger*', 200, { value: [] }),
    act: heading('No content blob fits these filters'),
  },
  { name: 'ingestion-verifications', path: of('verifications'), act: heading('Verifications, newest first') },
  {
    name: 'ingestion-verification',
    path: (world) => `/ingestion/${idOf(world, 0)}/verifications/${verification.id}`,
    arrange: answering('tenants/*/ingestion/verifications/*', 200, {
      ...{ ...verification, status: 'Running', comparedCount: 480, differenceCount: 0, differenceKinds: [] },
    }),
    act: heading('Running, 0 differences so far'),
  },
  {
    name: 'ingestion-differences',
    path: (world) => `/ingestion/${idOf(world, 0)}/verifications/${verification.id}`,
    arrange: async (page) => {
      await answering('tenants/*/ingestion/verifications/*', 200, different)(page);
      await answering('tenants/*/ingestion/verifications/*/result', 200, {
        ...different,
        differences: Array.from({ length: 20 }, (_, at) => ({
          ...{ kind: 'rowMissing', recordId: `9a1b2c3d-0000-4000-8000-${String(at).padStart(12, '0')}` },
          ...{ table: '202611 user', landingId: '20261130T0700-00000001' },
          detail: 'The row is missing.',
        })),
      })(page);
    },
    act: place,
  },
  { name: 'ingestion-certificate', path: of('certificate'), act: heading('Certificate') },
];
