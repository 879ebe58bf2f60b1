/** The everyday work of administrators, varied enough that a month of it makes an interesting table. */
import { officeVisit, type AuditEvent, type PersonalVisit, type Scene, type Visit } from '../audit-event.ts';
import type { Person } from '../company.ts';
import { applications, directoryChange, inList, modified, signIn, userTarget } from '../records/entra.ts';
import { cmdlet, recipientPath } from '../records/exchange-admin.ts';
import { complianceCmdlet, contentSearch } from '../records/security.ts';
import { teamMemberAdded } from '../records/work-apps.ts';
import { later } from '../calendar.ts';
import type { Activity } from './activity.ts';
import { documentActivities } from './collaboration.ts';
import { mailActivities } from './mail-and-sign-ins.ts';

/** About thirty to forty-five records of one administrator, every kind of task at least once. */
export const administratorsMonth = (scene: Scene, administrator: Person): readonly AuditEvent[] => {
  const { prng, calendar } = scene;
  const tasks = Array.from({ length: prng.int(10, 24) }, () => prng.weighted(administrativeTasks));
  return [...administrativeTasks, ...tasks].map((task) =>
    task.perform(scene, officeVisit(scene, administrator, calendar.businessMoment(prng))),
  );
};

/** What an automation with administrative rights does every working night: two records each. */
export const automationsMonth = (scene: Scene, nights: number): readonly AuditEvent[] => {
  const { automation } = scene.company;
  if (automation === undefined) return [];
  return Array.from({ length: nights }, (_, night) => {
    const at = later(scene.calendar.workdayAt(night + 1, '02:00'), scene.prng.int(0, 20));
    return automationsNight(scene, {
      at,
      actor: automation,
      address: '198.51.100.5',
      userAgent: 'BackupAgent/4.2',
    });
  }).flat();
};

const automationsNight = (scene: Scene, visit: Visit): readonly AuditEvent[] => {
  const target = someone(scene);
  return [
    directoryChange(scene, visit, {
      operation: 'Update user.',
      category: 'User',
      target: userTarget(target),
      modified: [modified('ExtensionAttribute7', inList('backup=on'), '[]')],
    }),
    cmdlet(scene, visit, {
      name: 'Set-Mailbox',
      objectId: recipientPath(scene, target.mailboxId),
      parameters: { Identity: target.mailboxId, LitigationHoldEnabled: 'True' },
    }),
  ];
};

const someone = ({ company, prng }: Scene): Person => prng.pick(company.staff);

const userChange =
  (operation: string, property: string, values: readonly [string, string]): Activity['perform'] =>
  (scene, visit) =>
    directoryChange(scene, visit, {
      operation,
      category: 'User',
      target: userTarget(someone(scene)),
      modified: [
        modified(property, inList(values[0]), inList(values[1])),
        modified('Included Updated Properties', property),
        modified('TargetId.UserType', 'Member'),
      ],
    });

const groupMemberAdded: Activity['perform'] = (scene, visit) => {
  const team = scene.prng.pick(scene.company.teams);
  return directoryChange(scene, visit, {
    operation: 'Add member to group.',
    category: 'GroupManagement',
    target: userTarget(someone(scene)),
    modified: [
      modified('Group.ObjectID', inList(team.groupId)),
      modified('Group.DisplayName', inList(team.name)),
    ],
  });
};

const mailboxChange =
  (name: string, parameters: Readonly<Record<string, string>>): Activity['perform'] =>
  (scene, visit) => {
    const mailbox = someone(scene);
    return cmdlet(scene, visit, {
      name,
      objectId: recipientPath(scene, mailbox.mailboxId),
      parameters: { Identity: mailbox.userId, ...parameters },
      failed: scene.prng.chance(0.08),
    });
  };

const organizationChange =
  (name: string, parameters: Readonly<Record<string, string>> | ''): Activity['perform'] =>
  (scene, visit) =>
    cmdlet(scene, visit, { name, objectId: scene.company.onMicrosoftDomain, parameters });

const portalSignIn = (scene: Scene, visit: PersonalVisit): AuditEvent =>
  signIn(scene, visit, { applicationId: applications.azurePortal });

const sharedMailboxRight = { User: 'reception', AccessRights: 'FullAccess', AutoMapping: 'False' };

const administrativeTasks: readonly Activity[] = [
  { weight: 20, perform: portalSignIn },
  { weight: 8, perform: userChange('Update user.', 'JobTitle', ['Team lead', 'Specialist']) },
  { weight: 6, perform: userChange('Reset user password.', 'StrongAuthenticationMethod', ['6', '0']) },
  { weight: 3, perform: userChange('Change user license.', 'AssignedLicense', ['E5', 'E3']) },
  { weight: 5, perform: groupMemberAdded },
  { weight: 4, perform: mailboxChange('Set-Mailbox', { MaxSendSize: '50 MB (52,428,800 bytes)' }) },
  { weight: 3, perform: mailboxChange('Set-CASMailbox', { ImapEnabled: 'False', PopEnabled: 'False' }) },
  { weight: 2, perform: mailboxChange('Add-MailboxPermission', sharedMailboxRight) },
  {
    weight: 2,
    perform: organizationChange('New-TransportRule', {
      Name: 'Mark external mail',
      FromScope: 'NotInOrganization',
    }),
  },
  { weight: 1, perform: organizationChange('Enable-OrganizationCustomization', '') },
  { weight: 3, perform: (scene, visit) => complianceCmdlet(scene, visit, 'Get-DlpCompliancePolicy') },
  {
    weight: 1,
    perform: (scene, visit) =>
      complianceCmdlet(
        scene,
        visit,
        'New-RetentionCompliancePolicy',
        '-Name "Seven years" -ExchangeLocation "All"',
      ),
  },
  {
    weight: 2,
    perform: (scene, visit) =>
      contentSearch(scene, visit, 'SearchStarted', {
        name: 'Supplier dispute',
        query: 'subject:"delivery" AND sent>=2026',
      }),
  },
  {
    weight: 3,
    perform: (scene, visit) =>
      teamMemberAdded(scene, visit, scene.prng.pick(scene.company.teams), someone(scene)),
  },
  { weight: 6, perform: (scene, visit) => scene.prng.weighted(documentActivities).perform(scene, visit) },
  { weight: 5, perform: (scene, visit) => scene.prng.weighted(mailActivities).perform(scene, visit) },
];
