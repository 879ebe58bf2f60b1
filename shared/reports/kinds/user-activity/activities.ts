/**
 * What an operation of SharePoint or OneDrive is counted as.
 *
 * The names are those of the audit activities that Microsoft documents
 * (https://learn.microsoft.com/en-us/purview/audit-log-activities), in any case.
 */
import { normalOperation } from '../../../sentences/operation-name.ts';

/**
 * - `open`: content was shown, and stayed where it is
 * - `download`: the whole file went to a device, by a browser, an app, or the sync client
 * - `upload`: a new file, or all of it
 * - `edit`: content changed
 * - `deletion`: a file or folder, also from a recycle bin
 * - `share`: someone, or everyone with a link, got access
 */
export const activities = ['open', 'download', 'upload', 'edit', 'deletion', 'share'] as const;
export type Activity = (typeof activities)[number];

/** In the order of {@link activities}. */
export const activityTitles: Readonly<Record<Activity, string>> = {
  open: 'Opened',
  download: 'Downloads',
  upload: 'Uploads',
  edit: 'Edits',
  deletion: 'Deletions',
  share: 'Shares',
};

const operationsOf: Readonly<Record<Activity, readonly string[]>> = {
  open: ['FileAccessed', 'FilePreviewed', 'FileVisited', 'PageViewed', 'ListViewed', 'ListItemViewed'],
  download: ['FileDownloaded', 'FileSyncDownloadedFull'],
  upload: ['FileUploaded', 'FileUploadedPartial', 'FileSyncUploadedFull'],
  edit: ['FileModified', 'FileCheckedIn', 'FileSyncUploadedPartial'],
  deletion: ['File', 'Folder'].flatMap((item) =>
    ['Deleted', 'Recycled', 'DeletedFirstStageRecycleBin', 'DeletedSecondStageRecycleBin'].map(
      (end) => `${item}${end}`,
    ),
  ),
  share: [
    'SharingSet',
    'SharingInvitationCreated',
    'AddedToSecureLink',
    'AnonymousLinkCreated',
    'CompanyLinkCreated',
    'SecureLinkCreated',
  ],
};

/** Written while something stays open or a client prepares for the person: the same act again, or none of the person's. */
const repetitions = [
  'FileAccessedExtended',
  'FileModifiedExtended',
  'FileSyncDownloadedPartial',
  'FilePrefetched',
  'PageViewedExtended',
  'PagePrefetched',
  'ClientViewSignaled',
];

const activityOf: ReadonlyMap<string, Activity> = new Map(
  activities.flatMap((activity) =>
    operationsOf[activity].map((name) => [normalOperation(name), activity] as const),
  ),
);

/** Undefined for everything else that is done there, which is counted as a record only. */
export function activityIn(operation: string): Activity | undefined {
  return activityOf.get(normalOperation(operation));
}

const everyday: ReadonlySet<string> = new Set([
  ...[...activityOf].filter(([, one]) => one !== 'deletion' && one !== 'share').map(([name]) => name),
  ...repetitions.map(normalOperation),
]);

/** Reading and writing files and pages: it is counted, but not listed record by record. */
export function isEveryday(operation: string): boolean {
  return everyday.has(normalOperation(operation));
}

/** Whether its object is a file: SharePoint names these operations so. */
export function isOfFile(operation: string): boolean {
  return /^file/i.test(operation.trim());
}

const sharing = /^(?:sharing(?!policy)|(?:anonymous|company|secure)link|(?:addedto|removedfrom)securelink)/;

/** Whether it gives, changes, uses, or takes away access to something by sharing. */
export function isAboutSharing(operation: string): boolean {
  return sharing.test(normalOperation(operation));
}
