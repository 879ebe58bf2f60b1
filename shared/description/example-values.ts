/** Values that examples show. Names and addresses are those that are reserved for documentation. */

const tenantId = '3b9fd2f1-6a3e-4f5c-8a42-0c5d3a2f9e10';
const subscriptionId = '0c4e2a7b-91d3-4f1e-a1b7-58f2c1b0d9aa';
const recordId = '5b6c1de4-5c55-4f1b-9f3a-08de5a1c2b7d';
const api = 'https://audit.example/api';
const record = `${api}/tenants/${tenantId}/records/${recordId}`;

const contentTypes = ['Audit.AzureActiveDirectory', 'Audit.Exchange', 'Audit.SharePoint', 'Audit.General'];
const keyId = 'k2c4e6g8';

/** By name of the member, or of its schema and the member; an optional member without a value here is left out. */
export const memberExamples: Readonly<Record<string, unknown>> = {
  tenantId,
  subscriptionId,
  displayName: 'Contoso',
  domain: 'contoso.example',
  createdDateTime: '2026-03-02T09:12:31.000Z',
  ingestedDateTime: '2026-03-02T09:40:02.118Z',
  lastActionDateTime: '2026-03-02T09:13:05.402Z',
  completeThrough: '2026-03-02T09:35:00.000Z',
  listedThrough: '2026-03-02T09:40:00.000Z',
  lastPollDateTime: '2026-03-02T09:40:00.000Z',
  nextPollDateTime: '2026-03-02T09:45:00.000Z',
  expiresDateTime: '2026-03-09T09:12:31.000Z',
  auditLogRecordType: 'SharePointFileOperation',
  recordType: 6,
  operation: 'FileDownloaded',
  operations: ['FileDownloaded'],
  userId: 'adele@contoso.example',
  userType: 'Regular',
  service: 'SharePoint',
  objectId: 'https://contoso.example/sites/finance/Shared Documents/budget.xlsx',
  clientIp: '192.0.2.17',
  siteUrl: 'https://contoso.example/sites/finance/',
  contentType: 'Audit.SharePoint',
  auditData: { Id: recordId, Operation: 'FileDownloaded', Workload: 'SharePoint' },
  user: 'adele@contoso.example',
  count: 42,
  total: 42,
  filters: { operations: ['FileDownloaded'], users: ['adele@contoso.example'] },
  format: 'csv',
  recordCount: 42,
  bytes: 61_340,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  etag: '"1"',
  createdBy: keyId,
  contentId: '20260302091231402000012$20260302091415877000035$audit_sharepoint$Audit_SharePoint',
  fault: 'an object was expected as the next element of the array (record 18, near byte 24190)',
  faultOffset: 24_190,
  rejectedParts: 1,
  recordsLanded: 42,
  caller: keyId,
  requestId: '7f1c0a52-3f0e-4d0c-9b5a-2f6f0d8f4c11',
  action: 'list-records',
  scopes: ['records.read'],
  tenants: '*',
  key: 'ak_k2c4e6g8_…',
  secret: 'whsec_…',
  targetUrl: 'https://hooks.contoso.example/audit',
  targetHost: 'hooks.contoso.example',
  contentUrl: `${api}/tenants/${tenantId}/exports/${recordId}/content`,
  manifestUrl: `${api}/tenants/${tenantId}/exports/${recordId}/manifest`,
  uploadId: recordId,
  part: 1,
  fileName: 'contoso-2021.csv.gz',
  readCount: 120_000,
  landedCount: 119_988,
  importedCount: 119_800,
  duplicateCount: 188,
  refusedCount: 12,
  reason: 'otherTenant',
  place: 'line 7',
  nextLink: `${api}/tenants/${tenantId}/records?skiptoken=…`,
  url: record,
  consentUrl: `${api}/consent/…`,
  mediaType: 'text/csv; charset=utf-8',
  manifestVersion: 1,
  percentComplete: 100,
  changes: ['AdminAuditLogConfig: UnifiedAuditLogIngestionEnabled was False and is now True'],
  result: '204',
  delivered: true,
  status: 'Succeeded',
  enabled: true,
  id: recordId,
  attempts: 1,
  parameters: ['from', 'users'],
  alterations: ['Bytes that are not valid UTF-8 are replaced by U+FFFD.'],
  'Tenant.contentTypes': contentTypes,
  'RegisteredTenant.contentTypes': contentTypes,
  'Tenant.state': 'Active',
  'RegisteredTenant.state': 'PendingConsent',
  'TenantCheck.name': 'consent',
  'ClientKey.id': keyId,
  'ClientKey.name': 'Reporting',
  'IssuedClientKey.id': keyId,
  'IssuedClientKey.name': 'Reporting',
  'NamedValue.name': 'SharePoint',
  'NamedValue.displayName': 'SharePoint',
  'RecordType.name': 'SharePointFileOperation',
  'RecordType.displayName': 'SharePointFileOperation (6)',
  'RecordTypeSchema.recordType': 'SharePointFileOperation',
  'RecordGroup.recordType': 'SharePointFileOperation',
  'SavedSearch.name': 'downloads',
  'SavedSearch.displayName': 'Downloads outside the office',
  'RoleHolder.displayName': 'Adele Vance',
  'RoleHolder.userPrincipalName': 'adele@contoso.example',
  'RoleHolder.current': true,
  'Enablement.dryRun': true,
  'ExportManifestFile.name': 'audit-3b9fd2f1-6a3e-4f5c-8a42-0c5d3a2f9e10-2026-03-02-019590d1.csv',
  'Posture.unifiedAuditLog': true,
  'Posture.bypasses': ['scanner@contoso.example'],
  'Posture.subscriptionsMissing': ['Audit.General'],
  'Posture.problems': ['1 mailbox is not audited as requested.'],
  'Posture.drift': ['The mailbox adele@contoso.example is not audited anymore.'],
  'PostureMailboxes.wrong': ['adele@contoso.example'],
  type: 'about:blank',
  schema: { type: 'object', properties: { SourceFileName: { type: 'string' } } },
};

/** By name of the parameter, where a member of that name has another value. */
export const parameterExamples: Readonly<Record<string, unknown>> = {
  recordId,
  name: 'downloads',
  recordType: 'SharePointFileOperation',
  tenants: ['*'],
  groupBy: ['user'],
  keyId,
  exportId: '019590d1-2c8a-7f31-b0a4-6d1f0e9c3b52',
  enablementId: '019590d1-2c8a-7f31-b0a4-6d1f0e9c3b53',
  removalId: '019590d1-2c8a-7f31-b0a4-6d1f0e9c3b54',
  importId: '019590d1-2c8a-7f31-b0a4-6d1f0e9c3b55',
  uploadId: recordId,
  part: 1,
};

const filters = { from: '2026-03-01T00:00:00Z', to: '2026-03-08T00:00:00Z', operations: ['FileDownloaded'] };

/** Bodies by ID of the operation, where members alone do not make a good one. */
export const requestExamples: Readonly<Record<string, unknown>> = {
  StartExport: { format: 'csv', ...filters, users: ['adele@contoso.example'] },
  StartEnablement: { dryRun: true },
  StartSignedEnablement: { tenantId, dryRun: true },
  SaveSearch: { displayName: 'Downloads outside the office', filters: { operations: ['FileDownloaded'] } },
  CreateSubscription: {
    targetUrl: 'https://hooks.contoso.example/audit',
    filters: { operations: ['FileDownloaded'] },
    content: 'ids',
  },
  RegisterTenant: { domain: 'contoso.example', displayName: 'Contoso' },
  StartImport: { uploadId: recordId, parts: 12, fileName: 'contoso-2021.csv.gz' },
  CreateKey: { name: 'Reporting', tenants: tenantId, scopes: ['records.read'] },
  GiveUpRejectedBody: { reason: 'Microsoft confirmed that the element was empty.' },
  RotateKey: { overlapHours: 24 },
};

/** By status. */
export const errorExamples: Readonly<
  Record<string, { readonly code: string; readonly message: string; readonly target?: string }>
> = {
  400: {
    code: 'InvalidParameter',
    message: "'from' must be an ISO 8601 date or date and time, for example 2026-03-02T09:00:00Z.",
    target: 'from',
  },
  401: { code: 'Unauthorized', message: 'Send a client key in x-api-key, or a Microsoft Entra token.' },
  403: { code: 'Forbidden', message: 'This operation requires the scope records.read.' },
  404: { code: 'TenantNotFound', message: 'Unknown tenant, or no access to it.' },
  406: {
    code: 'NotAcceptable',
    message: 'Accept names nothing that this operation can answer with. It answers with application/json.',
    target: 'Accept',
  },
  408: { code: 'RequestTimeout', message: 'The body did not arrive in time. Send it at once.' },
  409: { code: 'EnablementInProgress', message: 'Auditing is being turned on in this tenant already.' },
  412: { code: 'PreconditionFailed', message: 'The search was modified since you read it.' },
  413: {
    code: 'BodyTooLarge',
    message: 'The body may have 65536 bytes at most. Send less in one request.',
  },
  414: {
    code: 'AddressTooLong',
    message:
      'The address, with what continues it, has 8120 characters; the limit is 8000. Save the filters with PUT ' +
      '…/searches/{name} and read …/searches/{name}/records, or send them to POST …/exports.',
  },
  415: { code: 'UnsupportedMediaType', message: 'Send the body as application/json.' },
  416: { code: 'RangeNotSatisfiable', message: 'The requested range is outside the file.' },
  422: { code: 'ExportFailed', message: 'The export made no progress after repeated attempts.' },
  429: {
    code: 'TooManyRequests',
    message: 'Too many calls in this minute. Wait as long as Retry-After says.',
  },
  500: { code: 'InternalError', message: 'Internal error. Retry, or contact support with x-ms-request-id.' },
  503: {
    code: 'SignInUnavailable',
    message: 'Could not fetch the Microsoft Entra ID signing keys to verify the token. Retry later.',
  },
};
