/** Everyday work on documents, in chats, and in small apps. */
import type { PersonalVisit, Scene } from '../audit-event.ts';
import { oneDriveOf, type Site } from '../company.ts';
import {
  commentCreated,
  fileOperation,
  listOperation,
  pageViewed,
  searchPerformed,
  sharing,
  type SiteDocument,
} from '../records/sharepoint.ts';
import {
  channelMessage,
  copilotInteraction,
  flowChange,
  powerBiReport,
  teamMemberAdded,
  teamsSessionStarted,
} from '../records/work-apps.ts';
import type { Activity } from './activity.ts';

export const documentActivities: readonly Activity[] = [
  ...fileOperations({
    FileAccessed: 90,
    FileModified: 60,
    FilePreviewed: 34,
    FileUploaded: 24,
    FileDownloaded: 20,
    FileSyncUploadedFull: 14,
    FileModifiedExtended: 12,
    FileRenamed: 6,
    FileRecycled: 8,
    FileMoved: 5,
  }),
  { weight: 34, perform: (scene, visit) => pageViewed(scene, visit, usualSite(scene, visit)) },
  {
    weight: 8,
    perform: (scene, visit) =>
      searchPerformed(scene, visit, scene.prng.pick(scene.company.sites), scene.prng.pick(searches)),
  },
  {
    weight: 8,
    perform: (scene, visit) => sharing(scene, visit, usualDocument(scene, visit), sharedWith(scene)),
  },
  {
    weight: 20,
    perform: (scene, visit) =>
      listOperation(
        scene,
        visit,
        scene.prng.pick(['ListViewed', 'ListItemViewed', 'ListItemUpdated', 'ListUpdated']),
        scene.prng.pick(scene.company.sites),
      ),
  },
  { weight: 6, perform: (scene, visit) => commentCreated(scene, visit, usualDocument(scene, visit)) },
];

export const workAppActivities: readonly Activity[] = [
  {
    weight: 50,
    perform: (scene, visit) =>
      channelMessage(
        scene,
        visit,
        scene.prng.pick(['MessageSent', 'MessageSent', 'ReactedToMessage', 'MessageUpdated']),
        scene.prng.pick(scene.company.teams),
      ),
  },
  { weight: 30, perform: teamsSessionStarted },
  {
    weight: 5,
    perform: (scene, visit) =>
      teamMemberAdded(
        scene,
        visit,
        scene.prng.pick(scene.company.teams),
        scene.prng.pick(scene.company.staff),
      ),
  },
  {
    weight: 16,
    perform: (scene, visit) =>
      powerBiReport(
        scene,
        visit,
        scene.prng.pick(['ViewReport', 'ViewReport', 'ViewDashboard', 'ExportReport']),
        scene.prng.pick(['Margin by product', 'Orders this week', 'Working hours']),
      ),
  },
  {
    weight: 8,
    perform: (scene, visit) =>
      flowChange(scene, visit, scene.prng.pick(['CreateFlow', 'EditFlow', 'PutPermissions'])),
  },
  { weight: 16, perform: (scene, visit) => copilotInteraction(scene, visit, usualDocument(scene, visit)) },
];

/** A document from a site where this person usually works. */
const usualDocument = (scene: Scene, visit: PersonalVisit): SiteDocument => {
  const site = usualSite(scene, visit);
  return { site, document: scene.prng.pick(site.documents) };
};

const usualSite = ({ company, prng }: Scene, { actor }: PersonalVisit): Site => {
  const own = company.sites.find((site) => site.title.startsWith(actor.department));
  if (prng.chance(0.35)) return oneDriveOf(company, actor);
  return own !== undefined && prng.chance(0.6) ? own : prng.pick(company.sites);
};

const sharedWith = ({ company, prng }: Scene): Parameters<typeof sharing>[3] => {
  const guest = `${prng.pick(['m.weber', 'orders', 'j.smith'])}@${prng.pick(company.partnerDomains)}`;
  return prng.pick([
    { operation: 'SharingSet', eventData: '<Permissions granted>Contribute</Permissions granted>' },
    { operation: 'CompanyLinkCreated', eventData: '<Type>View</Type>' },
    {
      operation: 'AddedToSecureLink',
      eventData: '<Type>Edit</Type>',
      recipient: { name: guest, type: 'Guest' as const },
    },
  ]);
};

const searches = ['holiday request', 'price list 2026', 'template letter', 'org chart', 'Überstunden'];

function fileOperations(weights: Readonly<Record<string, number>>): readonly Activity[] {
  return Object.entries(weights).map(([operation, weight]) => ({
    weight,
    perform: (scene, visit) => fileOperation(scene, visit, operation, usualDocument(scene, visit)),
  }));
}
