/** Invented records that together use every member, in the shapes that deliveries have. */
import type { DeliveredRecord } from '../../../shared/index/delivered-records.ts';
import { guidOf, placeRecord, tenantId } from './placed-records.ts';

const landedAt = new Date('2026-03-02T10:00:00.250Z');
const contentCreated = new Date('2026-03-02T09:30:00Z');
const source = 'feed';

const sharePoint: DeliveredRecord = placeRecord(0, {
  CreationTime: '2026-03-02T09:14:07',
  Id: guidOf(1).toUpperCase(),
  Operation: 'FileDownloaded',
  OrganizationId: tenantId,
  RecordType: 6,
  ResultStatus: 'Succeeded',
  UserKey: 'i:0h.f|membership|10033fff@live.com',
  UserType: 0,
  Workload: 'SharePoint',
  ClientIP: '192.0.2.1:443',
  ObjectId: 'https://contoso.sharepoint.com/sites/x/Shared Documents/Plan – Äpfel.xlsx',
  UserId: 'Ada@Contoso.example',
  SiteUrl: 'https://Contoso.sharepoint.com/sites/x/',
  Site: guidOf(11),
  AssociatedAdminUnits: [guidOf(12), guidOf(13)],
});

const exchange: DeliveredRecord = placeRecord(1, {
  CreationTime: '2026-02-28T23:59:59.999Z',
  Id: guidOf(2),
  Operation: 'MailItemsAccessed',
  OrganizationId: '99999999-2222-4333-8444-555555555555',
  RecordType: 'ExchangeItemAggregated',
  ResultStatus: true,
  UserKey: 10033,
  UserType: 'Admin',
  Workload: 'Exchange',
  ClientIP: 'null',
  ClientIPAddress: '[2001:DB8::0:1]:443',
  UserId: ' bo@contoso.example ',
  MailboxOwnerUPN: 'Cy@Contoso.example',
  AssociatedAdminUnits: guidOf(14),
});

const teams: DeliveredRecord = placeRecord(2, {
  CreationTime: '2026-03-01T00:00:00',
  Id: guidOf(3),
  Operation: 'MemberAdded',
  RecordType: 25,
  UserType: 99,
  Workload: 'MicrosoftTeams',
  UserId: 'e\u0301ve@contoso.example',
  ObjectId: '<null>',
  AADGroupId: 'DDDDDDDD-2222-4333-8444-555555555555',
  TeamGuid: '19:abc@thread.tacv2',
});

const entra: DeliveredRecord = {
  ...placeRecord(3, {
    CreationTime: 'yesterday',
    Id: guidOf(4),
    Operation: 'UserLoginFailed',
    OrganizationId: tenantId,
    RecordType: 15,
    ActorIpAddress: 'GATEWAY (198.51.100.7)',
    TeamGuid: '19:def@thread.tacv2',
    AssociatedAdminUnits: [],
  }),
  createdSource: 'contentCreated',
};

const noJson: DeliveredRecord = { ...placeRecord(4, '[1, 2'), createdSource: 'ingested' };

const tooLong = placeRecord(5, {
  CreationTime: '2026-03-02T09:14:07',
  Id: 'not a GUID',
  ObjectId: 'x'.repeat(2500),
  ClientIP: 'Host.Contoso.example:8080',
});

export const deliveredExamples: readonly DeliveredRecord[] = [
  { ...sharePoint, delivery: { contentType: 'Audit.SharePoint', contentCreated, landedAt, source } },
  { ...exchange, delivery: { contentType: 'Audit.Exchange', contentCreated, landedAt, source } },
  { ...teams, delivery: { contentType: 'Audit.General', contentCreated, landedAt, source } },
  { ...entra, delivery: { contentType: 'Audit.AzureActiveDirectory', contentCreated, landedAt, source } },
  { ...noJson, delivery: { contentType: 'DLP.All', contentCreated, landedAt, source } },
  { ...tooLong, record: { ...tooLong.record, truncated: true } },
];
