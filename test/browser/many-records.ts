/** A list of made-up records in pages, as the API answers it: for what only the number of rows matters to. */
interface Many {
  /** Of all records. */
  readonly count: number;
  /** Of a page. */
  readonly pageSize: number;
}

const tenantId = '8f0d1a2b-3c4d-4e5f-8a9b-000000000001';

/** @param url of the call, whose `skiptoken` is the place in the list */
export function pageOfMany(url: string, { count, pageSize }: Many) {
  const from = Number(new URL(url).searchParams.get('skiptoken') ?? 0);
  const next = from + pageSize;
  const value = Array.from({ length: pageSize }, (_, at) => recordAt(from + at));
  return {
    value,
    ...(next < count ? { nextLink: `https://app.example/api/records?skiptoken=${next}` } : {}),
    ...{ completeThrough: '2026-11-30T12:00:00.000Z', isPartial: false, isPending: false, hasGaps: false },
    tenants: [],
  };
}

function recordAt(at: number) {
  return {
    ...{
      tenantId,
      tenantDisplayName: 'Contoso',
      id: `9a1b2c3d-0000-4000-8000-${String(at).padStart(12, '0')}`,
    },
    createdDateTime: new Date(Date.UTC(2026, 10, 30) - at * 60_000).toISOString(),
    ...{ userId: `person${at % 40}@contoso.example`, operation: 'FileDownloaded', service: 'SharePoint' },
    objectId: `https://contoso.sharepoint.com/sites/Sales/Shared Documents/Report ${at}.docx`,
    clientIp: `192.0.2.${at % 250}`,
  };
}
