/** The views of findings. */
import type { Page } from 'playwright-core';
import { answering, forbidden, heading, outage, row, type View } from './view.ts';

const tenantId = '8f0d1a2b-3c4d-4e5f-8a9b-000000000000';
const watchId = '5a6b7c8d-1e2f-4a3b-8c4d-5e6f7a8b9c00';
export const findingId = '0192f5c0-1111-4222-8333-444455556660';

const record = (at: number) => ({
  id: `aaaaaaaa-0000-4000-8000-00000000000${at}`,
  createdDateTime: `2026-11-30T07:0${at}:12.000Z`,
  sentence: `alex.wilber@contoso.example created the inbox rule "..${at}", which forwards mail to drop@elsewhere.example`,
});

const finding = {
  ...{ id: findingId, tenantId, tenantDisplayName: 'Contoso 1 GmbH', watchId },
  ...{ severity: 'critical', state: 'new', count: 1, countIsExact: true, notification: 'due' },
  sentence: record(0).sentence,
  rule: {
    ...{ id: 'inboxRuleForwards', title: 'Inbox rule forwards mail outside' },
    nextSteps:
      'Ask the person whether the rule is theirs. If not, remove it, end all sessions, and reset the password.',
    references: [],
  },
  group: [{ member: 'userId', value: 'alex.wilber@contoso.example' }],
  firstDateTime: record(0).createdDateTime,
  lastDateTime: record(0).createdDateTime,
  createdDateTime: '2026-11-30T07:21:40.000Z',
  records: [record(0)],
};

const sigma = {
  ...finding,
  ...{ severity: 'medium', state: 'closed', count: 12_480, countIsExact: false, notification: 'tooOld' },
  sentence: '12,480 records of someone who downloaded "invoice\u202Efdp.exe" and other files within an hour',
  rule: {
    ...{ id: 'd7eb979b-c2b5-4a6f-a3a7-c87ce6763819', title: 'Suspicious volume of file downloads' },
    nextSteps: '',
    ...{ author: 'Austin Songer @austinsonger', license: 'DRL 1.1' },
    references: [
      'https://learn.microsoft.com/defender-cloud-apps/policies-threat-protection',
      'javascript:alert(1)',
    ],
  },
  group: [
    { member: 'userId', value: 'megan.bowen@contoso.example' },
    { member: 'ModifiedProperties.Role.DisplayName.NewValue', value: '' },
  ],
  lastDateTime: record(9).createdDateTime,
  records: Array.from({ length: 10 }, (_, at) => record(at)),
  ...{ changedBy: 'key:494cd9d3a1b2c3d4', changedDateTime: '2026-11-30T09:00:00.000Z' },
  reason: 'The migration of the file server, announced in ticket 4711.',
};

const severities = ['informational', 'low', 'medium', 'high', 'critical'] as const;
const many = Array.from({ length: 50 }, (_, at) => ({
  ...(at % 3 === 1 ? sigma : finding),
  id: `0192f5c0-1111-4222-8333-4444555566${String(at).padStart(2, '0')}`,
  severity: severities[(at * 2 + 4) % 5],
  state: (['new', 'new', 'seen', 'closed'] as const)[at % 4],
  tenantDisplayName: `${['Contoso', 'Fabrikam', 'Woodgrove Bank'][at % 3] ?? ''} ${at} GmbH`,
}));

const one = (body: object) => answering(`tenants/*/findings/${findingId}`, 200, body);
const path = () => `/findings/${tenantId}/${findingId}`;

async function list(page: Page, body: object): Promise<void> {
  await page.route('**/api/findings?*', (route) => route.fulfill({ json: body }));
}

export const findingViews: readonly View[] = [
  { name: 'findings-none', path: () => '/findings', act: heading('No finding fits these filters') },
  {
    name: 'findings',
    path: () => '/findings?severity=low',
    arrange: (page) => list(page, { value: many, nextLink: 'https://app.invalid/api/findings?skiptoken=a' }),
    act: row,
  },
  {
    name: 'findings-failed',
    path: () => '/findings',
    arrange: async (page) => {
      await page.route('**/api/findings?*', (route) => route.fulfill({ status: 400, json: outage }));
    },
    act: (page) => page.getByText('The findings could not be loaded').waitFor(),
  },
  { name: 'finding', path, arrange: one(finding), act: heading('What happened') },
  { name: 'finding-of-sigma', path, arrange: one(sigma), act: heading('References') },
  {
    name: 'finding-refused',
    path,
    arrange: async (page) => {
      await page.route(`**/api/tenants/*/findings/${findingId}`, (route) =>
        route.request().method() === 'GET'
          ? route.fulfill({ json: finding })
          : route.fulfill({ status: 403, json: forbidden }),
      );
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Mark as seen' }).click();
      await page.getByText(forbidden.error.message).first().waitFor();
    },
  },
  { name: 'finding-gone', path, act: (page) => page.getByText('could not be loaded').first().waitFor() },
];
