/** Activity without people: Microsoft's services, sync accounts, alerts, DLP. */
import type { AuditEvent, Scene, Visit } from '../audit-event.ts';
import { outsider, type Actor, type Person } from '../company.ts';
import { createPrng } from '../prng.ts';
import { documentMatched, mailMatched } from '../records/dlp.ts';
import { directoryChange, inList, modified, userTarget } from '../records/entra.ts';
import { recipientPath, systemCmdlet } from '../records/exchange-admin.ts';
import { alertTriggered, mailThreat } from '../records/security.ts';
import { fileOperation } from '../records/sharepoint.ts';
import type { ServiceActivity } from './activity.ts';

export const serviceActivities: readonly ServiceActivity[] = [
  { weight: 40, occur: (scene, at) => mailboxMaintained(scene, at) },
  { weight: 10, occur: (scene, at) => maintenanceWithoutParameters(scene, at) },
  { weight: 34, occur: (scene, at) => directoryMaintained(scene, at) },
  { weight: 8, occur: (scene, at) => certificateRenewed(scene, at) },
  { weight: 16, occur: (scene, at) => mailThreat(scene, at, anyone(scene), scene.prng.pick(lures)) },
  {
    weight: 8,
    occur: (scene, at) => alertTriggered(scene, at, { ...scene.prng.pick(alerts), about: anyone(scene) }),
  },
  { weight: 9, occur: (scene, at) => anyDocumentMatched(scene, at) },
  { weight: 9, occur: (scene, at) => mailMatched(scene, at, anyone(scene), outsideAddress(scene)) },
  { weight: 12, occur: (scene, at) => touchedByService(scene, at) },
];

/** The Entra operation whose name contains an en dash and ends with a space. */
export const certificateRenewed = (scene: Scene, at: Date): AuditEvent => {
  const { prng } = scene;
  const service = directoryService('Azure AD Application Proxy');
  const target = { type: 'Application', id: prng.guid(), name: 'Time recording' } as const;
  return directoryChange(scene, serviceVisit(at, service), {
    operation: 'Update application – Certificates and secrets management ',
    category: 'ApplicationManagement',
    target,
    modified: [
      modified('KeyDescription', inList(`[KeyIdentifier=${prng.guid()},KeyType=X509,KeyUsage=Verify]`), '[]'),
      modified('Included Updated Properties', inList('KeyDescription')),
    ],
  });
};

/** A cmdlet whose Parameters is an empty string instead of a list. */
export const maintenanceWithoutParameters = (scene: Scene, at: Date): AuditEvent =>
  systemCmdlet(scene, at, {
    name: scene.prng.pick([
      'Install-DefaultSharingPolicy',
      'Enable-AddressListPaging',
      'Set-TenantObjectVersion',
    ]),
    objectId: scene.company.onMicrosoftDomain,
    parameters: '',
  });

const mailboxMaintained = (scene: Scene, at: Date): AuditEvent => {
  const identity = recipientPath(scene, anyone(scene).mailboxId);
  return systemCmdlet(scene, at, {
    name: scene.prng.pick(['Set-Mailbox', 'Set-Mailbox', 'Set-User', 'Set-ConditionalAccessPolicy']),
    objectId: identity,
    parameters: {
      Identity: identity,
      Force: 'True',
      ProhibitSendQuota: '99 GB (106,300,440,576 bytes)',
      ProhibitSendReceiveQuota: '100 GB (107,374,182,400 bytes)',
      RecoverableItemsQuota: '30 GB (32,212,254,720 bytes)',
      UseDatabaseQuotaDefaults: 'False',
    },
  });
};

const directoryMaintained = (scene: Scene, at: Date): AuditEvent => {
  const service = directoryService('Microsoft Substrate Management');
  return directoryChange(scene, serviceVisit(at, service), {
    operation: scene.prng.pick(['Update user.', 'Update user.', 'Change user license.', 'Update device.']),
    category: 'User',
    target: userTarget(anyone(scene)),
    modified: [
      modified(
        'AssignedPlan',
        inList(`SubscribedPlanId=${scene.prng.guid()}; ServiceInstance=exchange/eur`),
        '[]',
      ),
      modified('AccountEnabled', inList(true), inList(true)),
      modified('Included Updated Properties', 'AssignedPlan'),
      modified('TargetId.UserType', 'Member'),
    ],
  });
};

const touchedByService = (scene: Scene, at: Date): AuditEvent => {
  const site = scene.prng.pick(scene.company.sites);
  const actor = outsider(scene.prng.pick(['app@sharepoint', 'SHAREPOINT\\system']), 5, 'S-1-0-0');
  const document = scene.prng.pick(site.documents);
  return fileOperation(scene, serviceVisit(at, actor), 'FileModifiedExtended', { site, document });
};

const anyDocumentMatched = (scene: Scene, at: Date): AuditEvent => {
  const site = scene.prng.pick(scene.company.sites);
  return documentMatched(scene, at, anyone(scene), { site, document: scene.prng.pick(site.documents) });
};

const serviceVisit = (at: Date, actor: Actor): Visit => ({
  at,
  actor,
  address: '',
  userAgent: 'Microsoft ADO.NET Data Services',
});

/** The same ID in every record of the demo, but not one of a real tenant. */
const directoryService = (displayName: string): Actor => {
  const directoryId = createPrng(displayName).guid();
  return { ...outsider(`ServicePrincipal_${directoryId}`, 4, 'Not Available'), displayName, directoryId };
};

const anyone = ({ company, prng }: Scene): Person => prng.pick(company.people);

const outsideAddress = ({ company, prng }: Scene): string => `accounts@${prng.pick(company.partnerDomains)}`;

const lures = [
  'Your parcel could not be delivered',
  'Überweisung bestätigen',
  'Voice message (0:43)',
  'Payroll update',
];

const alerts = [
  {
    name: 'Email messages containing malicious URL removed after delivery',
    severity: 'Informational',
    category: 'ThreatManagement',
    cause: 'MailZapped',
  },
  {
    name: 'Unusual volume of file deletion',
    severity: 'Medium',
    category: 'DataGovernance',
    cause: 'FileRecycled',
  },
  { name: 'Messages have been delayed', severity: 'High', category: 'MailFlow', cause: 'MailDelayed' },
] as const;
