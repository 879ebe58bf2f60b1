/** Which content type of the feed publishes records like one that came another way. */
import type { ContentType } from '../activity/content-types.ts';
import type { RecordSummary } from './delivered-members.ts';
import { recordTypeName } from './record-types.ts';

const ofService: ReadonlyMap<string, ContentType> = new Map([
  ['azureactivedirectory', 'Audit.AzureActiveDirectory'],
  ['exchange', 'Audit.Exchange'],
  ['sharepoint', 'Audit.SharePoint'],
  ['onedrive', 'Audit.SharePoint'],
]);

/** Record types of data loss prevention, whatever service they are about. */
const isDlp = /^(?:Cdp)?ComplianceDLP|^DLPEndpoint$/;

/**
 * By record type and service, as Microsoft documents it: General has everything that the other types do not have.
 * @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference
 */
export function contentTypeOf({ recordType, service = '' }: RecordSummary): ContentType {
  if (recordType !== undefined && isDlp.test(recordTypeName(recordType))) return 'DLP.All';
  return ofService.get(service.toLowerCase()) ?? 'Audit.General';
}
