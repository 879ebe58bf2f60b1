/** The views of the investigation. */
import type { Page } from 'playwright-core';
import { answering, heading, outage, type View } from './view.ts';

const tenantId = 'aaaaaaaa-0000-4000-8000-000000000001';

function download(at: number) {
  return {
    ...{ tenantId, tenantDisplayName: 'Contoso', id: `0000000${at}-0000-4000-8000-000000000000` },
    createdDateTime: `2026-11-2${at}T08:15:0${at}.000Z`,
    ...{ operation: 'FileDownloaded', userId: 'leaver@contoso.example', service: 'SharePoint' },
    ...{ clientIp: '198.51.100.9', objectId: `https://contoso.example/sites/sales/Customers ${at}.xlsx` },
  };
}

const found = {
  value: [1, 2, 3, 4].map(download),
  ...{ isPartial: false, hasGaps: false, isPending: false, completeThrough: '2026-11-30T08:00:00.000Z' },
  tenants: [],
};

const auditData = { Operation: 'FileDownloaded', UserId: 'leaver@contoso.example', Workload: 'SharePoint' };

const investigation = {
  title: 'Customer lists downloaded before a resignation',
  notes: 'Asked by the owner of Contoso on November 30.\nWhich other accounts used the address?',
  searches: ['?actor=leaver%40contoso.example', '?clientIp=198.51.100.9&range=month'],
  pins: [{ tenantId, recordId: download(1).id, note: 'The first one, at night.' }],
};

async function arrange(page: Page): Promise<void> {
  await answering('records?*', 200, found)(page);
  await answering(`tenants/${tenantId}/records/${download(1).id}`, 200, { ...download(1), auditData })(page);
  await page.addInitScript({ content: storing(investigation) });
}

/** A script after which the browser seems to have stored this for each person who signs in. */
function storing(stored: object): string {
  return `{
    const { getItem } = Storage.prototype;
    Storage.prototype.getItem = function (name) {
      return name.startsWith('auditkeep.investigation.') ? ${JSON.stringify(JSON.stringify(stored))} : getItem.call(this, name);
    };
  }`;
}

export const investigationViews: readonly View[] = [
  {
    name: 'investigation-none',
    path: () => '/investigation',
    act: heading('Nothing is in the investigation yet'),
  },
  { name: 'investigation', path: () => '/investigation', arrange, act: heading('Pinned records (1)') },
  {
    name: 'investigation-failed',
    path: () => '/investigation',
    arrange: async (page) => {
      await arrange(page);
      await answering('records?*', 503, outage)(page);
    },
    act: heading('Pinned records (1)'),
  },
];
