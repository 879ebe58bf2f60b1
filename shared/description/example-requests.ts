/** Parameters and bodies that examples show. Names and addresses are those that are reserved for documentation. */
import { keyId, recordId, tenantId } from './example-ids.ts';

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
  CreateWatch: { displayName: 'What comes with Auditkeep', pack: ['*'], tenants: ['*'] },
  ChangeWatch: { enabled: false },
  CreateSuppression: {
    tenantId,
    member: 'clientIp',
    values: ['192.0.2.0/24'],
    reason: 'Our own vulnerability scanner.',
    endDateTime: '2026-06-01T00:00:00.000Z',
  },
  DryRunRules: { pack: ['inboxRuleForwards'], tenants: ['tag:gold'], days: 30 },
  ChangeFinding: { state: 'closed', reason: 'Adele forwards her own newsletters.' },
  StartBundle: { tenants: ['tag:gold'], layout: 'oneFile', format: 'csv', ...filters },
  StartReportSet: {
    tenants: ['tag:gold'],
    kind: 'posture',
    from: '2026-02-01T00:00:00Z',
    to: '2026-03-01T00:00:00Z',
  },
  StartReport: { kind: 'posture', from: '2026-02-01T00:00:00Z', to: '2026-03-01T00:00:00Z' },
  StartRollout: { tenants: ['tag:gold'], dryRun: true },
  StartExport: { format: 'csv', ...filters, users: ['adele@contoso.example'] },
  StartEnablement: { dryRun: true },
  StartSignedEnablement: { tenantId, dryRun: true },
  CreateSubscriptionOfTenants: {
    targetUrl: 'https://flows.example/hook',
    tenants: ['tag:gold'],
    filters: { operations: ['New-InboxRule'] },
  },
  SaveSearchOfTenants: {
    displayName: 'Downloads outside the office',
    tenants: ['tag:gold'],
    filters: { operations: ['FileDownloaded'] },
  },
  SaveSearch: { displayName: 'Downloads outside the office', filters: { operations: ['FileDownloaded'] } },
  CreateSubscription: {
    targetUrl: 'https://hooks.contoso.example/audit',
    filters: { operations: ['FileDownloaded'] },
    content: 'ids',
  },
  RegisterTenant: { domain: 'contoso.example', displayName: 'Contoso' },
  StartOnboarding: {
    tenants: [
      { domain: 'contoso.example', displayName: 'Contoso', tags: ['gold'] },
      { domain: 'fabrikam.example' },
    ],
    consent: 'link',
  },
  StartImport: { uploadId: recordId, parts: 12, fileName: 'contoso-2021.csv.gz' },
  CreateKey: { name: 'Reporting', tenants: tenantId, scopes: ['records.read'] },
  GiveUpRejectedBody: { reason: 'Microsoft confirmed that the element was empty.' },
  RotateKey: { overlapHours: 24 },
};
