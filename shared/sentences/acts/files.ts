/** Files, folders, pages, and lists in SharePoint and OneDrive. */
import type { Act, Acts } from '../act.ts';
import type { Facts } from '../facts.ts';
import { say, valuePart, type Phrase } from '../parts.ts';
import { actor, isByMicrosoft } from '../people.ts';

/** The last part of the address, as it is delivered: blanks are not encoded. */
export function itemName({ record, field }: Facts): string {
  const objectId = record.objectId?.slice(-2000).replace(/\/$/, '') ?? '';
  return field('SourceFileName') || objectId.slice(objectId.lastIndexOf('/') + 1);
}

/** "“Report.docx”" */
export function item(facts: Facts): Phrase {
  const name = itemName(facts);
  return name === '' ? say`an item` : say`“${[valuePart(name, 'objectId', facts.record.objectId ?? name)]}”`;
}

/** " in https://contoso.sharepoint.com/sites/Sales" */
export function inSite({ record }: Facts, preposition: string): Phrase | undefined {
  const { siteUrl } = record;
  if (siteUrl === undefined) return undefined;
  return say` ${[{ text: preposition }]} ${[valuePart(siteUrl, 'siteUrl')]}`;
}

/** "{actor} {verb} {what} “{name}” {preposition} {site}" */
function onItem(
  [verb, what, preposition]: readonly [verb: string, what: string, preposition: string],
  operations: readonly string[],
  severity: Act['severity'] = 'routine',
): Act {
  const words = [{ text: `${verb} ${what}` }];
  const sentence: Act['sentence'] = (facts) =>
    say`${actor(facts)} ${words} ${item(facts)}${inSite(facts, preposition)}`;
  return { operations, severity, sentence };
}

function newName({ field }: Facts): Phrase | undefined {
  const name = field('DestinationFileName');
  return name === '' ? undefined : say` to “${name}”`;
}

function destination({ field }: Facts): Phrase | undefined {
  const folder = field('DestinationRelativeUrl') || field('DestinationFileName');
  return folder === '' ? undefined : say` to ${[valuePart(folder)]}`;
}

function query({ field }: Facts): Phrase | undefined {
  const text = field('SearchQueryText');
  return text === '' ? undefined : say` for “${[valuePart(text)]}”`;
}

export const fileActs = {
  fileRead: onItem(
    ['opened', 'the file', 'in'],
    ['FileAccessed', 'FileAccessedExtended', 'FilePreviewed', 'FileVisited'],
  ),
  fileDownloaded: onItem(['downloaded', 'the file', 'from'], ['FileDownloaded']),
  fileSynchronized: onItem(
    ['synchronized', 'the file', 'to a device from'],
    ['FileSyncDownloadedFull', 'FileSyncDownloadedPartial'],
  ),
  fileUploaded: onItem(
    ['uploaded', 'the file', 'to'],
    ['FileUploaded', 'FileUploadedPartial', 'FileSyncUploadedFull', 'FileSyncUploadedPartial'],
  ),
  fileChanged: onItem(
    ['changed', 'the file', 'in'],
    ['FileModified', 'FileModifiedExtended', 'FileCheckedIn', 'FileCheckedOut', 'FileCheckOutDiscarded'],
  ),
  fileDeleted: onItem(['deleted', 'the file', 'from'], ['FileDeleted']),
  fileRecycled: onItem(['moved', 'the file', 'to the recycle bin of'], ['FileRecycled']),
  fileDeletedForGood: onItem(
    ['deleted', 'the file', 'from the recycle bin of'],
    ['FileDeletedFirstStageRecycleBin', 'FileDeletedSecondStageRecycleBin'],
  ),
  fileVersionsDeleted: onItem(
    ['deleted', 'versions of the file', 'in'],
    [
      'FileVersionsAllDeleted',
      'FileVersionRecycled',
      'FileVersionsAllMinorsRecycled',
      'FileVersionsAllRecycled',
    ],
    (facts) => (isByMicrosoft(facts) ? 'routine' : 'notable'),
  ),
  fileRestored: onItem(['restored', 'the file', 'in'], ['FileRestored']),
  fileRenamed: {
    operations: ['FileRenamed'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} renamed the file ${item(facts)}${newName(facts)}${inSite(facts, 'in')}`,
  },
  fileMoved: {
    operations: ['FileMoved'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} moved the file ${item(facts)}${destination(facts)}${inSite(facts, 'in')}`,
  },
  fileCopied: {
    operations: ['FileCopied'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} copied the file ${item(facts)}${destination(facts)}${inSite(facts, 'in')}`,
  },
  malwareFound: {
    operations: ['FileMalwareDetected'],
    severity: 'high',
    sentence: (facts) => say`Malware was found in the file ${item(facts)}${inSite(facts, 'in')}`,
  },
  folderCreated: onItem(['created', 'the folder', 'in'], ['FolderCreated']),
  folderChanged: onItem(
    ['changed', 'the folder', 'in'],
    ['FolderModified', 'FolderRenamed', 'FolderMoved', 'FolderCopied', 'FolderRestored'],
  ),
  folderDeleted: onItem(
    ['deleted', 'the folder', 'from'],
    [
      'FolderDeleted',
      'FolderRecycled',
      'FolderDeletedFirstStageRecycleBin',
      'FolderDeletedSecondStageRecycleBin',
    ],
  ),
  pageViewed: onItem(
    ['viewed', 'the page', 'in'],
    ['PageViewed', 'PageViewedExtended', 'PagePrefetched', 'ClientViewSignaled'],
  ),
  listViewed: onItem(['viewed', 'the list', 'in'], ['ListViewed']),
  listChanged: onItem(
    ['changed', 'the list', 'in'],
    [
      'ListCreated',
      'ListUpdated',
      'ListRestored',
      'ListColumnCreated',
      'ListColumnUpdated',
      'ListColumnDeleted',
      'ListViewCreated',
    ],
  ),
  listDeleted: onItem(['deleted', 'the list', 'from'], ['ListDeleted', 'ListRecycled']),
  listItemViewed: onItem(['viewed', 'the list item', 'in'], ['ListItemViewed']),
  listItemChanged: onItem(
    ['changed', 'the list item', 'in'],
    ['ListItemCreated', 'ListItemUpdated', 'ListItemRestored'],
  ),
  listItemDeleted: onItem(['deleted', 'the list item', 'from'], ['ListItemDeleted', 'ListItemRecycled']),
  siteSearched: {
    operations: ['SearchQueryPerformed', 'SearchResultReturned', 'SearchQueryInitiatedSharePoint'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} searched SharePoint${query(facts)}`,
  },
} as const satisfies Acts;
