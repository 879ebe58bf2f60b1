/** Story, Fabrikam: a global administrator grants herself access to the CEO's mailbox, uses it, and covers her tracks. */
import { officeVisit, type AuditEvent, type Scene } from '../audit-event.ts';
import { later } from '../calendar.ts';
import { personNamed } from '../company.ts';
import { applications, directoryChange, modified, signIn, userTarget } from '../records/entra.ts';
import { cmdlet, recipientPath } from '../records/exchange-admin.ts';
import { itemAction, mailItemsAccessed } from '../records/exchange-mailbox.ts';
import { alertTriggered } from '../records/security.ts';

/** Late on the eighth working day before today; the promotion follows two working days later. */
export const adminReadsCeo = (scene: Scene): readonly AuditEvent[] => {
  const begin = scene.calendar.workdayAt(8, '18:40');
  return [
    ...grantsHerselfAccess(scene, begin),
    ...readsTheMail(scene, later(begin, 12)),
    writesAsTheCeo(scene, later(begin, 31)),
    ...hidesTheTraces(scene, later(begin, 44)),
    promotesHerColleague(scene, scene.calendar.workdayAt(6, '17:55')),
  ];
};

const grantsHerselfAccess = (scene: Scene, at: Date): readonly AuditEvent[] => {
  const { admin, ceo } = cast(scene);
  const visit = officeVisit(scene, admin, at);
  return [
    signIn(scene, visit, { applicationId: applications.exchangePowerShell }),
    cmdlet(scene, officeVisit(scene, admin, later(at, 2)), {
      name: 'Add-MailboxPermission',
      objectId: recipientPath(scene, ceo.mailboxId),
      parameters: {
        Identity: ceo.userId,
        User: admin.userId,
        AccessRights: 'FullAccess',
        InheritanceType: 'All',
        AutoMapping: 'False',
      },
    }),
    alertTriggered(scene, later(at, 4), {
      name: 'Elevation of Exchange admin privilege',
      severity: 'Low',
      category: 'AccessGovernance',
      about: admin,
      cause: 'GrantAdminPermission',
    }),
  ];
};

/** LogonType 2, and the UserId is not the MailboxOwnerUPN: exactly what an investigator looks for. */
const readsTheMail = (scene: Scene, begin: Date): readonly AuditEvent[] => {
  const { admin, ceo } = cast(scene);
  return ['\\Inbox', '\\Inbox', '\\Inbox\\Board', '\\Inbox\\Board', '\\Sent Items', '\\Inbox\\Personal'].map(
    (folder, step) => {
      const visit = officeVisit(scene, admin, later(begin, 3 * step));
      return mailItemsAccessed(scene, visit, { owner: ceo, logonType: 2 }, folder);
    },
  );
};

const writesAsTheCeo = (scene: Scene, at: Date): AuditEvent => {
  const { admin, ceo } = cast(scene);
  return itemAction(
    scene,
    officeVisit(scene, admin, at),
    { owner: ceo, logonType: 2 },
    {
      operation: 'SendAs',
      item: { subject: 'Bonus round: please pay out this week', folder: '\\Sent Items' },
      extra: { SendAsUserMailboxGuid: ceo.mailboxId, SendAsUserSmtp: ceo.userId },
    },
  );
};

const hidesTheTraces = (scene: Scene, at: Date): readonly AuditEvent[] => {
  const { admin, ceo } = cast(scene);
  return [
    cmdlet(scene, officeVisit(scene, admin, at), {
      name: 'Set-Mailbox',
      objectId: recipientPath(scene, ceo.mailboxId),
      parameters: { Identity: ceo.userId, AuditEnabled: 'False' },
    }),
    cmdlet(scene, officeVisit(scene, admin, later(at, 3)), {
      name: 'Remove-MailboxPermission',
      objectId: recipientPath(scene, ceo.mailboxId),
      parameters: { Identity: ceo.userId, User: admin.userId, AccessRights: 'FullAccess', Confirm: 'False' },
    }),
  ];
};

const promotesHerColleague = (scene: Scene, at: Date): AuditEvent => {
  const { admin, colleague } = cast(scene);
  return directoryChange(scene, officeVisit(scene, admin, at), {
    operation: 'Add member to role.',
    category: 'RoleManagement',
    target: userTarget(colleague),
    modified: [
      modified('Role.ObjectID', '7d20c4f1-5be6-4a83-9c37-1e0f6ad4b8c2'),
      modified('Role.DisplayName', 'Global Administrator'),
      modified('Role.TemplateId', '62e90394-69f5-4237-9190-012177145e10'),
      modified('Role.WellKnownObjectName', 'TenantAdmins'),
    ],
  });
};

const cast = ({ company }: Scene) => ({
  admin: personNamed(company, 'Marta Kowal'),
  ceo: personNamed(company, 'Helena Brandt'),
  colleague: personNamed(company, 'Ravi Menon'),
});
