/** Story, Fabrikam: a salesman copies a whole SharePoint site the evening before he leaves. */
import { officeVisit, type AuditEvent, type PersonalVisit, type Scene } from '../audit-event.ts';
import { later } from '../calendar.ts';
import { personNamed, siteTitled } from '../company.ts';
import { applications, directoryChange, inList, modified, signIn, userTarget } from '../records/entra.ts';
import { alertTriggered } from '../records/security.ts';
import { fileOperation, searchPerformed, sharing, type SiteDocument } from '../records/sharepoint.ts';

/** The person who leaves. */
export const leaverName = 'Tobias Renner';

/** A colleague whose password he knows. */
export const lenderName = 'Ines Calder';

/** From this time on, the leaver's account is inactive. */
export const departureOf = ({ calendar }: Scene): Date => calendar.workdayAt(4, '08:30');

/** The evening of the fifth working day before today, and the morning after. */
export const leaverTakesSite = (scene: Scene): readonly AuditEvent[] => {
  const evening = scene.calendar.workdayAt(5, '19:05');
  return [
    ...looksAround(scene, evening),
    ...copiesTheSite(scene, later(evening, 14)),
    ...sharesTheRest(scene, later(evening, 118)),
    ...usesAnotherAccount(scene, later(evening, 132)),
    ...accountIsClosed(scene, departureOf(scene)),
  ];
};

const looksAround = (scene: Scene, evening: Date): readonly AuditEvent[] => {
  const site = salesSite(scene);
  const queries = ['price list', 'customer contacts', 'margin', 'framework contract'];
  return [
    signIn(scene, fromHome(scene, evening), { applicationId: applications.sharePointOnline }),
    ...queries.map((query, step) =>
      searchPerformed(scene, fromHome(scene, later(evening, 2 + 3 * step)), site, query),
    ),
  ];
};

/** Most of the site in the browser, the rest by the sync client. */
const copiesTheSite = (scene: Scene, begin: Date): readonly AuditEvent[] =>
  salesDocuments(scene).map((where, index) => {
    const operation = index < 160 ? 'FileDownloaded' : 'FileSyncDownloadedFull';
    const at = later(begin, index * 0.5 + scene.prng.next() * 0.4);
    return fileOperation(scene, fromHome(scene, at), operation, where);
  });

const sharesTheRest = (scene: Scene, begin: Date): readonly AuditEvent[] => {
  const [first] = salesDocuments(scene);
  if (first === undefined) return [];
  return [
    sharing(scene, fromHome(scene, begin), first, {
      operation: 'AnonymousLinkCreated',
      eventData: '<Type>Edit</Type><ExpirationDate></ExpirationDate>',
    }),
    alertTriggered(scene, later(begin, 9), {
      name: 'Unusual volume of external file sharing',
      severity: 'Medium',
      category: 'DataLossPrevention',
      about: leaver(scene),
      cause: 'FileDownloaded',
    }),
  ];
};

/** What his own account does not reach, from the same address. */
const usesAnotherAccount = (scene: Scene, begin: Date): readonly AuditEvent[] => {
  const site = siteTitled(scene.company, 'Finance');
  const visit = (at: Date): PersonalVisit => ({
    ...officeVisit(scene, personNamed(scene.company, lenderName), at),
    address: leaver(scene).homeAddress,
  });
  return [
    signIn(scene, visit(begin), { applicationId: applications.sharePointOnline }),
    ...site.documents
      .slice(0, 18)
      .map((document, index) =>
        fileOperation(scene, visit(later(begin, 2 + index * 0.7)), 'FileDownloaded', { site, document }),
      ),
  ];
};

const accountIsClosed = (scene: Scene, morning: Date): readonly AuditEvent[] => {
  const admin = personNamed(scene.company, 'Jonas Lindqvist');
  const target = userTarget(leaver(scene));
  return [
    directoryChange(scene, officeVisit(scene, admin, morning), {
      operation: 'Disable account.',
      category: 'UserManagement',
      target,
      modified: [modified('AccountEnabled', inList(false), inList(true))],
    }),
    directoryChange(scene, officeVisit(scene, admin, later(morning, 95)), {
      operation: 'Delete user.',
      category: 'UserManagement',
      target,
      modified: [modified('Is Hard Deleted', inList(false))],
    }),
  ];
};

const leaver = ({ company }: Scene) => personNamed(company, leaverName);
const salesSite = ({ company }: Scene) => siteTitled(company, 'Sales');

const salesDocuments = (scene: Scene): readonly SiteDocument[] => {
  const site = salesSite(scene);
  return site.documents.map((document) => ({ site, document }));
};

const fromHome = (scene: Scene, at: Date): PersonalVisit => ({
  ...officeVisit(scene, leaver(scene), at),
  address: leaver(scene).homeAddress,
});
