/** Answers of the API as tests of the command make them up. */
export const fabrikamId = 'a3c5e7f9-1b2d-4f60-8a7c-9e0d1c2b3a41';
export const adatumId = 'b4d6f80a-2c3e-4071-9b8d-af1e2d3c4b52';

export const clientKey = 'ak_0123456789abcdef_InventedInventedInventedInventedInvented12';

export const consentUrl = `https://login.microsoftonline.com/${fabrikamId}/v2.0/adminconsent?client_id=x&state=y`;

export const passed = (name: string) => ({ name, state: 'Passed', checkedDateTime: '2026-03-01T11:00:00Z' });

export const failed = (name: string, message: string, cure: string) => ({
  name,
  state: 'Failed',
  code: 'Invented',
  message,
  cure,
  checkedDateTime: '2026-03-01T11:00:00Z',
});

export const tenantOf = (changes: object = {}) => ({
  tenantId: fabrikamId,
  displayName: 'Fabrikam',
  domain: 'fabrikam.example',
  cloud: 'enterprise',
  contentTypes: ['Audit.Exchange'],
  state: 'Active',
  checks: [passed('consent')],
  subscriptions: [],
  repairDrift: false,
  createdDateTime: '2026-02-01T00:00:00Z',
  nextPollDateTime: '2026-03-01T12:01:00Z',
  lastPollDateTime: '2026-03-01T11:58:31Z',
  ...changes,
});

export const pendingTenant = tenantOf({
  state: 'PendingConsent',
  consentUrl,
  consentUrlExpiresDateTime: '2026-03-02T12:00:00Z',
  checks: [failed('consent', 'The consent is missing.', 'Open the link.')],
});

export const stepOf = (name: string, changes: object = {}) => ({
  name,
  status: 'NotStarted',
  attempts: 0,
  ...changes,
});

export const enablementId = 'c5e70912-3d4f-4182-ac9e-b02f3e4d5c63';
export const enablementPath = `/api/tenants/${fabrikamId}/enablements/${enablementId}`;

export const enablementOf = (status: string, changes: object = {}) => ({
  id: enablementId,
  tenantId: fabrikamId,
  status,
  dryRun: false,
  percentComplete: 0,
  createdDateTime: '2026-03-01T12:00:00Z',
  lastActionDateTime: '2026-03-01T12:00:00Z',
  steps: [stepOf('unifiedAuditLog')],
  ...changes,
});

export const postureOf = (changes: object = {}) => ({
  checkedDateTime: '2026-03-01T04:23:00.000Z',
  unifiedAuditLog: true,
  mailboxAuditingDisabled: false,
  mailboxes: { total: 2, asWanted: 2, wrong: [] },
  bypasses: [],
  subscriptionsMissing: [],
  problems: [],
  drift: [],
  ...changes,
});

export const errorOf = (code: string, message: string) => ({ error: { code, message } });
