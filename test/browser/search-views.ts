/** The views of the search, for a world with records, and those of a deployment without Entra ID. */
import type { Page } from 'playwright-core';
import { answering, heading, outage, row, type View } from './view.ts';

const month = '/search?range=days30';
const press = (name: string) => (page: Page) => page.getByText(name, { exact: true }).click();

async function opened(page: Page): Promise<void> {
  await row(page);
  await page.getByRole('gridcell').first().getByRole('link').click();
  await page.getByText('Exactly as delivered').waitFor();
}

export const searchViews: readonly View[] = [
  { name: 'sign-in', path: () => '/tenants', isSignedOut: true, act: heading('Sign in') },
  {
    name: 'search',
    path: () => month,
    act: async (page) => {
      await row(page);
      await page.getByRole('listbox', { name: 'Records over time' }).waitFor();
    },
  },
  { name: 'search-record', path: () => month, act: opened },
  {
    name: 'search-none',
    path: () => `${month}&text=nothing-is-like-this`,
    act: heading('No record fits this search'),
  },
  {
    name: 'search-failed',
    path: () => month,
    arrange: answering('records?*', 400, outage),
    act: (page) => page.getByText('The records could not be loaded').waitFor(),
  },
  {
    name: 'search-part',
    path: () => month,
    act: async (page) => {
      await page.getByRole('listbox', { name: 'Records over time' }).focus();
      for (const key of ['ArrowLeft', 'ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowLeft'])
        await page.keyboard.press(key);
      await press('Numbers')(page);
    },
  },
  {
    name: 'search-people',
    path: () => `${month}&counts=people`,
    act: (page) => page.getByRole('region', { name: 'Counts by person' }).getByRole('link').first().waitFor(),
  },
  {
    name: 'search-counted-partly',
    path: () => month,
    arrange: answering('records/summary?*', 200, {
      value: [{ day: '2026-11-25', count: 12_345 }],
      ...{ total: 12_345, covers: {}, tenants: [], isPartial: true, isPending: true, hasGaps: false },
      nextLink: 'https://app.example/api/records/summary?skiptoken=next',
    }),
    act: (page) => page.getByText('Only a part is counted').waitFor(),
  },
  {
    name: 'search-saved',
    path: () => month,
    arrange: answering('searches', 200, {
      value: ['Failed sign-ins', 'Inbox rules that forward', 'Everything that Tobias downloaded'].map(
        (displayName, at) => ({
          ...{ name: `search-${at}`, displayName, tenants: '*', filters: { operation: ['UserLoginFailed'] } },
          lastModifiedDateTime: '2026-11-30T08:00:00.000Z',
        }),
      ),
    }),
    act: async (page) => {
      await row(page);
      await press('Saved searches')(page);
      await page.getByRole('link', { name: 'Failed sign-ins' }).waitFor();
    },
  },
  {
    name: 'search-export-menu',
    path: () => month,
    act: async (page) => {
      await row(page);
      await press('Export')(page);
      await page.getByRole('heading', { name: 'Earlier exports' }).waitFor();
    },
  },
  {
    name: 'search-export',
    path: () => `${month}&actor=marta.kowal%40fabrikam.example`,
    act: async (page) => {
      await row(page);
      await press('Export')(page);
      await page.getByRole('button', { name: 'Start the export' }).click();
      await page.getByRole('button', { name: 'Download', exact: true }).waitFor();
    },
  },
  {
    name: 'search-export-running',
    path: () => `${month}&export=8f0d1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b`,
    arrange: answering('exports/*', 200, {
      ...{ id: '8f0d1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b', status: 'Running', tenants: '*', layout: 'oneFile' },
      ...{ format: 'csvFlat', filters: { from: ['2026-11-01T00:00:00.000Z'] }, percentComplete: 40 },
      ...{ tenantCount: 60, recordCount: 12_345, createdDateTime: '2026-11-30T08:00:00.000Z' },
      ...{ createdBy: 'key:494cd9d3', expiresDateTime: '2026-12-01T08:00:00.000Z' },
    }),
    act: (page) => page.getByText('Writing, 12,345 records so far').waitFor(),
  },
];
