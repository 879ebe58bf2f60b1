/** Records of SharePoint and OneDrive: files (6), pages and searches (4), sharing (14), lists (36), comments (37). */
import { asDelivered } from '../addresses.ts';
import { auditEvent, type AuditEvent, type Scene, type Visit } from '../audit-event.ts';
import type { Site } from '../company.ts';
import type { CompanyDocument } from '../documents.ts';
import type { Fields } from '../print-record.ts';

export interface SiteDocument {
  readonly site: Site;
  readonly document: CompanyDocument;
}

/** FileAccessed, FileModified, FileDownloaded…: ObjectId is the file's full URL. */
export const fileOperation = (
  scene: Scene,
  visit: Visit,
  operation: string,
  { site, document }: SiteDocument,
): AuditEvent =>
  siteEvent(scene, visit, site, {
    recordType: 6,
    operation,
    itemType: 'File',
    objectId: `${site.url}/${document.folder}/${document.name}`,
    item: { ListId: site.listId, ListItemUniqueId: document.uniqueId },
    details: {
      FileSizeBytes: document.sizeBytes,
      HighPriorityMediaProcessing: false,
      SourceFileExtension: document.extension,
      SiteUrl: `${site.url}/`,
      SourceFileName: document.name,
      SourceRelativeUrl: document.folder,
    },
  });

/** A page view. */
export const pageViewed = (scene: Scene, visit: Visit, site: Site): AuditEvent => {
  const page = scene.prng.pick(['SitePages/Home.aspx', 'SitePages/News.aspx', '_layouts/15/viewlsts.aspx']);
  return siteEvent(scene, visit, site, {
    recordType: 4,
    operation: 'PageViewed',
    itemType: 'Page',
    objectId: `${site.url}/${page}`,
    item: { CustomUniqueId: true, ListItemUniqueId: scene.prng.guid() },
  });
};

/** A search in a site; the search terms are part of the record. */
export const searchPerformed = (scene: Scene, visit: Visit, site: Site, query: string): AuditEvent =>
  siteEvent(scene, visit, site, {
    recordType: 4,
    operation: 'SearchQueryPerformed',
    itemType: 'Page',
    objectId: site.url,
    details: {
      ApplicationId: 'fc9ecc4a-eba5-4e57-b021-9ba1f8a8c5ed',
      EventData: `<Query Text>${query}</Query Text><Total Rows>${scene.prng.int(0, 300)}</Total Rows>`,
      SearchQueryText: query,
    },
  });

export interface Sharing {
  readonly operation: string;
  /** The service's own markup, which is not XML. */
  readonly eventData: string;
  readonly recipient?: { readonly name: string; readonly type: 'Member' | 'Guest' | 'SharePointGroup' };
}

/** Sharing: a link is created or a person added. SiteUrl has no trailing slash here. */
export const sharing = (scene: Scene, visit: Visit, where: SiteDocument, what: Sharing): AuditEvent => {
  const { site, document } = where;
  return siteEvent(scene, visit, site, {
    recordType: 14,
    operation: what.operation,
    itemType: 'File',
    objectId: `${site.url}/${document.folder}/${document.name}`,
    item: { ListId: site.listId, ListItemUniqueId: document.uniqueId },
    details: {
      EventData: what.eventData,
      SourceFileExtension: document.extension,
      TargetUserOrGroupType: what.recipient?.type,
      UniqueSharingId: scene.prng.guid(),
      SiteUrl: site.url,
      SourceFileName: document.name,
      SourceRelativeUrl: `${document.folder}/${document.name}`,
      TargetUserOrGroupName: what.recipient?.name,
    },
  });
};

/** Lists viewed or changed. ListBaseType is a word or a number. */
export const listOperation = (scene: Scene, visit: Visit, operation: string, site: Site): AuditEvent =>
  siteEvent(scene, visit, site, {
    recordType: 36,
    operation,
    itemType: operation.startsWith('ListItem') ? 'ListItem' : 'List',
    objectId: `${site.url}/${site.listId}`,
    item: { DoNotDistributeEvent: true, ListId: site.listId },
    details: {
      CustomizedDoclib: false,
      FromApp: false,
      IsDocLib: true,
      ItemCount: site.documents.length,
      ListBaseTemplateType: '101',
      ListBaseType: scene.prng.chance(0.8) ? 'DocumentLibrary' : 1,
      ListColor: '',
      ListIcon: '',
      Source: 'Unknown',
      TemplateTypeId: '',
      ListTitle: site.listId,
    },
  });

/** A comment on a document. */
export const commentCreated = (scene: Scene, visit: Visit, { site, document }: SiteDocument): AuditEvent =>
  siteEvent(scene, visit, site, {
    recordType: 37,
    operation: 'CommentCreated',
    itemType: 'ListItem',
    objectId: `${site.url}/${document.folder}/${document.name}`,
    item: { ListId: site.listId, ListItemUniqueId: document.uniqueId },
    details: {
      CommentId: scene.prng.guid(),
      SiteUrl: `${site.url}/`,
      SourceFileName: document.name,
      SourceRelativeUrl: document.folder,
    },
  });

interface SiteAction {
  readonly recordType: number;
  readonly operation: string;
  readonly itemType: string;
  readonly objectId: string;
  readonly item?: Fields;
  readonly details?: Fields;
}

const siteEvent = (scene: Scene, visit: Visit, site: Site, action: SiteAction): AuditEvent => {
  const { prng } = scene;
  const { actor } = visit;
  return auditEvent(
    scene,
    {
      at: visit.at,
      contentType: 'Audit.SharePoint',
      workload: site.workload,
      recordType: action.recordType,
      operation: action.operation,
      objectId: action.objectId,
      userId: actor.userId,
      userType: actor.userType,
      userKey: actor.fixedUserKey ?? `i:0h.f|membership|${actor.puid}@live.com`,
      clientIp: asDelivered(prng, visit.address),
    },
    {
      CorrelationId: `${prng.hex(8)}-${prng.hex(4)}-a000-${prng.hex(4)}-${prng.hex(12)}`,
      EventSource: 'SharePoint',
      ItemType: action.itemType,
      ...action.item,
      Site: site.siteId,
      UserAgent: visit.userAgent,
      WebId: site.webId,
      ...action.details,
    },
  );
};
